#include "daemon/spool/write/flow_segment_writer.h"

#include <algorithm>
#include <string>

namespace packetsentry::spool {

FlowSegmentWriter::FlowSegmentWriter(SegmentOutput& output, std::uint32_t run, bool with_direction,
                                     const SegmentLimits& limits)
    : run_(run), limits_(limits), file_(output), block_(with_direction) {
    limits_.block_rows = std::min(limits_.block_rows, record::FlowBatchBuilder::kRowLimit);
}

void FlowSegmentWriter::begin(const FileHeader& header, Time now) {
    segment_begun_ = now;
    file_.begin(header, 0);
}

void FlowSegmentWriter::append(std::uint64_t number, const flows::Flow& flow, flows::FlowReason reason,
                               std::string_view interface_name, std::uint32_t link_type, std::uint64_t lost,
                               Time now) {
    if (number < block_.next_number() || number > proto::kNumberLimit) {
        ++rows_refused_;
        return;
    }
    if (const auto due = block_due(); due && (now >= *due || number != block_.next_number())) end_block();
    if (block_.rows() == 0) {
        block_.number_from(number);
        block_begun_ = now;
    }
    block_.append(flow, reason, interface_name, link_type, lost);
    if (block_.rows() >= limits_.block_rows || block_.full()) end_block();
}

std::optional<FlowSegmentWriter::Time> FlowSegmentWriter::block_due() const {
    if (block_.rows() == 0) return std::nullopt;
    return block_begun_ + limits_.block_age;
}

void FlowSegmentWriter::end_block() {
    const std::uint32_t rows = block_.rows();
    if (rows == 0) return;
    const auto seal = [this](std::string& file, std::uint32_t block, std::uint64_t seed) {
        return append_block(file, block_, block, run_, seed);
    };
    if (!file_.append(seal, 0)) rows_refused_ += rows;
}

bool FlowSegmentWriter::full(Time now) const {
    return file_.progress().rows + block_.rows() >= limits_.rows || bytes() >= limits_.bytes ||
           now - segment_begun_ >= limits_.age;
}

}  // namespace packetsentry::spool
