// Fills segments of a table whose rows are each made of several packets (record/derived_batch_builder.h).
// They have no pcapng.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/record/derived_batch_builder.h"
#include "daemon/spool/write/growing_rows.h"
#include "daemon/spool/write/segment_output.h"
#include "daemon/spool/write/table_writer.h"

namespace packetsentry::spool {

class DerivedSegmentWriter final : public TableWriter {
  public:
    // block: what the rows of a block are appended to, which nothing else uses. run: of the job, from 1.
    // block and output must outlive this object.
    DerivedSegmentWriter(record::DerivedBatchBuilder& block, SegmentOutput& output, std::uint32_t run,
                         const SegmentLimits& limits = {});

    void begin(const FileHeader& header, Time now) override;
    // number: of the row in this run of the job, from 1. Numbers must ascend; where one is left out, another
    // block begins. append_row() appends the row to the block; a row that is refused is not appended.
    template <typename AppendRow>
    void append(std::uint64_t number, Time now, AppendRow append_row) {
        if (!admit(number, now)) return;
        append_row();
        if (block_.rows() >= limits_.block_rows || block_.full()) end_block();
    }

    [[nodiscard]] std::optional<Time> block_due() const override;
    void end_block() override;
    [[nodiscard]] bool full(Time now) const override;
    [[nodiscard]] std::uint64_t bytes() const override { return file_.progress().rows_bytes; }
    [[nodiscard]] std::uint64_t rows_refused() const override { return rows_refused_; }

  private:
    // Prepares the block for the row with this number. False: the row is refused, and counted.
    [[nodiscard]] bool admit(std::uint64_t number, Time now);

    record::DerivedBatchBuilder& block_;
    std::uint32_t run_;
    SegmentLimits limits_;
    GrowingRows file_;
    Time segment_begun_;
    Time block_begun_;
    std::uint64_t rows_refused_ = 0;
};

}  // namespace packetsentry::spool
