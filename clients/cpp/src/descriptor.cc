#include "tagvisor/descriptor.h"

#include <utility>

#include "session.h"

namespace tagvisor {

namespace {

Bytes bytes(const std::string& data) { return {data.begin(), data.end()}; }

std::uint64_t number(const Bytes& data) {
  std::uint64_t value = 0;
  std::memcpy(&value, data.data(), std::min(data.size(), sizeof(value)));
  return value;
}

BytesView view(const std::uint64_t& value) { return {reinterpret_cast<const std::uint8_t*>(&value), sizeof(value)}; }

}  // namespace

Descriptor::Descriptor(std::shared_ptr<detail::Session> session, int fd) : session_(std::move(session)), fd_(fd) {}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : session_(std::move(other.session_)), fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this == &other) return *this;
  drop();
  session_ = std::move(other.session_);
  fd_ = std::exchange(other.fd_, -1);
  return *this;
}

Descriptor::~Descriptor() { drop(); }

void Descriptor::drop() noexcept {
  if (session_ && fd_ >= 0) session_->post(calls::close(fd_));
}

std::int64_t Descriptor::ioctl(std::uint32_t request, std::uint64_t value) const {
  return session_->call(calls::ioctl(fd_, request, Address(value))).ret();
}

IoctlAnswer Descriptor::ioctl_bytes(std::uint32_t request, BytesView argument) const {
  const kvm::v1::SyscallResult result = session_->call(calls::ioctl(fd_, request, argument));
  return {result.ret(), bytes(result.data())};
}

Mapping Descriptor::mmap(MmapOptions options) const {
  options.fd = fd_;
  return {session_, static_cast<std::uint64_t>(session_->call(calls::mmap(options)).ret()), options.length};
}

int Descriptor::dup() const { return static_cast<int>(session_->call(calls::dup(fd_)).ret()); }

std::int64_t Descriptor::fcntl(int command, std::uint64_t arg) const {
  return session_->call(calls::fcntl(fd_, command, arg)).ret();
}

void Descriptor::close() {
  if (fd_ >= 0) session_->call(calls::close(release()));
}

int Descriptor::release() { return std::exchange(fd_, -1); }

Bytes Descriptor::with_buffer(std::size_t size, BytesView before,
                              const std::function<Call(std::uint64_t address)>& request) const {
  return session_->with_buffer(size, before, request);
}

bool Descriptor::succeeds(Call call) const {
  std::vector<Call> list;
  list.push_back(std::move(call));
  return session_->list(list, false).results(0).error() == kvm::v1::ERRNO_UNSPECIFIED;
}

void AttributedDescriptor::set_device_attr(std::uint32_t group, std::uint64_t attr) const {
  ioctl(KVM_SET_DEVICE_ATTR, kvm_device_attr{.group = group, .attr = attr});
}

void AttributedDescriptor::set_device_attr(std::uint32_t group, std::uint64_t attr, std::uint64_t value) const {
  set_device_attr(group, attr, view(value));
}

void AttributedDescriptor::set_device_attr(std::uint32_t group, std::uint64_t attr, BytesView value) const {
  with_buffer(value.size(), value, [&](std::uint64_t addr) {
    return calls::ioctl(fd(), KVM_SET_DEVICE_ATTR, kvm_device_attr{.group = group, .attr = attr, .addr = addr});
  });
}

std::uint64_t AttributedDescriptor::get_device_attr(std::uint32_t group, std::uint64_t attr,
                                                    std::uint64_t before) const {
  return number(with_buffer(sizeof(before), view(before), [&](std::uint64_t addr) {
    return calls::ioctl(fd(), KVM_GET_DEVICE_ATTR, kvm_device_attr{.group = group, .attr = attr, .addr = addr});
  }));
}

bool AttributedDescriptor::has_device_attr(std::uint32_t group, std::uint64_t attr) const {
  return succeeds(calls::ioctl(fd(), KVM_HAS_DEVICE_ATTR, kvm_device_attr{.group = group, .attr = attr}));
}

Bytes OpenFile::read(std::uint64_t count) const { return bytes(session()->call(calls::read(fd(), count)).data()); }

std::int64_t OpenFile::write(BytesView data) const { return session()->call(calls::write(fd(), data)).ret(); }

Bytes OpenFile::pread(std::uint64_t count, std::int64_t position) const {
  return bytes(session()->call(calls::pread(fd(), count, position)).data());
}

std::int64_t OpenFile::pwrite(BytesView data, std::int64_t position) const {
  return session()->call(calls::pwrite(fd(), data, position)).ret();
}

std::int64_t OpenFile::seek(std::int64_t offset, int whence) const {
  return session()->call(calls::lseek(fd(), offset, whence)).ret();
}

void OpenFile::truncate(std::int64_t length) const { session()->call(calls::ftruncate(fd(), length)); }

std::uint64_t Eventfd::read(std::stop_token stop) const {
  // It may sleep, so it must not stand in the way of other calls.
  kvm::v1::ReadRequest request;
  request.set_process(session()->process);
  request.set_fd(fd());
  request.set_count(8);
  grpc::ClientContext context;
  const std::stop_callback cancel(stop, [&context] { context.TryCancel(); });
  const kvm::v1::ReadResponse response = session()->transport->call(
      context, "SyscallService.Read", session()->transport->syscalls, &kvm::v1::SyscallService::Stub::Read, request);
  session()->check("read", "read", {static_cast<std::uint64_t>(fd())}, response);
  return number(bytes(response.data()));
}

void Eventfd::write(std::uint64_t value) const { session()->call(calls::write(fd(), view(value))); }

}  // namespace tagvisor
