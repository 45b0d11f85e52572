/// @file
/// The `Syscalls` stream of one process.

#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "transport.h"

namespace tagvisor::detail {

/// Puts lists of calls on the stream in order. It opens with the first list, and again after an error ended it.
///
/// It needs no thread: of those who wait for an answer one reads, also for the others, until its own is there. So a
/// program with one thread waits in the read itself, and several share the stream.
class Pipeline {
 public:
  struct Slot;

  Pipeline(std::shared_ptr<Transport> transport, std::uint64_t process)
      : transport_(std::move(transport)), process_(process) {}
  ~Pipeline();

  /// Sends a list; its answer may be left unread.
  std::shared_ptr<Slot> send(kvm::v1::SyscallsRequest request);
  /// Waits for the answer of a list; throws RpcError where the stream ended before.
  kvm::v1::SyscallsResponse receive(const std::shared_ptr<Slot>& slot);
  /// Waits until all is answered, and ends the stream.
  void end();

 private:
  struct Stream;

  void read(std::unique_lock<std::mutex>& lock, Stream& stream);

  const std::shared_ptr<Transport> transport_;
  const std::uint64_t process_;
  /// Held by who writes; taken before `mutex_`.
  std::mutex writing_;
  std::mutex mutex_;
  std::condition_variable read_;
  std::shared_ptr<Stream> stream_;
};

}  // namespace tagvisor::detail
