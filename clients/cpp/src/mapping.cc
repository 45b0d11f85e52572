#include "tagvisor/mapping.h"

#include "copy.h"

namespace tagvisor {

Mapping::Mapping(std::shared_ptr<detail::Session> session, std::uint64_t address, std::uint64_t length)
    : session_(std::move(session)), address_(address), length_(length) {}

Mapping::Mapping(Mapping&& other) noexcept = default;

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this == &other) return *this;
  drop();
  session_ = std::move(other.session_);
  address_ = other.address_;
  length_ = other.length_;
  return *this;
}

Mapping::~Mapping() { drop(); }

void Mapping::drop() noexcept {
  if (session_) session_->post(calls::munmap(address_, length_));
}

Bytes Mapping::read(std::uint64_t offset, std::uint64_t length) const {
  return detail::read_bytes(session_, at(offset), length);
}

void Mapping::write(std::uint64_t offset, BytesView data) const { detail::write_bytes(*session_, at(offset), data); }

ReadStream Mapping::download(CopyOptions options) const {
  return detail::read_memory(session_, address_, length_, std::move(options));
}

std::uint64_t Mapping::upload(const Source& source, const CopyOptions& options) const {
  return detail::write_memory(*session_, address_, source, options);
}

void Mapping::protect(std::uint64_t prot, std::uint64_t offset, std::uint64_t length) const {
  session_->call(calls::mprotect(at(offset), length, prot));
}

void Mapping::advise(int advice, std::uint64_t offset, std::uint64_t length) const {
  session_->call(calls::madvise(at(offset), length, advice));
}

void Mapping::unmap(std::uint64_t offset, std::uint64_t length) {
  session_->call(calls::munmap(at(offset), length));
  if (offset == 0 && length == length_) session_.reset();
}

}  // namespace tagvisor
