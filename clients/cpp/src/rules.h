/// @file
/// Which check refused a call: what the process's trace says of its last failures.

#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "transport.h"

namespace tagvisor::detail {

/// What a failed call looks like in the trace.
struct Failure {
  std::string trace;
  std::vector<std::optional<std::uint64_t>> args;
  int error;
};

/// Reads on in one process's trace when something has failed.
class Rules {
 public:
  Rules(std::shared_ptr<Transport> transport, std::uint64_t process)
      : transport_(std::move(transport)), process_(process) {}

  /// Takes in what the trace has since the last time; that it cannot be read is no error.
  void refresh();
  /// The rule behind a failure; empty where the trace does not have it any more.
  std::string find(const Failure& failure) const;

 private:
  const std::shared_ptr<Transport> transport_;
  const std::uint64_t process_;
  mutable std::mutex mutex_;
  std::uint64_t since_ = 0;
  std::deque<kvm::v1::TraceEntry> failures_;
};

}  // namespace tagvisor::detail
