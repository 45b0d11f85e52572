/// @file
/// The four streamed copies.

#pragma once

#include <memory>

#include "session.h"
#include "tagvisor/copy.h"

namespace tagvisor::detail {

ReadStream read_memory(std::shared_ptr<Session> session, std::uint64_t address, std::uint64_t length,
                       CopyOptions options);
/// `length` is of memory.
ReadStream read_tags(std::shared_ptr<Session> session, int fd, std::uint64_t guest_ipa, std::uint64_t length,
                     CopyOptions options);
/// Returns how many bytes.
std::uint64_t write_memory(Session& session, std::uint64_t address, const Source& source, const CopyOptions& options);
/// Returns how many bytes of memory the tags cover.
std::uint64_t write_tags(Session& session, int fd, std::uint64_t guest_ipa, const Source& source,
                         const CopyOptions& options);

/// Bytes of memory, by whichever way is quickest for their number.
Bytes read_bytes(const std::shared_ptr<Session>& session, std::uint64_t address, std::uint64_t length);
void write_bytes(Session& session, std::uint64_t address, BytesView data);

}  // namespace tagvisor::detail
