/// @file
/// A range of the process's address space.

#pragma once

#include <memory>

#include "tagvisor/copy.h"

namespace tagvisor {

namespace detail {
class Session;
}

/// A mapping, to be read and written by offsets into it. Its destruction unmaps it.
class Mapping {
 public:
  Mapping(std::shared_ptr<detail::Session> session, std::uint64_t address, std::uint64_t length);
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  std::uint64_t address() const { return address_; }
  /// Bytes, as mmap was asked for them.
  std::uint64_t length() const { return length_; }
  /// The address of a byte.
  std::uint64_t at(std::uint64_t offset) const { return address_ + offset; }

  Bytes read(std::uint64_t offset, std::uint64_t length) const;
  void write(std::uint64_t offset, BytesView data) const;
  /// The mapping's bytes, chunk by chunk.
  ReadStream download(CopyOptions options = {}) const;
  /// Fills the mapping from its start; returns how many bytes.
  std::uint64_t upload(const Source& source, const CopyOptions& options = {}) const;

  void protect(std::uint64_t prot, std::uint64_t offset, std::uint64_t length) const;
  void advise(int advice, std::uint64_t offset, std::uint64_t length) const;
  /// Takes a range out of the address space.
  void unmap(std::uint64_t offset, std::uint64_t length);
  /// Takes all of it out.
  void unmap() { unmap(0, length_); }

 private:
  void drop() noexcept;

  std::shared_ptr<detail::Session> session_;
  std::uint64_t address_;
  std::uint64_t length_;
};

}  // namespace tagvisor
