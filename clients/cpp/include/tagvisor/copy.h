/// @file
/// Memory and tags in bulk: streamed in chunks, so that neither side holds more of them than are on their way.

#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stop_token>

#include "tagvisor/call.h"

namespace tagvisor {

/// How to copy.
struct CopyOptions {
  /// Asking it to stop ends the copy, which throws RpcError with CANCELLED.
  std::stop_token stop = {};
  /// Is told after each chunk how many bytes of memory are done.
  std::function<void(std::uint64_t done)> on_progress = {};
};

/// Where bytes to write come from: piece by piece, each valid until the next is asked for.
using Source = std::function<std::optional<BytesView>()>;

/// A source that has one piece.
Source source_of(BytesView bytes);

/// What is read in chunks. Destroying it early ends the copy.
class ReadStream {
 public:
  class Impl;
  explicit ReadStream(std::unique_ptr<Impl> impl);
  ReadStream(ReadStream&&) noexcept;
  ReadStream& operator=(ReadStream&&) noexcept;
  ~ReadStream();

  /// The next chunk, valid until the next call; none at the end. Where memory ends early it throws KvmError, once what
  /// could be read is out.
  std::optional<BytesView> next();
  /// All chunks in one piece.
  Bytes collect();

  /// Makes `for (BytesView chunk : stream)` work.
  class Iterator {
   public:
    using value_type = BytesView;
    using difference_type = std::ptrdiff_t;
    explicit Iterator(ReadStream* stream) : stream_(stream), chunk_(stream->next()) {}
    BytesView operator*() const { return *chunk_; }
    Iterator& operator++() {
      chunk_ = stream_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !chunk_; }

   private:
    ReadStream* stream_;
    std::optional<BytesView> chunk_;
  };
  Iterator begin() { return Iterator(this); }
  std::default_sentinel_t end() { return {}; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagvisor
