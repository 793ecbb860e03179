// What a format makes of one batch.
#pragma once

#include <string>

#include "ctl/render/row_writer.h"

namespace packetsentry::ctl::render {

inline std::string written(RowWriter& writer, const proto::BatchView& view,
                           std::uint64_t first_sequence = 1) {
    RowBatch batch;
    batch.begin(first_sequence, view);
    return std::string(writer.write(batch));
}

}  // namespace packetsentry::ctl::render
