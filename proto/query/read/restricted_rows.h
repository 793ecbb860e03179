// Whether a row is one of those in which a column's values are those of a name.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "proto/query/expression.h"
#include "proto/query/read/read_batch.h"
#include "proto/rows/column_cursor.h"

namespace packetsentry::query {

// The sparse column of a field; null where the batch has none, or one of another kind.
[[nodiscard]] const proto::ColumnView* find_column(const proto::BatchView& view, std::string_view path,
                                                   wire::Column::Kind kind);

// A restriction of values rather than of rows (Restriction::Kind::record_type) holds for each row here.
class RestrictedRows {
  public:
    explicit RestrictedRows(const Restriction& restriction) : restriction_(restriction) {}

    // Forgets the batch before. The view must remain live while has() is called.
    void bind(const proto::BatchView& view);
    // Rows must be asked for in ascending order.
    [[nodiscard]] bool has(std::uint32_t row);

  private:
    [[nodiscard]] bool chain_fits(std::string_view chain) const;
    [[nodiscard]] bool is_egress(std::uint32_t row);
    [[nodiscard]] bool names_one_interface(std::uint32_t row);

    Restriction restriction_;
    const proto::BatchView* view_ = nullptr;
    std::vector<std::uint8_t> chains_;          // for each chain of layers, whether it fits
    std::optional<proto::ColumnCursor> field_;  // of Kind::with_field
    std::optional<proto::ColumnCursor> direction_, ingress_id_, egress_id_;
};

}  // namespace packetsentry::query
