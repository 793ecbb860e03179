#include "daemon/spool/write/derived_segment_writer.h"

#include <algorithm>
#include <string>

namespace packetsentry::spool {

DerivedSegmentWriter::DerivedSegmentWriter(record::DerivedBatchBuilder& block, SegmentOutput& output,
                                           std::uint32_t run, const SegmentLimits& limits)
    : block_(block), run_(run), limits_(limits), file_(output) {
    limits_.block_rows = std::min(limits_.block_rows, record::DerivedBatchBuilder::kRowLimit);
}

void DerivedSegmentWriter::begin(const FileHeader& header, Time now) {
    segment_begun_ = now;
    file_.begin(header, 0);
}

bool DerivedSegmentWriter::admit(std::uint64_t number, Time now) {
    if (number < block_.next_number() || number > proto::kNumberLimit) {
        ++rows_refused_;
        return false;
    }
    if (const auto due = block_due(); due && (now >= *due || number != block_.next_number())) end_block();
    if (block_.rows() == 0) {
        block_.number_from(number);
        block_begun_ = now;
    }
    return true;
}

std::optional<DerivedSegmentWriter::Time> DerivedSegmentWriter::block_due() const {
    if (block_.rows() == 0) return std::nullopt;
    return block_begun_ + limits_.block_age;
}

void DerivedSegmentWriter::end_block() {
    const std::uint32_t rows = block_.rows();
    if (rows == 0) return;
    const auto seal = [this](std::string& file, std::uint32_t block, std::uint64_t seed) {
        return append_block(file, block_, block, run_, seed);
    };
    if (!file_.append(seal, 0)) rows_refused_ += rows;
}

bool DerivedSegmentWriter::full(Time now) const {
    return file_.progress().rows + block_.rows() >= limits_.rows || bytes() >= limits_.bytes ||
           now - segment_begun_ >= limits_.age;
}

}  // namespace packetsentry::spool
