#include "tagvisor/batch.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "session.h"

namespace tagvisor {

namespace detail {

/// A batch and what became of its calls.
struct BatchState {
  std::shared_ptr<Session> session;
  std::vector<Call> calls;
  /// The list on its way.
  std::shared_ptr<Pipeline::Slot> sent;
  kvm::v1::SyscallsResponse response;
  std::vector<std::optional<KvmError>> errors;
  bool submitted = false;

  const kvm::v1::SyscallResult& result(std::uint32_t index) const {
    if (!submitted) throw std::logic_error(calls[index].name + ": the batch was not submitted yet");
    if (errors[index]) throw *errors[index];
    return response.results(static_cast<int>(index));
  }
};

}  // namespace detail

std::int64_t Pending::value() const { return batch_->result(index_).ret(); }

BytesView Pending::data() const {
  const std::string& data = batch_->result(index_).data();
  return {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
}

std::optional<KvmError> Pending::error() const { return batch_->submitted ? batch_->errors[index_] : std::nullopt; }

Ref Pending::member(std::uint32_t offset, std::uint32_t width) const {
  Ref ref;
  ref.link.set_call(index_);
  ref.link.set_offset(offset);
  ref.link.set_width(width);
  return ref;
}

Batch::Batch(std::shared_ptr<detail::Session> session) : state_(std::make_shared<detail::BatchState>()) {
  state_->session = std::move(session);
}

Pending Batch::add(Call call) {
  if (state_->sent || state_->submitted) throw std::logic_error(call.name + ": the batch was submitted already");
  state_->calls.push_back(std::move(call));
  return {state_, static_cast<std::uint32_t>(state_->calls.size() - 1)};
}

std::size_t Batch::size() const { return state_->calls.size(); }

void Batch::send() { send(true); }

void Batch::submit() {
  if (!state_->sent) send(true);
  receive();
  for (const auto& error : state_->errors) {
    if (error) throw *error;
  }
}

void Batch::submit_all() {
  if (!state_->sent) send(false);
  receive();
}

void Batch::send(bool stop_at_error) {
  detail::BatchState& state = *state_;
  if (state.sent || state.submitted) throw std::logic_error("the batch was submitted already");
  if (!state.calls.empty()) state.sent = state.session->send(state.calls, stop_at_error);
}

void Batch::receive() {
  detail::BatchState& state = *state_;
  if (state.sent) state.response = state.session->receive(std::exchange(state.sent, nullptr));
  state.errors.resize(state.calls.size());
  bool refreshed = false;
  for (std::size_t i = 0; i < state.calls.size(); ++i) {
    const Call& call = state.calls[i];
    const int error = state.response.results(static_cast<int>(i)).error();
    if (error == kvm::v1::ERRNO_UNSPECIFIED) continue;
    const bool attempted = error != kvm::v1::ERRNO_ECANCELED;
    if (attempted && !refreshed) state.session->refresh_rules();
    refreshed = refreshed || attempted;
    state.errors[i] = attempted ? state.session->known_failure(call.name, detail::failure_of(call, error))
                                : KvmError(call.name, error);
  }
  state.submitted = true;
}

}  // namespace tagvisor
