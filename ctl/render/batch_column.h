// One sparse column of a batch, read row by row. A batch that has no such column has no value of it in
// any row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {

// Rows must be asked for in ascending order; the same row may be asked again. The view must outlive it.
class BatchColumn {
  public:
    BatchColumn() = default;
    // A column whose values are not of the field's kind, as only a forged batch has it, counts as none.
    BatchColumn(const proto::BatchView& view, const rows::FieldInfo& field) {
        const auto kind = rows::column_kind(field.kind);
        const auto found = std::ranges::find_if(view.columns(), [&](const proto::ColumnView& column) {
            return column.field() == &field && column.kind() == kind;
        });
        if (found != view.columns().end()) cursor_.emplace(*found);
    }

    [[nodiscard]] proto::ValueRange values(std::uint32_t row) {
        return cursor_ ? cursor_->at(row) : proto::ValueRange{};
    }
    [[nodiscard]] bool has(std::uint32_t row) { return !values(row).empty(); }
    // The first value of the row; nothing: it has none.
    [[nodiscard]] std::string_view text(std::uint32_t row) {
        const proto::ValueRange range = values(row);
        return range.empty() ? std::string_view() : text_at(range.first);
    }
    [[nodiscard]] std::optional<std::uint64_t> number(std::uint32_t row) {
        const proto::ValueRange range = values(row);
        return range.empty() ? std::nullopt : std::optional(number_at(range.first));
    }
    // A value of those that values() has told.
    [[nodiscard]] std::string_view text_at(std::size_t value) const { return cursor_->column().text(value); }
    [[nodiscard]] std::uint64_t number_at(std::size_t value) const { return cursor_->column().number(value); }

  private:
    std::optional<proto::ColumnCursor> cursor_;
};

}  // namespace packetsentry::ctl::render
