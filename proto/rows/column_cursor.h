// Reads a sparse column row by row: rows ascend, so one running index finds the values.
#pragma once

#include <cstddef>
#include <cstdint>

#include "proto/rows/batch_view.h"

namespace packetsentry::proto {

// Values first to last - 1 of a column are a row's.
struct ValueRange {
    std::size_t first = 0;
    std::size_t last = 0;
    [[nodiscard]] bool empty() const { return first == last; }
    [[nodiscard]] std::size_t size() const { return last - first; }
};

// The column must outlive it. Asked for rows in ascending order; the same row may be asked again.
class ColumnCursor {
  public:
    explicit ColumnCursor(const ColumnView& column) : column_(&column), values_(column.values()) {}

    [[nodiscard]] const ColumnView& column() const { return *column_; }
    [[nodiscard]] ValueRange at(std::uint32_t row) {
        while (next_ < values_ && column_->row(next_) < row) ++next_;
        std::size_t last = next_;
        while (last < values_ && column_->row(last) == row) ++last;
        return {next_, last};
    }

  private:
    const ColumnView* column_;
    std::size_t values_;
    std::size_t next_ = 0;
};

}  // namespace packetsentry::proto
