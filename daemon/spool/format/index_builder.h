// Makes the index of a segment, from the blocks of its rows file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/index_keys.h"
#include "daemon/spool/format/index_layout.h"
#include "daemon/spool/format/key_table.h"
#include "daemon/spool/format/rows_frame.h"
#include "proto/flows/row_community_ids.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

// Its memory is bounded, whatever the rows are: by that of a KeyTable for each kind, 24 bytes for each
// block, and the Community IDs that it keeps. A row that has no new key costs no allocation.
class IndexBuilder {
  public:
    // rows: the header of the rows file.
    explicit IndexBuilder(const FileHeader& rows);

    // Adds a block, in the order of the file. A number that is left out is that of a block whose header
    // is damaged, which counts as one that could not be read. facts.block must be below kBlockLimit and
    // above the numbers before it, as RowsReader makes sure.
    void add_block(std::uint64_t offset, const BlockFacts& facts, const proto::BatchView& batch);
    // Adds a block that could not be read. It is in the answer to every question, so that whoever asks
    // meets it and says that it cannot be read.
    void add_unreadable(std::uint64_t offset, const BlockFacts& facts);
    // Adds damaged bytes at the end of the file as one more block that could not be read.
    void add_unreadable_end(std::uint64_t offset);

    // Returns the index file. rows_bytes: the length of the rows file.
    [[nodiscard]] std::string finish(std::uint64_t rows_bytes) const;

  private:
    [[nodiscard]] KeyTable& table(KeyKind kind) { return tables_[static_cast<std::size_t>(kind) - 1]; }
    // Returns the bit of the block, which is a new one.
    [[nodiscard]] BlockMask begin_block(const BlockEntry& entry, std::uint32_t block);
    [[nodiscard]] BlockMask append_entry(const BlockEntry& entry);
    void add_addresses(const proto::BatchView& batch, BlockMask bit);
    void add_ports(const proto::BatchView& batch, BlockMask bit);
    void add_protocols(const proto::BatchView& batch, BlockMask bit);
    void add_names(const proto::ColumnView& column, BlockMask bit);
    void add_community_ids(const proto::ColumnView& column, BlockMask bit);
    void add_computed_ids(const proto::BatchView& batch, BlockMask bit);

    FileHeader header_;
    std::vector<KeyTable> tables_;  // by kind
    std::vector<BlockEntry> blocks_;
    BlockMask always_ = 0;                     // blocks that could not be read
    unsigned shift_ = 0;                       // a bit stands for 2^shift_ blocks
    std::array<std::uint64_t, 1024> ports_{};  // a bit for each port of the block
    flows::RowCommunityIds community_ids_;
    std::string key_;  // the present one, so that most keys cost no allocation
};

}  // namespace packetsentry::spool
