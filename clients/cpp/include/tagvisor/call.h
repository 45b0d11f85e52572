/// @file
/// System calls as values: what travels, what an error calls them, and how the trace will show them.

#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kvm/v1/syscall_service.pb.h"
#include "tagvisor/uapi.h"

namespace tagvisor {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// A struct that may be the argument of an ioctl.
template <class T>
concept UapiStruct = is_uapi_struct<T>;

/// The bytes of a struct, as the kernel sees them.
template <UapiStruct T>
BytesView bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)};
}

/// Where a member is in its struct.
template <class T, class M>
std::uint32_t offset_of(M T::*member) {
  static const T object{};
  return static_cast<std::uint32_t>(reinterpret_cast<const char*>(&(object.*member)) -
                                    reinterpret_cast<const char*>(&object));
}

/// A number that an earlier call of the same batch will answer.
struct Ref {
  kvm::v1::Link link;
  std::uint64_t addend = 0;

  /// The number and `offset`: an address inside a mapping.
  Ref plus(std::uint64_t offset) const { return {link, addend + offset}; }
};

/// A descriptor, known or to come.
class Fd {
 public:
  Fd(int number) : number_(number) {}
  Fd(Ref ref) : ref_(std::move(ref)) {}

  int number() const { return number_; }
  const std::optional<Ref>& ref() const { return ref_; }

 private:
  int number_ = -1;
  std::optional<Ref> ref_;
};

/// An address in the process, or an argument that is a number; known or to come.
class Address {
 public:
  template <std::integral N>
  Address(N value) : value_(static_cast<std::uint64_t>(value)) {}
  Address(Ref ref) : value_(ref.addend), ref_(std::move(ref)) {}

  /// The number; of a reference, what is added to it.
  std::uint64_t value() const { return value_; }
  const std::optional<Ref>& ref() const { return ref_; }

 private:
  std::uint64_t value_ = 0;
  std::optional<Ref> ref_;
};

/// Puts the answer of an earlier call into a struct.
struct Patch {
  std::uint32_t offset;
  std::uint32_t width;
  Ref value;
};

/// `patch(&kvm_userspace_memory_region::userspace_addr, ram)`.
template <UapiStruct T, std::integral M>
Patch patch(M T::*member, Ref value) {
  return {offset_of(member), sizeof(M), std::move(value)};
}

/// One system call, not made yet.
struct Call {
  /// What an error calls it: "KVM_RUN", "mmap".
  std::string name;
  /// Its name in the trace.
  std::string trace;
  /// The arguments, from the first on, that tell it from others in the trace.
  std::vector<std::optional<std::uint64_t>> args;
  kvm::v1::Syscall message;
};

/// What to map; by default private memory of its own, or a file shared, to be read and written.
struct MmapOptions {
  std::uint64_t length = 0;
  std::uint64_t prot = LINUX_PROT_READ | LINUX_PROT_WRITE;
  std::optional<std::uint64_t> flags = {};
  Fd fd = -1;
  std::uint64_t offset = 0;
  Address address = 0;
};

/// The system calls.
namespace calls {

Call openat(std::string_view path, std::uint64_t flags = LINUX_O_RDWR | LINUX_O_CLOEXEC, std::uint32_t mode = 0);
Call close(const Fd& fd);
Call dup(const Fd& fd);
Call fcntl(const Fd& fd, int command, std::uint64_t arg);
/// Answers 2 bytes of revents for each.
Call poll(std::span<const kvm::v1::PollFd> fds);
Call prlimit(int resource, std::uint64_t limit);
Call read(const Fd& fd, std::uint64_t count);
Call write(const Fd& fd, BytesView bytes);
Call pread(const Fd& fd, std::uint64_t count, std::int64_t position);
Call pwrite(const Fd& fd, BytesView bytes, std::int64_t position);
Call lseek(const Fd& fd, std::int64_t offset, int whence);
Call ftruncate(const Fd& fd, std::int64_t length);
Call mmap(const MmapOptions& options);
Call munmap(const Address& address, std::uint64_t length);
Call mprotect(const Address& address, std::uint64_t length, std::uint64_t prot);
Call madvise(const Address& address, std::uint64_t length, int advice);
Call memfd_create(std::string_view name, std::uint64_t flags = 0);
Call eventfd2(std::uint32_t initval = 0, std::uint64_t flags = 0);
Call prctl(int option, std::uint64_t arg);
Call process_vm_readv(const Address& address, std::uint64_t length);
Call process_vm_writev(const Address& address, BytesView bytes);
/// The argument is a number, or an address in the process.
Call ioctl(const Fd& fd, std::uint32_t request, const Address& value = 0);
/// The argument is a struct, which is placed in the process's memory for the call.
Call ioctl(const Fd& fd, std::uint32_t request, BytesView bytes, std::span<const Patch> patches = {});

template <UapiStruct T>
Call ioctl(const Fd& fd, std::uint32_t request, const T& arg, std::span<const Patch> patches = {}) {
  return ioctl(fd, request, bytes_of(arg), patches);
}

}  // namespace calls

}  // namespace tagvisor
