// One table of an index: the keys of one kind, and the blocks that have each. Nothing is copied: a
// look-up reads the bytes as they are in the file.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/spool/format/byte_reader.h"
#include "daemon/spool/format/index_keys.h"
#include "daemon/spool/format/index_layout.h"

namespace packetsentry::spool {

// Refers to the bytes of the table, which must outlive it unchanged. Whatever the bytes are, an answer
// has only blocks that there are, and a look-up visits each key once at most. If keys are not in order,
// an answer may lack blocks.
//
// Every answer has the blocks that could not be read when the index was made. If the kind has too many
// keys, every answer is every block.
class IndexTable {
  public:
    // What the directory says about a table.
    struct Entry {
        bool every_block = true;
        std::size_t key_bytes = 0;  // 0: various
        std::uint32_t count = 0;
        std::uint64_t offset = 0;  // in the file
        std::uint64_t bytes = 0;
        std::uint64_t sum = 0;
    };
    // bytes: entry.bytes of the file from entry.offset on. all: every block. always: part of every
    // answer. Error (file): the checksum or a length is wrong.
    [[nodiscard]] static base::Result<IndexTable> open(Bytes bytes, const Entry& entry, std::uint64_t seed,
                                                       BlockMask all, BlockMask always);

    [[nodiscard]] std::uint32_t keys() const { return count_; }
    [[nodiscard]] std::string_view key(std::uint32_t index) const;
    [[nodiscard]] BlockMask mask(std::uint32_t index) const;

    // The blocks that may have the key itself.
    [[nodiscard]] BlockMask exact(std::string_view sought) const;
    // The blocks that may have a key in the range.
    [[nodiscard]] BlockMask range(const KeyRange& sought) const;
    // The blocks that may have a key that begins so.
    [[nodiscard]] BlockMask prefix(std::string_view sought) const;
    // The blocks that may have a name that matches the pattern as a whole (glob.h), in upper or lower
    // case. This is for a table of names alone. What stands behind the last '*' or '?' of the pattern
    // narrows the search: "*.example.org" is a range of keys.
    [[nodiscard]] BlockMask names_like(std::string_view pattern) const;

  private:
    IndexTable(Bytes bytes, const Entry& entry, BlockMask all, BlockMask always);
    [[nodiscard]] bool has_ascending_ends() const;
    // Returns the place of the first key that is not below the one sought. beyond: of the first key that
    // is above all those that begin with it.
    [[nodiscard]] std::uint32_t lower_bound(std::string_view sought, bool beyond = false) const;
    [[nodiscard]] BlockMask answer(BlockMask found) const {
        return every_block_ ? all_ : (found | always_) & all_;
    }

    bool every_block_;
    std::size_t key_bytes_;
    std::uint32_t count_;
    BlockMask all_, always_;
    Bytes masks_;
    Bytes ends_;  // where each key ends, behind a 0; empty: all have one length
    Bytes text_;
};

}  // namespace packetsentry::spool
