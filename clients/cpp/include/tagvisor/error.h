/// @file
/// What a failed call becomes: an exception that says what refused it.

#pragma once

#include <grpcpp/support/status.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace tagvisor {

/// The error numbers of arm64 Linux, whatever the host's are; they compare equal to std::errc.
const std::error_category& errno_category() noexcept;

/// A system call of the emulated process failed.
class KvmError : public std::system_error {
 public:
  KvmError(std::string call, int number, std::string rule = {}, std::optional<std::uint64_t> completed = {});

  const char* what() const noexcept override { return text_.c_str(); }
  /// 22.
  int number() const noexcept { return code().value(); }
  /// "EINVAL".
  std::string name() const { return code().message(); }
  /// The call: "KVM_ARM_MTE_COPY_TAGS", "mmap".
  const std::string& call() const noexcept { return call_; }
  /// The check that refused; empty where the process's trace does not have it, or nobody asked.
  const std::string& rule() const noexcept { return rule_; }
  /// Of a streamed copy: the bytes of memory done before.
  std::optional<std::uint64_t> completed() const noexcept { return completed_; }

 private:
  std::string call_;
  std::string rule_;
  std::optional<std::uint64_t> completed_;
  std::string text_;
};

/// A call could not be attempted: an unknown process, a quota, no connection.
class RpcError : public std::runtime_error {
 public:
  RpcError(std::string_view method, const grpc::Status& status);

  grpc::StatusCode code() const noexcept { return code_; }

 private:
  grpc::StatusCode code_;
};

}  // namespace tagvisor
