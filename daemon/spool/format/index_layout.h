// What the writer and the reader of an index share (FORMAT.md, "Index").
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

// Says which blocks may have a key. Block b has bit b >> shift, so that neighbours share a bit where
// there are more than 64 blocks. A mask is a hint: a block whose bit is set need not have a row with the
// key, and only a look at its rows tells. A block whose bit is not set has no such row.
//
// A question joins masks by & for "and", and by | for "or". The mask of a "not" has every block, because
// a block that has a key may have rows without it.
using BlockMask = std::uint64_t;
inline constexpr unsigned kMaskBits = 64;

// A kind that would exceed them is in every block.
inline constexpr std::uint32_t kKeysLimit = 65'536;         // of a kind
inline constexpr std::size_t kTextLimit = 4 * 1024 * 1024;  // bytes of the keys of a kind

// The header, the directory, and the checksum behind it are never longer.
inline constexpr std::size_t kIndexHeadLimit = 4096;
inline constexpr std::size_t kDirectoryFixedBytes = 24;
inline constexpr std::size_t kDirectoryEntryBytes = 32;
inline constexpr std::size_t kIndexTablesLimit = 64;
static_assert(kFileHeaderBytes + kDirectoryFixedBytes + kIndexTablesLimit * kDirectoryEntryBytes +
                  sizeof(std::uint64_t) <=
              kIndexHeadLimit);

// Beside the kinds of keys there is one table that is not about keys.
inline constexpr std::uint8_t kBlockTable = 0;
// A flag of a table: the kind has too many keys, so each may be in every block.
inline constexpr std::uint8_t kEveryBlock = 1;

// Says where a block stands in the rows file, and of which time its rows are.
struct BlockEntry {
    std::uint64_t offset = 0;  // 0: the header of its frame is damaged, and so nobody knows
    std::int64_t first_time_ns =
        std::numeric_limits<std::int64_t>::min();  // unless known, it may be of any time
    std::int64_t last_time_ns = std::numeric_limits<std::int64_t>::max();

    bool operator==(const BlockEntry&) const = default;
};
inline constexpr std::size_t kBlockEntryBytes = 24;

}  // namespace packetsentry::spool
