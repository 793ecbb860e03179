// What a format makes of one batch.
#pragma once

#include <string>

#include "ctl/render/row_writer.h"

namespace packetsentry::ctl::render {

inline std::string written(RowWriter& writer, const proto::BatchView& view, const RowOrigin& origin = {}) {
    RowBatch batch;
    batch.begin(origin, view);
    return std::string(writer.write(batch));
}

}  // namespace packetsentry::ctl::render
