#include <algorithm>
#include <array>

#include "names.h"
#include "tagvisor/call.h"

namespace tagvisor::calls {

namespace {

/// A call whose names are one and the same.
Call make(std::string name, std::vector<std::optional<std::uint64_t>> args = {}) {
  return {name, name, std::move(args), {}};
}

/// How the trace has a descriptor that is known already.
std::optional<std::uint64_t> known(const Fd& fd) {
  if (fd.ref()) return std::nullopt;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(fd.number()));
}

/// Names the descriptor, or says whose answer it is.
template <class Request>
void set_fd(Call& call, Request* request, const Fd& fd) {
  request->set_fd(fd.number());
  if (fd.ref()) *call.message.mutable_fd_from() = fd.ref()->link;
}

void link_address(Call& call, const Address& address) {
  if (address.ref()) *call.message.mutable_address_from() = address.ref()->link;
}

template <class Request>
void set_address(Call& call, Request* request, const Address& address) {
  request->set_address(address.value());
  link_address(call, address);
}

std::string ioctl_name(std::uint32_t request) {
  const std::string_view name = names::ioctl(request);
  if (!name.empty()) return std::string(name);
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "ioctl 0x%08x", request);
  return text.data();
}

}  // namespace

Call openat(std::string_view path, std::uint64_t flags, std::uint32_t mode) {
  Call call = make("openat");
  auto* request = call.message.mutable_openat();
  request->set_path(std::string(path));
  request->set_flags(flags);
  request->set_mode(mode);
  return call;
}

Call close(const Fd& fd) {
  Call call = make("close", {known(fd)});
  set_fd(call, call.message.mutable_close(), fd);
  return call;
}

Call dup(const Fd& fd) {
  Call call = make("dup", {known(fd)});
  set_fd(call, call.message.mutable_dup(), fd);
  return call;
}

Call fcntl(const Fd& fd, int command, std::uint64_t arg) {
  Call call = make("fcntl", {known(fd)});
  auto* request = call.message.mutable_fcntl();
  set_fd(call, request, fd);
  request->set_command(command);
  request->set_arg(arg);
  return call;
}

Call poll(std::span<const kvm::v1::PollFd> fds) {
  Call call = make("poll");
  auto* request = call.message.mutable_poll();
  request->mutable_fds()->Add(fds.begin(), fds.end());
  return call;
}

Call prlimit(int resource, std::uint64_t limit) {
  Call call = make("prlimit64");
  auto* request = call.message.mutable_prlimit();
  request->set_resource(resource);
  request->set_limit(limit);
  return call;
}

Call read(const Fd& fd, std::uint64_t count) {
  Call call = make("read", {known(fd)});
  auto* request = call.message.mutable_read();
  set_fd(call, request, fd);
  request->set_count(count);
  return call;
}

Call write(const Fd& fd, BytesView bytes) {
  Call call = make("write", {known(fd)});
  auto* request = call.message.mutable_write();
  set_fd(call, request, fd);
  request->set_data(bytes.data(), bytes.size());
  return call;
}

Call pread(const Fd& fd, std::uint64_t count, std::int64_t position) {
  Call call = make("pread64", {known(fd)});
  auto* request = call.message.mutable_pread();
  set_fd(call, request, fd);
  request->set_count(count);
  request->set_position(position);
  return call;
}

Call pwrite(const Fd& fd, BytesView bytes, std::int64_t position) {
  Call call = make("pwrite64", {known(fd)});
  auto* request = call.message.mutable_pwrite();
  set_fd(call, request, fd);
  request->set_position(position);
  request->set_data(bytes.data(), bytes.size());
  return call;
}

Call lseek(const Fd& fd, std::int64_t offset, int whence) {
  Call call = make("lseek", {known(fd)});
  auto* request = call.message.mutable_lseek();
  set_fd(call, request, fd);
  request->set_offset(offset);
  request->set_whence(whence);
  return call;
}

Call ftruncate(const Fd& fd, std::int64_t length) {
  Call call = make("ftruncate", {known(fd)});
  auto* request = call.message.mutable_ftruncate();
  set_fd(call, request, fd);
  request->set_length(length);
  return call;
}

Call mmap(const MmapOptions& options) {
  Call call = make("mmap");
  const bool anonymous = !options.fd.ref() && options.fd.number() == -1;
  auto* request = call.message.mutable_mmap();
  set_fd(call, request, options.fd);
  set_address(call, request, options.address);
  request->set_length(options.length);
  request->set_prot(options.prot);
  request->set_flags(options.flags.value_or(anonymous ? LINUX_MAP_PRIVATE | LINUX_MAP_ANONYMOUS : LINUX_MAP_SHARED));
  request->set_offset(options.offset);
  return call;
}

Call munmap(const Address& address, std::uint64_t length) {
  Call call = make("munmap");
  auto* request = call.message.mutable_munmap();
  set_address(call, request, address);
  request->set_length(length);
  return call;
}

Call mprotect(const Address& address, std::uint64_t length, std::uint64_t prot) {
  Call call = make("mprotect");
  auto* request = call.message.mutable_mprotect();
  set_address(call, request, address);
  request->set_length(length);
  request->set_prot(prot);
  return call;
}

Call madvise(const Address& address, std::uint64_t length, int advice) {
  Call call = make("madvise");
  auto* request = call.message.mutable_madvise();
  set_address(call, request, address);
  request->set_length(length);
  request->set_advice(advice);
  return call;
}

Call memfd_create(std::string_view name, std::uint64_t flags) {
  Call call = make("memfd_create");
  auto* request = call.message.mutable_memfd_create();
  request->set_name(std::string(name));
  request->set_flags(flags);
  return call;
}

Call eventfd2(std::uint32_t initval, std::uint64_t flags) {
  Call call = make("eventfd2");
  auto* request = call.message.mutable_eventfd2();
  request->set_initval(initval);
  request->set_flags(flags);
  return call;
}

Call prctl(int option, std::uint64_t arg) {
  Call call = make("prctl", {static_cast<std::uint64_t>(option)});
  auto* request = call.message.mutable_prctl();
  request->set_option(option);
  request->set_arg2(arg);
  return call;
}

Call process_vm_readv(const Address& address, std::uint64_t length) {
  Call call = make("process_vm_readv");
  auto* request = call.message.mutable_process_vm_readv();
  set_address(call, request, address);
  request->set_length(length);
  return call;
}

Call process_vm_writev(const Address& address, BytesView bytes) {
  Call call = make("process_vm_writev");
  auto* request = call.message.mutable_process_vm_writev();
  set_address(call, request, address);
  request->set_data(bytes.data(), bytes.size());
  return call;
}

Call ioctl(const Fd& fd, std::uint32_t request, const Address& value) {
  Call call{ioctl_name(request), "ioctl", {known(fd), request}, {}};
  auto* message = call.message.mutable_ioctl();
  set_fd(call, message, fd);
  message->set_request(request);
  message->set_value(value.value());
  link_address(call, value);
  return call;
}

Call ioctl(const Fd& fd, std::uint32_t request, BytesView bytes, std::span<const Patch> patches) {
  Call call{ioctl_name(request), "ioctl", {known(fd), request}, {}};
  auto* message = call.message.mutable_ioctl();
  set_fd(call, message, fd);
  message->set_request(request);
  message->set_data(bytes.data(), bytes.size());
  for (const Patch& patch : patches) {
    auto* added = call.message.add_patches();
    added->set_offset(patch.offset);
    added->set_width(patch.width);
    *added->mutable_value() = patch.value.link;
    added->set_addend(patch.value.addend);
  }
  return call;
}

}  // namespace tagvisor::calls
