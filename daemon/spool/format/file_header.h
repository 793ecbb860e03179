// The first 64 bytes of each file of the spool but the packets (FORMAT.md, "The header of a file").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/spool/format/byte_reader.h"

namespace packetsentry::spool {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kFileHeaderBytes = 64;

// Names of files: the identity of a spool, and the catalogue of a job.
inline constexpr const char* kIdentityName = "spool";
inline constexpr const char* kCatalogueName = "catalogue";

enum class FileKind : std::uint8_t { identity, catalogue, rows, index };

// A UUID of version 4 (RFC 9562), as its 16 bytes.
using SpoolId = std::array<std::byte, 16>;

struct FileHeader {
    FileKind kind = FileKind::identity;
    std::uint32_t table = 0;  // wire::Table; 0 in an identity and a catalogue
    SpoolId spool = {};
    std::uint64_t job = 0;        // 0 in an identity
    std::uint64_t counter = 0;    // of the segment; 0 in an identity and a catalogue
    std::int64_t created_ns = 0;  // wall clock; the files of a segment share it

    bool operator==(const FileHeader&) const = default;

    // The checksum of the header, which is the seed of all other checksums in the file.
    [[nodiscard]] std::uint64_t seed() const;
};

[[nodiscard]] std::string encode(const FileHeader& header);

// bytes: the file from its beginning, as far as it was read. Error (file): it is no file of this kind,
// its header is damaged, or it has a newer version, which the message names. The message does not name
// the file.
[[nodiscard]] base::Result<FileHeader> read_file_header(Bytes bytes, FileKind kind);

// Returns the version in a whole header of this kind, whichever it is; nothing if there is no such header.
[[nodiscard]] std::optional<std::uint32_t> header_version(Bytes bytes, FileKind kind);

}  // namespace packetsentry::spool
