/// @file
/// Lists of calls that use each other's answers: one round trip sets up a whole machine.

#pragma once

#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "tagvisor/call.h"
#include "tagvisor/error.h"

namespace tagvisor {

namespace detail {
class Session;
struct BatchState;
}  // namespace detail

/// The answer of a call of a batch: stands for it in later calls, and has it once the batch is submitted.
class Pending {
 public:
  Pending(std::shared_ptr<detail::BatchState> batch, std::uint32_t index) : batch_(std::move(batch)), index_(index) {}

  /// What the call returned; throws the call's error where it failed.
  std::int64_t value() const;
  /// The same as an address.
  std::uint64_t address() const { return static_cast<std::uint64_t>(value()); }
  /// The bytes that the call answered.
  BytesView data() const;
  /// The struct that the call filled in.
  template <UapiStruct T>
  T as() const {
    T value{};
    const BytesView bytes = data();
    std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof(T)));
    return value;
  }
  /// Why the call failed.
  std::optional<KvmError> error() const;

  /// The answer, for later calls of the batch.
  Ref ref() const { return member(0, 0); }
  operator Ref() const { return ref(); }
  operator Fd() const { return ref(); }
  operator Address() const { return ref(); }
  /// A member of the struct that the call will answer.
  template <UapiStruct T, std::integral M>
  Ref member(M T::*member_of) const {
    return member(offset_of(member_of), sizeof(M));
  }

 private:
  Ref member(std::uint32_t offset, std::uint32_t width) const;

  std::shared_ptr<detail::BatchState> batch_;
  std::uint32_t index_;
};

/// A list of calls in the making. Nothing travels before `submit`.
class Batch {
 public:
  explicit Batch(std::shared_ptr<detail::Session> session);

  /// Enters any call of `calls`.
  Pending add(Call call);

  Pending openat(std::string_view path, std::uint64_t flags = LINUX_O_RDWR | LINUX_O_CLOEXEC) {
    return add(calls::openat(path, flags));
  }
  Pending close(const Fd& fd) { return add(calls::close(fd)); }
  Pending mmap(const MmapOptions& options) { return add(calls::mmap(options)); }
  Pending munmap(const Address& at, std::uint64_t length) { return add(calls::munmap(at, length)); }
  Pending memfd_create(std::string_view name, std::uint64_t flags = 0) { return add(calls::memfd_create(name, flags)); }
  Pending ftruncate(const Fd& fd, std::int64_t length) { return add(calls::ftruncate(fd, length)); }
  Pending eventfd(std::uint32_t initval = 0, std::uint64_t flags = 0) { return add(calls::eventfd2(initval, flags)); }
  Pending read_memory(const Address& at, std::uint64_t length) { return add(calls::process_vm_readv(at, length)); }
  Pending write_memory(const Address& at, BytesView bytes) { return add(calls::process_vm_writev(at, bytes)); }
  Pending ioctl(const Fd& fd, std::uint32_t request, const Address& value = 0) {
    return add(calls::ioctl(fd, request, value));
  }
  template <UapiStruct T>
  Pending ioctl(const Fd& fd, std::uint32_t request, const T& arg, std::initializer_list<Patch> patches = {}) {
    return add(calls::ioctl(fd, request, arg, std::span(patches.begin(), patches.size())));
  }

  /// How many calls it has.
  std::size_t size() const;

  /// Sends the calls, to stop at the first that fails, and leaves the waiting to `submit`: so several batches of a
  /// process are under way at once.
  void send();
  /// Makes the calls in one message; at the first that fails it stops and throws that call's error.
  void submit();
  /// Makes all the calls in one message; each failure waits in its own `Pending::error`.
  void submit_all();

 private:
  void send(bool stop_at_error);
  void receive();

  std::shared_ptr<detail::BatchState> state_;
};

}  // namespace tagvisor
