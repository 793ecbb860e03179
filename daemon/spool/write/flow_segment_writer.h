// Fills segments of the table of conversations, which have no pcapng.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/flows/flow.h"
#include "daemon/record/flow_batch_builder.h"
#include "daemon/spool/write/growing_rows.h"
#include "daemon/spool/write/segment_output.h"
#include "daemon/spool/write/table_writer.h"

namespace packetsentry::spool {

class FlowSegmentWriter final : public TableWriter {
  public:
    // run: of the job, from 1. with_direction: as for record::FlowBatchBuilder. output must outlive this
    // object.
    FlowSegmentWriter(SegmentOutput& output, std::uint32_t run, bool with_direction,
                      const SegmentLimits& limits = {});

    void begin(const FileHeader& header, Time now) override;
    // number: of the row in this run of the job, from 1. Numbers must ascend; where one is left out, another
    // block begins. The rest is as for record::FlowBatchBuilder.
    void append(std::uint64_t number, const flows::Flow& flow, flows::FlowReason reason,
                std::string_view interface_name, std::uint32_t link_type, std::uint64_t lost, Time now);

    [[nodiscard]] std::optional<Time> block_due() const override;
    void end_block() override;
    [[nodiscard]] bool full(Time now) const override;
    [[nodiscard]] std::uint64_t bytes() const override { return file_.progress().rows_bytes; }
    [[nodiscard]] std::uint64_t rows_refused() const override { return rows_refused_; }

  private:
    std::uint32_t run_;
    SegmentLimits limits_;
    GrowingRows file_;
    record::FlowBatchBuilder block_;
    Time segment_begun_;
    Time block_begun_;
    std::uint64_t rows_refused_ = 0;
};

}  // namespace packetsentry::spool
