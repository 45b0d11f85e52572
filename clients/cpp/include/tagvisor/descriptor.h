/// @file
/// Open descriptors of the process: what all kinds have in common, and those that are no KVM object.

#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <stop_token>

#include "tagvisor/call.h"
#include "tagvisor/mapping.h"

namespace tagvisor {

/// What a request answers to raw bytes.
struct IoctlAnswer {
  std::int64_t ret;
  /// The struct as the call left it.
  Bytes data;
};

/// An open descriptor. Its destruction closes it, in the order of the process's calls and without waiting.
class Descriptor {
 public:
  Descriptor(std::shared_ptr<detail::Session> session, int fd);
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int fd() const { return fd_; }
  operator Fd() const { return fd_; }

  /// A request whose argument is a number, or an address in the process.
  std::int64_t ioctl(std::uint32_t request, std::uint64_t value = 0) const;
  /// A request that reads a struct.
  template <UapiStruct T>
  std::int64_t ioctl(std::uint32_t request, const T& arg) const {
    return ioctl_bytes(request, bytes_of(arg)).ret;
  }
  /// A request that fills a struct in.
  template <UapiStruct T>
  std::int64_t ioctl(std::uint32_t request, T& arg) const {
    const IoctlAnswer answer = ioctl_bytes(request, bytes_of(arg));
    std::memcpy(&arg, answer.data.data(), std::min(answer.data.size(), sizeof(T)));
    return answer.ret;
  }
  /// A request with any bytes as its struct.
  IoctlAnswer ioctl_bytes(std::uint32_t request, BytesView bytes) const;

  /// Maps what the descriptor stands for.
  Mapping mmap(MmapOptions options) const;
  /// Another descriptor for the same open file; returns its number.
  int dup() const;
  std::int64_t fcntl(int command, std::uint64_t arg = 0) const;

  /// Closes it now; throws where the kernel refuses.
  void close();
  /// Leaves it open, and to the caller.
  int release();

 protected:
  /// Makes a request whose struct points at a buffer of `size` bytes; `before` stands there first, and what stands
  /// there afterwards is returned.
  Bytes with_buffer(std::size_t size, BytesView before,
                    const std::function<Call(std::uint64_t address)>& request) const;
  bool succeeds(Call call) const;
  const std::shared_ptr<detail::Session>& session() const { return session_; }

 private:
  void drop() noexcept;

  std::shared_ptr<detail::Session> session_;
  int fd_;
};

/// Whatever has attributes: devices, vCPUs, VMs.
class AttributedDescriptor : public Descriptor {
 public:
  using Descriptor::Descriptor;

  /// Sets an attribute that takes no value.
  void set_device_attr(std::uint32_t group, std::uint64_t attr) const;
  /// Sets an attribute to a number of 64 bits.
  void set_device_attr(std::uint32_t group, std::uint64_t attr, std::uint64_t value) const;
  /// Sets an attribute to a struct's bytes.
  void set_device_attr(std::uint32_t group, std::uint64_t attr, BytesView bytes) const;
  /// Reads an attribute; `before` stands at its place for those that look at it.
  std::uint64_t get_device_attr(std::uint32_t group, std::uint64_t attr, std::uint64_t before = 0) const;
  /// Whether there is such an attribute.
  bool has_device_attr(std::uint32_t group, std::uint64_t attr) const;
};

/// An open file that is read and written: a memfd, the statistics of a VM.
class OpenFile : public Descriptor {
 public:
  using Descriptor::Descriptor;

  Bytes read(std::uint64_t count) const;
  std::int64_t write(BytesView data) const;
  /// Reads at a position, which the file's own does not follow.
  Bytes pread(std::uint64_t count, std::int64_t position) const;
  /// Writes at a position, which the file's own does not follow.
  std::int64_t pwrite(BytesView data, std::int64_t position) const;
  std::int64_t seek(std::int64_t offset, int whence) const;
  void truncate(std::int64_t length) const;
};

/// A counter that can be given to KVM.
class Eventfd : public Descriptor {
 public:
  using Descriptor::Descriptor;

  /// Takes the counter's value, and waits while it is 0. Stopping throws RpcError with CANCELLED; Process::kill ends it
  /// with EINTR.
  std::uint64_t read(std::stop_token stop = {}) const;
  /// Adds to the counter.
  void write(std::uint64_t value) const;
};

}  // namespace tagvisor
