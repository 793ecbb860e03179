// What a format makes of the rows of a batch.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/render/formats.h"
#include "proto/rows/batch_view.h"
#include "tests/unit/ctl/render/log_lines.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {

inline std::string shown_rows(std::string_view format, const wire::Batch& batch) {
    return written(*find_format(format)->make({.table = batch.table()}),
                   proto::BatchView::check(batch).value());
}

// The columns of the only line of a log of Zeek, by their names.
inline std::map<std::string, std::string> zeek_columns_of(const wire::Batch& batch) {
    const auto writer = find_format("zeek")->make({.table = batch.table()});
    const std::vector<std::string> names = cells(line(std::string(writer->head()), 5));
    const std::vector<std::string> values = cells(line(shown_rows("zeek", batch), 0));
    EXPECT_EQ(names.size(), values.size() + 1);
    std::map<std::string, std::string> columns;
    for (std::size_t i = 0; i < values.size() && i + 1 < names.size(); ++i) columns[names[i + 1]] = values[i];
    return columns;
}

}  // namespace packetsentry::ctl::render
