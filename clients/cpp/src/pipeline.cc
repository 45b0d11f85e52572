#include "pipeline.h"

#include <optional>

namespace tagvisor::detail {

namespace {

/// Bytes and lists under way above which a writer reads answers first: a server that cannot send stops reading.
constexpr std::size_t kMaxBytes = 4 << 20;
constexpr std::size_t kMaxLists = 1024;
constexpr const char* kMethod = "SyscallService.Syscalls";

/// About how many bytes a list will answer.
std::size_t answer_bytes(const kvm::v1::SyscallsRequest& request) {
  std::size_t bytes = 0;
  for (const kvm::v1::Syscall& call : request.calls()) {
    bytes += 16 + call.ioctl().data().size() + call.process_vm_readv().length();
    if (!call.read().has_buffer()) bytes += call.read().count();
    if (!call.pread().has_buffer()) bytes += call.pread().count();
  }
  return bytes;
}

}  // namespace

struct Pipeline::Slot {
  std::shared_ptr<Stream> stream;
  std::size_t bytes;
  std::optional<kvm::v1::SyscallsResponse> response;
  grpc::Status status;
};

struct Pipeline::Stream {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<kvm::v1::SyscallsRequest, kvm::v1::SyscallsResponse>> call;
  /// What is not answered, oldest first.
  std::deque<std::shared_ptr<Slot>> in_flight;
  std::size_t bytes = 0;
  bool reading = false;
  bool ended = false;
};

Pipeline::~Pipeline() {
  if (!stream_) return;
  stream_->context.TryCancel();
  stream_->call->Finish();
}

std::shared_ptr<Pipeline::Slot> Pipeline::send(kvm::v1::SyscallsRequest request) {
  request.set_process(process_);
  const std::lock_guard writer(writing_);
  std::unique_lock lock(mutex_);
  if (!stream_) {
    stream_ = std::make_shared<Stream>();
    transport_->authorize(stream_->context);
    stream_->call = transport_->syscalls.Syscalls(&stream_->context);
  }
  const std::shared_ptr<Stream> stream = stream_;
  const auto slot = std::make_shared<Slot>(Slot{stream, answer_bytes(request), {}, {}});
  const auto full = [&] { return stream->bytes + slot->bytes > kMaxBytes || stream->in_flight.size() >= kMaxLists; };
  while (!stream->in_flight.empty() && full()) read(lock, *stream);
  if (stream->ended) {
    slot->status = {grpc::StatusCode::UNAVAILABLE, "the stream ended"};
    slot->stream.reset();
    return slot;
  }
  stream->in_flight.push_back(slot);
  stream->bytes += slot->bytes;
  lock.unlock();
  // A failure shows in the read.
  stream->call->Write(request);
  return slot;
}

kvm::v1::SyscallsResponse Pipeline::receive(const std::shared_ptr<Slot>& slot) {
  std::unique_lock lock(mutex_);
  while (!slot->response && slot->stream) read(lock, *slot->stream);
  if (!slot->response) throw RpcError(kMethod, slot->status);
  return std::move(*slot->response);
}

/// Takes in one answer, or waits until another thread has.
void Pipeline::read(std::unique_lock<std::mutex>& lock, Stream& stream) {
  if (stream.reading) {
    read_.wait(lock);
    return;
  }
  stream.reading = true;
  lock.unlock();
  kvm::v1::SyscallsResponse response;
  const bool answered = stream.call->Read(&response);
  const grpc::Status status = answered ? grpc::Status::OK : stream.call->Finish();
  lock.lock();
  stream.reading = false;
  if (answered && !stream.in_flight.empty()) {
    const std::shared_ptr<Slot> slot = std::move(stream.in_flight.front());
    stream.in_flight.pop_front();
    stream.bytes -= slot->bytes;
    slot->response = std::move(response);
    slot->stream.reset();
  } else if (!answered) {
    stream.ended = true;
    if (stream_.get() == &stream) stream_.reset();
    // What waits may hold the last reference to the stream.
    const std::deque<std::shared_ptr<Slot>> unanswered = std::move(stream.in_flight);
    for (const auto& slot : unanswered) {
      slot->status = status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server ended the stream") : status;
    }
    for (const auto& slot : unanswered) slot->stream.reset();
  }
  read_.notify_all();
}

void Pipeline::end() {
  const std::lock_guard writer(writing_);
  std::unique_lock lock(mutex_);
  const std::shared_ptr<Stream> stream = stream_;
  if (!stream) return;
  lock.unlock();
  stream->call->WritesDone();
  lock.lock();
  while (!stream->ended) read(lock, *stream);
}

}  // namespace tagvisor::detail
