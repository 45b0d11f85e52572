/// @file
/// Makes the calls of one process, for all objects of it.

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "pipeline.h"
#include "rules.h"
#include "tagvisor/call.h"
#include "transport.h"

namespace tagvisor::detail {

class Session {
 public:
  Session(std::shared_ptr<Transport> transport, std::uint64_t process)
      : transport(transport), process(process), pipeline_(transport, process), rules_(transport, process) {}

  /// Makes a call; throws KvmError where it fails.
  kvm::v1::SyscallResult call(Call call);
  /// Makes calls in one message; answers what each of them answered, failures too.
  kvm::v1::SyscallsResponse list(std::vector<Call>& list, bool stop_at_error);
  /// Sends calls in one message, for `receive`.
  std::shared_ptr<Pipeline::Slot> send(std::vector<Call>& list, bool stop_at_error);
  kvm::v1::SyscallsResponse receive(const std::shared_ptr<Pipeline::Slot>& slot) { return pipeline_.receive(slot); }
  /// Makes a call about whose answer nobody asks; does nothing once the process has exited.
  void post(Call call) noexcept;
  /// A call whose struct points at `size` bytes of scratch memory, which are set before and read after it.
  Bytes with_buffer(std::size_t size, BytesView before, const std::function<Call(std::uint64_t address)>& request);
  /// Memory of the process for buffers that structs point at. All calls share it: one that uses it must write and read
  /// it in its own list.
  std::uint64_t scratch(std::size_t size);

  /// The error of a failed call, with the rule that refused it.
  KvmError failure(std::string name, const Failure& failure, std::optional<std::uint64_t> completed = {});
  /// The same, with what the trace said at the last time.
  KvmError known_failure(std::string name, const Failure& failure, std::optional<std::uint64_t> completed = {}) const;
  void refresh_rules();
  /// The result of a call that went another way than the stream; throws KvmError where it failed.
  template <class Response>
  std::int64_t check(std::string name, std::string trace, std::vector<std::optional<std::uint64_t>> args,
                     const Response& response) {
    if (response.error() == kvm::v1::ERRNO_UNSPECIFIED) return response.ret();
    throw failure(std::move(name), {std::move(trace), std::move(args), response.error()});
  }

  /// No call is made from now on, and the stream ends once all is answered.
  void end();

  const std::shared_ptr<Transport> transport;
  const std::uint64_t process;
  std::atomic<bool> exited = false;

 private:
  Pipeline pipeline_;
  Rules rules_;
  std::mutex scratch_mutex_;
  std::uint64_t scratch_address_ = 0;
  std::size_t scratch_size_ = 0;
};

inline Failure failure_of(const Call& call, int error) { return {call.trace, call.args, error}; }

}  // namespace tagvisor::detail
