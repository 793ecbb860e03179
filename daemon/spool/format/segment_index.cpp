#include "daemon/spool/format/segment_index.h"

#include <optional>

#include "daemon/spool/format/index_builder.h"
#include "daemon/spool/format/rows_reader.h"

namespace packetsentry::spool {
namespace {

// block: reused from block to block, because making a batch costs more than reading one.
void add_frame(IndexBuilder& index, const Frame& frame, std::uint32_t table, wire::Batch& block) {
    if (block.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())))
        if (const auto batch = proto::BatchView::check(block); batch && matches(frame.facts, table, *batch))
            return index.add_block(frame.offset, frame.facts, *batch);
    index.add_unreadable(frame.offset, frame.facts);
}

}  // namespace

base::Result<std::string> index_rows_file(Bytes rows_file) {
    auto reader = RowsReader::open(rows_file);
    if (!reader) return std::unexpected(reader.error());
    IndexBuilder index(reader->header());
    wire::Batch block;
    // Where bytes without a header of a frame begin. The number of the frame behind them tells whether
    // they were a block.
    std::optional<std::uint64_t> unknown;
    while (const auto next = reader->next()) {
        if (*next) {
            add_frame(index, **next, reader->header().table, block);
            unknown.reset();
        } else if (next->error().problem == FrameProblem::header_damaged) {
            unknown = next->error().offset;
        } else if (next->error().problem != FrameProblem::partial) {
            index.add_unreadable(next->error().offset, *next->error().facts);
            unknown.reset();
        }
    }
    if (unknown) index.add_unreadable_end(*unknown);
    return index.finish(rows_file.size());
}

}  // namespace packetsentry::spool
