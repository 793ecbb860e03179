// Reads the index of a segment, on bytes that anybody may have written.
//
// A question over many segments need not read whole indexes: it reads the beginning, kIndexHeadLimit
// bytes, and of the tables only those that it asks. An index that cannot be used costs time and nothing
// else, since the rows file is scanned instead.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/index_keys.h"
#include "daemon/spool/format/index_layout.h"
#include "daemon/spool/format/index_table.h"

namespace packetsentry::spool {

// Says which bytes of a file are meant.
struct FilePart {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

// Copies what it needs, so that the bytes need not outlive it.
class IndexView {
  public:
    // head: the first kIndexHeadLimit bytes of the file, or all where it has fewer. Error (file): as for
    // read_file_header(), or the directory is damaged. The message does not name the file.
    [[nodiscard]] static base::Result<IndexView> open(Bytes head);

    [[nodiscard]] const FileHeader& header() const { return header_; }
    // The length of the rows file when the index was made. If its closed length is another one, the index
    // is not about this file.
    [[nodiscard]] std::uint64_t rows_bytes() const { return rows_bytes_; }
    // The number of the list of fields whose values are keys (kKeyRules). A field that only a later list
    // has must not be asked here.
    [[nodiscard]] std::uint16_t rules() const { return rules_; }
    [[nodiscard]] std::uint32_t blocks() const { return blocks_; }
    // The mask of every block, which is the answer about everything that the index does not know.
    [[nodiscard]] BlockMask all() const;
    [[nodiscard]] bool may_have(BlockMask mask, std::uint32_t block) const {
        return block < blocks_ && (mask >> (block >> shift_) & 1) != 0;
    }

    // Tells where the table of a kind stands in the file. It may have no bytes: then the kind has no
    // keys, or every block may have any.
    [[nodiscard]] FilePart part(KeyKind kind) const;
    // bytes: those of part(kind). Error (file): they are damaged. The table refers to them, not to this.
    [[nodiscard]] base::Result<IndexTable> table(KeyKind kind, Bytes bytes) const;

    [[nodiscard]] FilePart block_part() const { return {block_table_.offset, block_table_.bytes}; }
    // Returns the blocks by their number. bytes: those of block_part(). Error (file): they are damaged.
    [[nodiscard]] base::Result<std::vector<BlockEntry>> block_table(Bytes bytes) const;

  private:
    explicit IndexView(const FileHeader& header) : header_(header) {}
    [[nodiscard]] base::Result<void> read_directory(Bytes bytes);
    [[nodiscard]] bool read_entry(Bytes bytes);
    [[nodiscard]] const IndexTable::Entry& entry(KeyKind kind) const {
        return tables_[static_cast<std::size_t>(kind) - 1];
    }

    FileHeader header_;
    std::uint64_t rows_bytes_ = 0;
    BlockMask always_ = 0;
    std::uint32_t blocks_ = 0;
    std::uint16_t rules_ = 0;
    unsigned shift_ = 0;
    std::array<IndexTable::Entry, kKeyKinds.size()> tables_;  // a kind without a table is in every block
    IndexTable::Entry block_table_;
};

}  // namespace packetsentry::spool
