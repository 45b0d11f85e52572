#include "session.h"

namespace tagvisor::detail {

namespace {

constexpr std::size_t kScratchBytes = 64 << 10;

}  // namespace

kvm::v1::SyscallResult Session::call(Call call) {
  kvm::v1::SyscallsRequest request;
  request.add_calls()->Swap(&call.message);
  kvm::v1::SyscallsResponse response = pipeline_.receive(pipeline_.send(std::move(request)));
  kvm::v1::SyscallResult& result = *response.mutable_results(0);
  if (result.error() != kvm::v1::ERRNO_UNSPECIFIED) {
    throw failure(std::move(call.name), {std::move(call.trace), std::move(call.args), result.error()});
  }
  return std::move(result);
}

kvm::v1::SyscallsResponse Session::list(std::vector<Call>& list, bool stop_at_error) {
  return list.empty() ? kvm::v1::SyscallsResponse() : receive(send(list, stop_at_error));
}

std::shared_ptr<Pipeline::Slot> Session::send(std::vector<Call>& list, bool stop_at_error) {
  kvm::v1::SyscallsRequest request;
  request.set_stop_at_error(stop_at_error);
  for (Call& call : list) request.add_calls()->Swap(&call.message);
  return pipeline_.send(std::move(request));
}

void Session::post(Call call) noexcept {
  if (exited) return;
  try {
    kvm::v1::SyscallsRequest request;
    request.add_calls()->Swap(&call.message);
    pipeline_.send(std::move(request));
  } catch (...) {
    // Whoever destroys an object cannot be told; the server gives everything back with the process.
  }
}

Bytes Session::with_buffer(std::size_t size, BytesView before,
                           const std::function<Call(std::uint64_t address)>& request) {
  const std::uint64_t address = scratch(size);
  std::vector<Call> calls;
  if (!before.empty()) calls.push_back(calls::process_vm_writev(address, before));
  const std::size_t at = calls.size();
  calls.push_back(request(address));
  calls.push_back(calls::process_vm_readv(address, size));
  const kvm::v1::SyscallsResponse response = list(calls, true);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const int error = response.results(static_cast<int>(i)).error();
    if (error != kvm::v1::ERRNO_UNSPECIFIED) throw failure(calls[i].name, failure_of(calls[i], error));
  }
  const std::string& data = response.results(static_cast<int>(at) + 1).data();
  return {data.begin(), data.end()};
}

std::uint64_t Session::scratch(std::size_t size) {
  const std::lock_guard lock(scratch_mutex_);
  if (size > scratch_size_) {
    const std::size_t bytes = std::max(size, kScratchBytes);
    scratch_address_ = static_cast<std::uint64_t>(call(calls::mmap({.length = bytes})).ret());
    scratch_size_ = bytes;
  }
  return scratch_address_;
}

KvmError Session::failure(std::string name, const Failure& failure, std::optional<std::uint64_t> completed) {
  refresh_rules();
  return known_failure(std::move(name), failure, completed);
}

KvmError Session::known_failure(std::string name, const Failure& failure,
                                std::optional<std::uint64_t> completed) const {
  return {std::move(name), failure.error, transport->rules ? rules_.find(failure) : std::string(), completed};
}

void Session::refresh_rules() {
  if (transport->rules) rules_.refresh();
}

void Session::end() {
  exited = true;
  pipeline_.end();
}

}  // namespace tagvisor::detail
