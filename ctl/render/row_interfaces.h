// The interface that a row's packet came or left by.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"

namespace packetsentry::ctl::render {

// The name that stands for all interfaces rather than for one.
inline constexpr std::string_view kAnyInterface = "any";

// Whether the packet came or was sent, as seen from whoever captured; not every link type tells.
enum class Direction : std::uint8_t { unknown, ingress, egress };

// Asked for rows in ascending order.
class RowInterfaces {
  public:
    // Forgets the batch before. The view must remain live while rows of it are asked for.
    void begin(const proto::BatchView& view);
    [[nodiscard]] Direction direction(std::uint32_t row);
    // Returns the name of the interface by which the packet came or was sent. It is empty where only the
    // interface's number is known, or nothing of it.
    [[nodiscard]] std::string_view name(std::uint32_t row);

  private:
    using Cursor = std::optional<proto::ColumnCursor>;  // none: this batch has no such column
    [[nodiscard]] Cursor column(std::string_view name) const;
    [[nodiscard]] static bool has(std::uint32_t row, Cursor& cursor);

    const proto::BatchView* view_ = nullptr;
    Cursor direction_;
    Cursor ingress_id_;
    Cursor egress_id_;
};

}  // namespace packetsentry::ctl::render
