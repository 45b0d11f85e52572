/// @file
/// The emulated process that a client drives: its descriptors, its memory, its end.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kvm/v1/inspect_service.pb.h"
#include "kvm/v1/memory_service.pb.h"
#include "tagvisor/batch.h"
#include "tagvisor/copy.h"
#include "tagvisor/descriptor.h"
#include "tagvisor/kvm.h"
#include "tagvisor/mapping.h"

namespace tagvisor {

/// An emulated process. Its calls are made in order, whichever thread they come from. Its destruction ends it.
class Process {
 public:
  Process(std::shared_ptr<detail::Session> session, int pid, std::string kernel);
  Process(Process&&) noexcept = default;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  /// What names it to the server. Whoever has it, and the token, can drive the process.
  std::uint64_t handle() const;
  /// Its process id in the emulated host; 0 where it was attached by its handle alone.
  int pid() const { return pid_; }
  /// The kernel it runs under.
  const std::string& kernel() const { return kernel_; }

  /// Makes a call of `calls`; throws KvmError where it fails.
  kvm::v1::SyscallResult call(Call call) const;
  /// A list of calls in the making, for one round trip.
  Batch batch() const { return Batch(session_); }
  /// What batches found, as objects: `process.adopt<Vm>(vm.value())`.
  template <class T>
  T adopt(std::int64_t fd) const {
    return T(session_, static_cast<int>(fd));
  }
  Mapping adopt_mapping(std::uint64_t address, std::uint64_t length) const { return {session_, address, length}; }

  /// Opens a file of the emulated host.
  OpenFile open(std::string_view path, std::uint64_t flags = LINUX_O_RDWR | LINUX_O_CLOEXEC) const;
  /// Opens /dev/kvm.
  Kvm open_kvm() const;
  /// A file in memory, which several mappings can share.
  OpenFile memfd(std::string_view name, std::int64_t size, std::uint64_t flags = 0) const;
  /// A counter that wakes who reads it.
  Eventfd eventfd(std::uint32_t initval = 0, std::uint64_t flags = 0) const;
  /// Descriptors made from now on are below `limit`.
  void limit_descriptors(std::uint64_t limit) const;

  /// Maps memory; by default private memory of its own, to be read and written.
  Mapping mmap(const MmapOptions& options) const;
  /// Bytes of the process's memory.
  Bytes read(std::uint64_t address, std::uint64_t length) const;
  /// Writes all the bytes to the process's memory.
  void write(std::uint64_t address, BytesView data) const;
  /// The process's memory, chunk by chunk.
  ReadStream read_memory(std::uint64_t address, std::uint64_t length, CopyOptions options = {}) const;
  /// Writes to the process's memory; returns how many bytes.
  std::uint64_t write_memory(std::uint64_t address, const Source& source, const CopyOptions& options = {}) const;
  /// How the pages of a range are backed, in runs of pages that are alike.
  std::vector<kvm::v1::PageRun> page_flags(std::uint64_t address, std::uint64_t length) const;
  /// Tags of the process's own memory, as LDG reads them, or the signal that this would get.
  kvm::v1::LoadTagsResponse load_tags(std::uint64_t address, std::uint64_t length) const;
  /// Writes tags of the process's own memory, as STG does; returns the signal that it would get.
  kvm::v1::Signal store_tags(std::uint64_t address, BytesView tags) const;
  /// One load by the process itself, or a store of `store`: the value, or the signal it would get.
  kvm::v1::AccessResponse access(std::uint64_t address, std::uint32_t width,
                                 std::optional<std::uint64_t> store = {}) const;
  /// Tagged addresses and the process's own tag checks.
  std::int64_t prctl(int option, std::uint64_t arg = 0) const;

  /// A child with a copy of the memory and the descriptors, or with CLONE_VM 0x100 and CLONE_FILES 0x400 the same ones.
  Process fork(std::uint64_t flags = 0) const;
  /// Sends a signal: what sleeps in the process, or runs a guest for it, ends with EINTR.
  void kill() const;
  /// Keeps it alive for another lease, as every call and every open stream does too; returns the seconds.
  std::uint32_t renew() const;
  /// Its calls as the kernel saw them, with the rule behind each refusal.
  std::vector<kvm::v1::TraceEntry> trace(std::uint64_t since = 0) const;
  /// Ends the process: its memory goes, then its descriptors. Objects of it that are left do nothing any more.
  void exit();
  /// Leaves the process to its lease, and its descriptors open.
  void detach();

 private:
  void drop() noexcept;

  std::shared_ptr<detail::Session> session_;
  int pid_;
  std::string kernel_;
};

}  // namespace tagvisor
