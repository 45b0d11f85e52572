#include "rules.h"

#include <algorithm>
#include <ranges>

namespace tagvisor::detail {

namespace {

/// How many failures are remembered that nobody asked about yet.
constexpr std::size_t kMemory = 1024;

std::optional<std::uint64_t> number_of(const kvm::v1::TraceArg& arg) {
  if (arg.has_number()) return static_cast<std::uint64_t>(arg.number());
  if (arg.has_address()) return arg.address();
  return std::nullopt;
}

bool matches(const kvm::v1::TraceEntry& entry, const Failure& failure) {
  if (entry.call() != failure.trace || entry.error() != failure.error) return false;
  for (int i = 0; i < static_cast<int>(failure.args.size()) && i < entry.args_size(); ++i) {
    const auto& expected = failure.args[i];
    const auto actual = number_of(entry.args(i));
    if (expected && actual && *expected != *actual) return false;
  }
  return true;
}

}  // namespace

void Rules::refresh() {
  const std::lock_guard lock(mutex_);
  grpc::ClientContext context;
  transport_->authorize(context);
  kvm::v1::TraceRequest request;
  request.set_process(process_);
  request.set_since(since_);
  const auto reader = transport_->inspect.Trace(&context, request);
  kvm::v1::TraceResponse response;
  while (reader->Read(&response)) {
    for (kvm::v1::TraceEntry& entry : *response.mutable_entries()) {
      since_ = entry.sequence();
      if (entry.error() != kvm::v1::ERRNO_UNSPECIFIED) failures_.push_back(std::move(entry));
    }
  }
  reader->Finish();
  while (failures_.size() > kMemory) failures_.pop_front();
}

std::string Rules::find(const Failure& failure) const {
  const std::lock_guard lock(mutex_);
  const auto latest = failures_ | std::views::reverse;
  const auto found = std::ranges::find_if(latest, [&](const auto& entry) { return matches(entry, failure); });
  return found == latest.end() ? std::string() : found->rule();
}

}  // namespace tagvisor::detail
