#include "tagvisor/process.h"

#include "copy.h"
#include "session.h"

namespace tagvisor {

namespace {

constexpr int kRlimitNofile = 7;
/// How long a process that is destroyed may take to end.
constexpr auto kExitTime = std::chrono::seconds(5);

}  // namespace

Process::Process(std::shared_ptr<detail::Session> session, int pid, std::string kernel)
    : session_(std::move(session)), pid_(pid), kernel_(std::move(kernel)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  drop();
  session_ = std::move(other.session_);
  pid_ = other.pid_;
  kernel_ = std::move(other.kernel_);
  return *this;
}

Process::~Process() { drop(); }

void Process::drop() noexcept {
  try {
    if (session_) exit();
  } catch (...) {
    // There is nothing left to give back, or the process's lease does it.
  }
}

std::uint64_t Process::handle() const { return session_->process; }

kvm::v1::SyscallResult Process::call(Call call) const { return session_->call(std::move(call)); }

OpenFile Process::open(std::string_view path, std::uint64_t flags) const {
  return adopt<OpenFile>(call(calls::openat(path, flags)).ret());
}

Kvm Process::open_kvm() const { return adopt<Kvm>(call(calls::openat("/dev/kvm")).ret()); }

OpenFile Process::memfd(std::string_view name, std::int64_t size, std::uint64_t flags) const {
  Batch batch = this->batch();
  const Pending fd = batch.memfd_create(name, flags);
  batch.ftruncate(fd, size);
  batch.submit();
  return adopt<OpenFile>(fd.value());
}

Eventfd Process::eventfd(std::uint32_t initval, std::uint64_t flags) const {
  return adopt<Eventfd>(call(calls::eventfd2(initval, flags)).ret());
}

void Process::limit_descriptors(std::uint64_t limit) const { call(calls::prlimit(kRlimitNofile, limit)); }

Mapping Process::mmap(const MmapOptions& options) const {
  return adopt_mapping(static_cast<std::uint64_t>(call(calls::mmap(options)).ret()), options.length);
}

Bytes Process::read(std::uint64_t address, std::uint64_t length) const {
  return detail::read_bytes(session_, address, length);
}

void Process::write(std::uint64_t address, BytesView data) const { detail::write_bytes(*session_, address, data); }

ReadStream Process::read_memory(std::uint64_t address, std::uint64_t length, CopyOptions options) const {
  return detail::read_memory(session_, address, length, std::move(options));
}

std::uint64_t Process::write_memory(std::uint64_t address, const Source& source, const CopyOptions& options) const {
  return detail::write_memory(*session_, address, source, options);
}

std::vector<kvm::v1::PageRun> Process::page_flags(std::uint64_t address, std::uint64_t length) const {
  kvm::v1::PageFlagsRequest request;
  request.set_process(handle());
  request.set_address(address);
  request.set_length(length);
  grpc::ClientContext context;
  session_->transport->authorize(context);
  const auto reader = session_->transport->inspect.PageFlags(&context, request);
  std::vector<kvm::v1::PageRun> runs;
  for (kvm::v1::PageFlagsResponse response; reader->Read(&response);) {
    runs.insert(runs.end(), response.runs().begin(), response.runs().end());
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) throw RpcError("InspectService.PageFlags", status);
  return runs;
}

kvm::v1::LoadTagsResponse Process::load_tags(std::uint64_t address, std::uint64_t length) const {
  kvm::v1::LoadTagsRequest request;
  request.set_process(handle());
  request.set_address(address);
  request.set_length(length);
  const auto& transport = session_->transport;
  return transport->call("MemoryService.LoadTags", transport->memory, &kvm::v1::MemoryService::Stub::LoadTags, request);
}

kvm::v1::Signal Process::store_tags(std::uint64_t address, BytesView tags) const {
  kvm::v1::StoreTagsRequest request;
  request.set_process(handle());
  request.set_address(address);
  request.set_tags(tags.data(), tags.size());
  const auto& transport = session_->transport;
  return transport
      ->call("MemoryService.StoreTags", transport->memory, &kvm::v1::MemoryService::Stub::StoreTags, request)
      .signal();
}

kvm::v1::AccessResponse Process::access(std::uint64_t address, std::uint32_t width,
                                        std::optional<std::uint64_t> store) const {
  kvm::v1::AccessRequest request;
  request.set_process(handle());
  request.set_address(address);
  request.set_width(width);
  request.set_write(store.has_value());
  request.set_value(store.value_or(0));
  const auto& transport = session_->transport;
  return transport->call("MemoryService.Access", transport->memory, &kvm::v1::MemoryService::Stub::Access, request);
}

std::int64_t Process::prctl(int option, std::uint64_t arg) const { return call(calls::prctl(option, arg)).ret(); }

Process Process::fork(std::uint64_t flags) const {
  kvm::v1::ForkRequest request;
  request.set_process(handle());
  request.set_flags(flags);
  const auto& transport = session_->transport;
  const kvm::v1::ForkResponse response =
      transport->call("SyscallService.Fork", transport->syscalls, &kvm::v1::SyscallService::Stub::Fork, request);
  const std::int64_t pid = session_->check("clone", "clone", {}, response);
  return {std::make_shared<detail::Session>(transport, response.child()), static_cast<int>(pid), kernel_};
}

void Process::kill() const {
  kvm::v1::KillRequest request;
  request.set_process(handle());
  const auto& transport = session_->transport;
  session_->check(
      "kill", "kill", {},
      transport->call("SyscallService.Kill", transport->syscalls, &kvm::v1::SyscallService::Stub::Kill, request));
}

std::uint32_t Process::renew() const {
  kvm::v1::RenewRequest request;
  request.set_process(handle());
  const auto& transport = session_->transport;
  return transport->call("SyscallService.Renew", transport->syscalls, &kvm::v1::SyscallService::Stub::Renew, request)
      .lease_seconds();
}

std::vector<kvm::v1::TraceEntry> Process::trace(std::uint64_t since) const {
  kvm::v1::TraceRequest request;
  request.set_process(handle());
  request.set_since(since);
  grpc::ClientContext context;
  session_->transport->authorize(context);
  const auto reader = session_->transport->inspect.Trace(&context, request);
  std::vector<kvm::v1::TraceEntry> entries;
  for (kvm::v1::TraceResponse response; reader->Read(&response);) {
    entries.insert(entries.end(), response.entries().begin(), response.entries().end());
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) throw RpcError("InspectService.Trace", status);
  return entries;
}

void Process::exit() {
  if (session_->exited) return;
  session_->end();
  kvm::v1::ExitRequest request;
  request.set_process(handle());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kExitTime);
  const auto& transport = session_->transport;
  transport->call(context, "SyscallService.Exit", transport->syscalls, &kvm::v1::SyscallService::Stub::Exit, request);
}

void Process::detach() { session_->end(); }

}  // namespace tagvisor
