#include "tagvisor/kvm.h"

#include <array>
#include <cstdio>

#include "copy.h"
#include "names.h"
#include "session.h"

namespace tagvisor {

namespace {

/// Room for registers that KVM_GET_REG_LIST is first asked with.
constexpr std::uint64_t kRegisters = 512;
/// Registers in one list of calls.
constexpr std::size_t kRegistersInList = 500;

int fd_of(std::int64_t ret) { return static_cast<int>(ret); }

}  // namespace

Vm Kvm::create_vm(std::uint64_t type) const { return {session(), fd_of(ioctl(KVM_CREATE_VM, type))}; }

Vcpu Vm::create_vcpu(std::uint64_t id) const { return {session(), fd_of(ioctl(KVM_CREATE_VCPU, id))}; }

kvm_vcpu_init Vm::arm_preferred_target() const {
  kvm_vcpu_init init{};
  ioctl(KVM_ARM_PREFERRED_TARGET, init);
  return init;
}

ReadStream Vm::read_tags(std::uint64_t guest_ipa, std::uint64_t length, CopyOptions options) const {
  return detail::read_tags(session(), fd(), guest_ipa, length, std::move(options));
}

std::uint64_t Vm::write_tags(std::uint64_t guest_ipa, const Source& source, const CopyOptions& options) const {
  return detail::write_tags(*session(), fd(), guest_ipa, source, options);
}

Device Vm::create_device(std::uint32_t type, std::uint32_t flags) const {
  kvm_create_device device{.type = type, .flags = flags};
  ioctl(KVM_CREATE_DEVICE, device);
  return {session(), fd_of(device.fd)};
}

bool Vm::has_device(std::uint32_t type) const {
  const kvm_create_device device{.type = type, .flags = KVM_CREATE_DEVICE_TEST};
  return succeeds(calls::ioctl(fd(), KVM_CREATE_DEVICE, device));
}

Bytes Vm::get_dirty_log(std::uint32_t slot, std::uint64_t pages) const {
  return with_buffer((pages + 63) / 64 * 8, {}, [&](std::uint64_t address) {
    kvm_dirty_log log{};
    log.slot = slot;
    log.dirty_bitmap = address;
    return calls::ioctl(fd(), KVM_GET_DIRTY_LOG, log);
  });
}

void Vm::clear_dirty_log(std::uint32_t slot, std::uint64_t first_page, std::uint32_t num_pages,
                         BytesView bitmap) const {
  with_buffer(bitmap.size(), bitmap, [&](std::uint64_t address) {
    kvm_clear_dirty_log log{};
    log.slot = slot;
    log.num_pages = num_pages;
    log.first_page = first_page;
    log.dirty_bitmap = address;
    return calls::ioctl(fd(), KVM_CLEAR_DIRTY_LOG, log);
  });
}

void Vm::irq_line(std::uint32_t irq, std::uint32_t level) const {
  kvm_irq_level line{};
  line.irq = irq;
  line.level = level;
  ioctl(KVM_IRQ_LINE, line);
}

void Vm::set_gsi_routing(std::span<const kvm_irq_routing_entry> entries, std::uint32_t flags) const {
  const kvm_irq_routing routing{.nr = static_cast<std::uint32_t>(entries.size()), .flags = flags};
  const BytesView head = bytes_of(routing);
  Bytes bytes(head.begin(), head.end());
  const auto* tail = reinterpret_cast<const std::uint8_t*>(entries.data());
  bytes.insert(bytes.end(), tail, tail + entries.size_bytes());
  ioctl_bytes(KVM_SET_GSI_ROUTING, bytes);
}

OpenFile Vm::create_guest_memfd(const kvm_create_guest_memfd& memfd) const {
  return {session(), fd_of(ioctl(KVM_CREATE_GUEST_MEMFD, memfd))};
}

// ---- vCPU

/// KVM_RUN sleeps as long as the guest runs: a stream of its own for each vCPU. A request enters, a response is an
/// exit. It opens with the first run, and again after it broke.
class Vcpu::RunStream {
 public:
  RunStream(std::shared_ptr<detail::Session> session, int fd) : session_(std::move(session)), fd_(fd) {}

  ~RunStream() {
    if (!stream_) return;
    stream_->call->WritesDone();
    stream_->context.TryCancel();
    stream_->call->Finish();
  }

  kvm::v1::RunResponse run(const RunOptions& options) {
    if (!stream_) open();
    kvm::v1::RunRequest request;
    request.set_process(session_->process);
    request.set_fd(fd_);
    if (options.immediate_exit) request.set_immediate_exit(*options.immediate_exit);
    if (options.mmio_data) request.set_mmio_data(options.mmio_data->data(), options.mmio_data->size());
    kvm::v1::RunResponse response;
    {
      const std::stop_callback cancel(options.stop, [this] { stream_->context.TryCancel(); });
      stream_->call->Write(request);
      if (stream_->call->Read(&response)) return response;
    }
    const grpc::Status status = stream_->call->Finish();
    stream_.reset();
    throw RpcError("KvmService.Run",
                   status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server ended the run") : status);
  }

 private:
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderWriter<kvm::v1::RunRequest, kvm::v1::RunResponse>> call;
  };

  void open() {
    stream_ = std::make_unique<Stream>();
    session_->transport->authorize(stream_->context);
    stream_->call = session_->transport->kvm.Run(&stream_->context);
  }

  const std::shared_ptr<detail::Session> session_;
  const int fd_;
  std::unique_ptr<Stream> stream_;
};

Vcpu::Vcpu(std::shared_ptr<detail::Session> session, int fd) : AttributedDescriptor(std::move(session), fd) {}
Vcpu::Vcpu(Vcpu&&) noexcept = default;
Vcpu& Vcpu::operator=(Vcpu&&) noexcept = default;
Vcpu::~Vcpu() = default;

void Vcpu::arm_vcpu_finalize(std::uint32_t feature) const {
  const BytesView bytes(reinterpret_cast<const std::uint8_t*>(&feature), sizeof(feature));
  ioctl_bytes(KVM_ARM_VCPU_FINALIZE, bytes);
}

std::vector<std::uint64_t> Vcpu::get_reg_list() const {
  for (std::uint64_t room = kRegisters;;) {
    Bytes list(8 * (1 + room));
    std::memcpy(list.data(), &room, 8);
    std::vector<Call> calls{calls::ioctl(fd(), KVM_GET_REG_LIST, BytesView(list))};
    const kvm::v1::SyscallsResponse response = session()->list(calls, false);
    const kvm::v1::SyscallResult& result = response.results(0);
    std::uint64_t count = 0;
    std::memcpy(&count, result.data().data(), std::min<std::size_t>(8, result.data().size()));
    if (result.error() == kvm::v1::ERRNO_UNSPECIFIED) {
      std::vector<std::uint64_t> ids(count);
      std::memcpy(ids.data(), result.data().data() + 8, 8 * count);
      return ids;
    }
    if (result.error() != kvm::v1::ERRNO_E2BIG || count <= room) {
      throw session()->failure(calls[0].name, detail::failure_of(calls[0], result.error()));
    }
    room = count;
  }
}

std::uint64_t Vcpu::get_one_reg(std::uint64_t id) const {
  if (register_size(id) > sizeof(std::uint64_t)) throw std::range_error(register_name(id) + " has more than 64 bits");
  const Bytes bytes = get_one_reg_bytes(id);
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return value;
}

Bytes Vcpu::get_one_reg_bytes(std::uint64_t id) const {
  return with_buffer(register_size(id), {}, [&](std::uint64_t address) {
    return calls::ioctl(fd(), KVM_GET_ONE_REG, kvm_one_reg{.id = id, .addr = address});
  });
}

std::vector<Bytes> Vcpu::get_regs(std::span<const std::uint64_t> ids) const {
  std::vector<Bytes> values;
  values.reserve(ids.size());
  while (!ids.empty()) {
    const auto some = ids.first(std::min(ids.size(), kRegistersInList));
    ids = ids.subspan(some.size());
    std::size_t size = 0;
    for (const std::uint64_t id : some) size += register_size(id);
    const std::uint64_t address = session()->scratch(size);
    Batch batch(session());
    std::size_t offset = 0;
    for (const std::uint64_t id : some) {
      batch.ioctl(fd(), KVM_GET_ONE_REG, kvm_one_reg{.id = id, .addr = address + offset});
      offset += register_size(id);
    }
    const Pending all = batch.read_memory(address, size);
    batch.submit();
    offset = 0;
    for (const std::uint64_t id : some) {
      const BytesView value = all.data().subspan(offset, register_size(id));
      values.emplace_back(value.begin(), value.end());
      offset += value.size();
    }
  }
  return values;
}

void Vcpu::set_one_reg(std::uint64_t id, std::uint64_t value) const {
  Bytes bytes(register_size(id));
  std::memcpy(bytes.data(), &value, std::min(bytes.size(), sizeof(value)));
  set_one_reg(id, BytesView(bytes));
}

void Vcpu::set_one_reg(std::uint64_t id, BytesView value) const {
  with_buffer(value.size(), value, [&](std::uint64_t address) {
    return calls::ioctl(fd(), KVM_SET_ONE_REG, kvm_one_reg{.id = id, .addr = address});
  });
}

std::uint32_t Vcpu::get_mp_state() const {
  kvm_mp_state state{};
  ioctl(KVM_GET_MP_STATE, state);
  return state.mp_state;
}

kvm_vcpu_events Vcpu::get_vcpu_events() const {
  kvm_vcpu_events events{};
  ioctl(KVM_GET_VCPU_EVENTS, events);
  return events;
}

kvm::v1::KvmRun Vcpu::run(const RunOptions& options) {
  if (!run_stream_) run_stream_ = std::make_unique<RunStream>(session(), fd());
  kvm::v1::RunResponse response = run_stream_->run(options);
  session()->check("KVM_RUN", "ioctl", {static_cast<std::uint64_t>(fd()), KVM_RUN}, response);
  return std::move(*response.mutable_run());
}

bool Vcpu::fault_in(std::uint64_t guest_ipa, bool write, bool exec) const {
  kvm::v1::FaultInRequest request;
  request.set_process(session()->process);
  request.set_fd(fd());
  request.set_guest_ipa(guest_ipa);
  request.set_write(write);
  request.set_exec(exec);
  const auto& transport = session()->transport;
  const kvm::v1::FaultInResponse response =
      transport->call("InspectService.FaultIn", transport->inspect, &kvm::v1::InspectService::Stub::FaultIn, request);
  return session()->check("FaultIn", "fault_in", {}, response) == 0;
}

std::string register_name(std::uint64_t id) {
  const std::string_view name = names::reg(id);
  if (!name.empty()) return std::string(name);
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "0x%016llx", static_cast<unsigned long long>(id));
  return text.data();
}

}  // namespace tagvisor
