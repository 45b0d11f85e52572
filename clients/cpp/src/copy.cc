#include "copy.h"

#include <deque>
#include <stop_token>

namespace tagvisor {

namespace {

using detail::Failure;
using detail::Session;

/// Bytes of a message's payload.
constexpr std::size_t kChunkBytes = 1 << 20;
/// Chunks sent before the first answer is read.
constexpr std::size_t kChunksUnderWay = 8;
/// What a list of calls carries at most of one read or write; beyond it a copy has a stream of its own.
constexpr std::uint64_t kSmallBytes = 256 << 10;

BytesView view_of(const std::string& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// How errors and the trace name a copy, and how many bytes of memory a byte of payload stands for.
struct Kind {
  const char* method;
  const char* name;
  const char* trace;
  std::uint64_t scale;

  Failure failure(int fd, int error) const {
    if (fd < 0) return {trace, {}, error};
    return {trace, {static_cast<std::uint64_t>(fd), KVM_ARM_MTE_COPY_TAGS}, error};
  }
};

constexpr Kind kReadMemory{"MemoryService.ReadMemory", "process_vm_readv", "process_vm_readv", 1};
constexpr Kind kWriteMemory{"MemoryService.WriteMemory", "process_vm_writev", "process_vm_writev", 1};
/// A byte for each granule of 16 bytes.
constexpr Kind kReadTags{"MemoryService.ReadTags", "KVM_ARM_MTE_COPY_TAGS", "ioctl", 16};
constexpr Kind kWriteTags{"MemoryService.WriteTags", "KVM_ARM_MTE_COPY_TAGS", "ioctl", 16};

/// Cancels a call when it is asked to.
class Canceller {
 public:
  Canceller(const std::stop_token& stop, grpc::ClientContext& context) : callback_(stop, Cancel{&context}) {}

 private:
  struct Cancel {
    grpc::ClientContext* context;
    void operator()() const { context->TryCancel(); }
  };
  std::stop_callback<Cancel> callback_;
};

void throw_if_stopped(const Kind& kind, const CopyOptions& options) {
  if (options.stop.stop_requested()) throw RpcError(kind.method, {grpc::StatusCode::CANCELLED, "stopped"});
}

struct MemoryReads {
  using Request = kvm::v1::ReadMemoryRequest;
  using Response = kvm::v1::ReadMemoryResponse;
  static constexpr const Kind& kKind = kReadMemory;

  static auto open(Session& session, grpc::ClientContext& context, const Request& request) {
    return session.transport->memory.ReadMemory(&context, request);
  }
  static void address(Request& request, int, std::uint64_t address) { request.set_address(address); }
  static const std::string& payload(const Response& response) { return response.data(); }
};

struct TagReads {
  using Request = kvm::v1::ReadTagsRequest;
  using Response = kvm::v1::ReadTagsResponse;
  static constexpr const Kind& kKind = kReadTags;

  static auto open(Session& session, grpc::ClientContext& context, const Request& request) {
    return session.transport->memory.ReadTags(&context, request);
  }
  static void address(Request& request, int fd, std::uint64_t address) {
    request.set_fd(fd);
    request.set_guest_ipa(address);
  }
  static const std::string& payload(const Response& response) { return response.tags(); }
};

}  // namespace

class ReadStream::Impl {
 public:
  virtual ~Impl() = default;
  virtual std::optional<BytesView> next() = 0;
};

namespace {

template <class Reads>
class Reader : public ReadStream::Impl {
 public:
  Reader(std::shared_ptr<Session> session, int fd, std::uint64_t start, std::uint64_t length, CopyOptions options)
      : session_(std::move(session)), fd_(fd), start_(start), length_(length), options_(std::move(options)) {}

  ~Reader() override { close(); }

  std::optional<BytesView> next() override {
    while (done_ < length_) {
      throw_if_stopped(kind(), options_);
      if (!call_) open();
      if (!call_->reader->Read(&response_)) {
        finish();
        continue;
      }
      if (response_.error() != kvm::v1::ERRNO_UNSPECIFIED) fail();
      const auto covered = static_cast<std::uint64_t>(response_.ret());
      done_ += covered;
      if (options_.on_progress) options_.on_progress(done_);
      return view_of(Reads::payload(response_)).first(covered / kind().scale);
    }
    close();
    return std::nullopt;
  }

 private:
  static constexpr const Kind& kind() { return Reads::kKind; }

  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<typename Reads::Response>> reader;
    std::optional<Canceller> canceller;
  };

  /// A short chunk may end the stream without an error: a next stream, from where it stopped, says why.
  void open() {
    if (opened_at_ == done_) {
      throw std::runtime_error(std::string(kind().method) + ": the server ended the copy without a reason");
    }
    opened_at_ = done_;
    typename Reads::Request request;
    request.set_process(session_->process);
    Reads::address(request, fd_, start_ + done_);
    request.set_length(length_ - done_);
    call_ = std::make_unique<Stream>();
    session_->transport->authorize(call_->context);
    call_->reader = Reads::open(*session_, call_->context, request);
    call_->canceller.emplace(options_.stop, call_->context);
  }

  void finish() {
    const grpc::Status status = call_->reader->Finish();
    call_.reset();
    if (!status.ok()) throw RpcError(kind().method, status);
  }

  [[noreturn]] void fail() {
    const int error = response_.error();
    close();
    throw session_->failure(kind().name, kind().failure(fd_, error), done_);
  }

  void close() {
    if (!call_) return;
    call_->context.TryCancel();
    call_->reader->Finish();
    call_.reset();
  }

  const std::shared_ptr<Session> session_;
  const int fd_;
  const std::uint64_t start_;
  const std::uint64_t length_;
  const CopyOptions options_;
  std::uint64_t done_ = 0;
  std::uint64_t opened_at_ = ~std::uint64_t{0};
  std::unique_ptr<Stream> call_;
  typename Reads::Response response_;
};

struct MemoryWrites {
  using Request = kvm::v1::WriteMemoryRequest;
  using Response = kvm::v1::WriteMemoryResponse;
  static constexpr const Kind& kKind = kWriteMemory;

  static auto open(Session& session, grpc::ClientContext& context) {
    return session.transport->memory.WriteMemory(&context);
  }
  static void fd(Request&, int) {}
  static void address(Request& request, std::uint64_t address) { request.set_address(address); }
  static std::string* payload(Request& request) { return request.mutable_data(); }
};

struct TagWrites {
  using Request = kvm::v1::WriteTagsRequest;
  using Response = kvm::v1::WriteTagsResponse;
  static constexpr const Kind& kKind = kWriteTags;

  static auto open(Session& session, grpc::ClientContext& context) {
    return session.transport->memory.WriteTags(&context);
  }
  static void fd(Request& request, int fd) { request.set_fd(fd); }
  static void address(Request& request, std::uint64_t address) { request.set_guest_ipa(address); }
  static std::string* payload(Request& request) { return request.mutable_tags(); }
};

/// One stream of chunks to the server.
template <class Writes>
class Writer {
 public:
  Writer(Session& session, int fd, std::uint64_t start, const CopyOptions& options)
      : session_(session), start_(start), options_(options), fd_(fd) {
    session.transport->authorize(context_);
    call_ = Writes::open(session, context_);
  }

  ~Writer() {
    if (finished_) return;
    context_.TryCancel();
    call_->Finish();
  }

  /// Sends the source's bytes, in chunks of one size but for the last, as far as the server takes them.
  void run(const Source& source) {
    const Canceller canceller(options_.stop, context_);
    std::string chunk;
    while (open_) {
      const std::optional<BytesView> piece = source();
      if (!piece) break;
      for (BytesView rest = *piece; !rest.empty() && open_;) {
        const BytesView taken = rest.first(std::min(rest.size(), kChunkBytes - chunk.size()));
        chunk.append(reinterpret_cast<const char*>(taken.data()), taken.size());
        rest = rest.subspan(taken.size());
        if (chunk.size() == kChunkBytes) send(std::exchange(chunk, {}));
      }
    }
    if (open_ && !chunk.empty()) send(std::move(chunk));
    call_->WritesDone();
    while (answer()) continue;
    const grpc::Status status = call_->Finish();
    finished_ = true;
    if (!status.ok()) throw RpcError(Writes::kKind.method, status);
  }

  /// Bytes of memory done.
  std::uint64_t done = 0;
  /// Why a chunk failed.
  int error = 0;
  /// What was left of a chunk that was done in part.
  std::string rest;

 private:
  void send(std::string bytes) {
    typename Writes::Request& request = under_way_.emplace_back();
    if (sent_ == 0) {
      request.set_process(session_.process);
      Writes::fd(request, fd_);
    }
    Writes::address(request, start_ + sent_);
    sent_ += bytes.size() * Writes::kKind.scale;
    *Writes::payload(request) = std::move(bytes);
    open_ = call_->Write(request);
    while (open_ && under_way_.size() >= kChunksUnderWay) answer();
  }

  /// Reads the answer to a chunk; false where there is none any more.
  bool answer() {
    typename Writes::Response response;
    if (!call_->Read(&response)) {
      open_ = false;
      return false;
    }
    if (under_way_.empty()) return true;
    const std::string chunk = std::move(*Writes::payload(under_way_.front()));
    under_way_.pop_front();
    if (response.error() != kvm::v1::ERRNO_UNSPECIFIED) {
      error = response.error();
      open_ = false;
      return true;
    }
    done += static_cast<std::uint64_t>(response.ret());
    if (options_.on_progress) options_.on_progress(done);
    const std::uint64_t written = static_cast<std::uint64_t>(response.ret()) / Writes::kKind.scale;
    if (written < chunk.size()) {
      rest = chunk.substr(written);
      open_ = false;
    }
    return true;
  }

  Session& session_;
  const std::uint64_t start_;
  const CopyOptions& options_;
  const int fd_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<typename Writes::Request, typename Writes::Response>> call_;
  std::deque<typename Writes::Request> under_way_;
  std::uint64_t sent_ = 0;
  bool open_ = true;
  bool finished_ = false;
};

template <class Writes>
std::uint64_t write_all(Session& session, int fd, std::uint64_t start, const Source& source,
                        const CopyOptions& options) {
  const Kind& kind = Writes::kKind;
  throw_if_stopped(kind, options);
  Writer<Writes> writer(session, fd, start, options);
  writer.run(source);
  const auto fail = [&](int error, std::uint64_t done) {
    return session.failure(kind.name, kind.failure(fd, error), done);
  };
  if (writer.error != 0) throw fail(writer.error, writer.done);
  if (writer.rest.empty()) return writer.done;
  // A chunk that is done in part ends the stream without an error: what is left of it says why.
  const CopyOptions quiet{options.stop, {}};
  Writer<Writes> probe(session, fd, start + writer.done, quiet);
  probe.run(source_of(view_of(writer.rest)));
  throw fail(probe.error != 0 ? probe.error : LINUX_EFAULT, writer.done + probe.done);
}

}  // namespace

Source source_of(BytesView bytes) {
  return [bytes, given = false]() mutable -> std::optional<BytesView> {
    if (std::exchange(given, true)) return std::nullopt;
    return bytes;
  };
}

ReadStream::ReadStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ReadStream::ReadStream(ReadStream&&) noexcept = default;
ReadStream& ReadStream::operator=(ReadStream&&) noexcept = default;
ReadStream::~ReadStream() = default;

std::optional<BytesView> ReadStream::next() { return impl_->next(); }

Bytes ReadStream::collect() {
  Bytes all;
  while (const auto chunk = next()) all.insert(all.end(), chunk->begin(), chunk->end());
  return all;
}

namespace detail {

ReadStream read_memory(std::shared_ptr<Session> session, std::uint64_t address, std::uint64_t length,
                       CopyOptions options) {
  return ReadStream(std::make_unique<Reader<MemoryReads>>(std::move(session), -1, address, length, std::move(options)));
}

ReadStream read_tags(std::shared_ptr<Session> session, int fd, std::uint64_t guest_ipa, std::uint64_t length,
                     CopyOptions options) {
  return ReadStream(std::make_unique<Reader<TagReads>>(std::move(session), fd, guest_ipa, length, std::move(options)));
}

std::uint64_t write_memory(Session& session, std::uint64_t address, const Source& source, const CopyOptions& options) {
  return write_all<MemoryWrites>(session, -1, address, source, options);
}

std::uint64_t write_tags(Session& session, int fd, std::uint64_t guest_ipa, const Source& source,
                         const CopyOptions& options) {
  return write_all<TagWrites>(session, fd, guest_ipa, source, options);
}

Bytes read_bytes(const std::shared_ptr<Session>& session, std::uint64_t address, std::uint64_t length) {
  Bytes bytes;
  bytes.reserve(length);
  if (length <= kSmallBytes) {
    const std::string data = session->call(calls::process_vm_readv(address, length)).data();
    bytes.assign(data.begin(), data.end());
  }
  ReadStream rest = read_memory(session, address + bytes.size(), length - bytes.size(), {});
  while (const auto chunk = rest.next()) bytes.insert(bytes.end(), chunk->begin(), chunk->end());
  return bytes;
}

void write_bytes(Session& session, std::uint64_t address, BytesView data) {
  std::uint64_t done = 0;
  if (data.size() <= kSmallBytes) {
    done = static_cast<std::uint64_t>(session.call(calls::process_vm_writev(address, data)).ret());
  }
  if (done < data.size()) write_memory(session, address + done, source_of(data.subspan(done)), {});
}

}  // namespace detail

}  // namespace tagvisor
