// A row's parts as text, ready to be put on a line or into a block.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/render/address_texts.h"
#include "ctl/render/column_cursor.h"
#include "ctl/render/text_buffer.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl::render {

// Everything escaped. source and destination: the network address, else the MAC, else "?".
struct RowText {
    std::string_view word;  // "DNS"
    std::string_view source;
    std::string_view destination;
    std::string_view summary;  // "TCP 12345 -> 80 GET", "DNS example.com", with tunnel and marks
};

// Allocates a little per batch and nothing per row.
class RowTexts {
  public:
    // The view must outlive the calls of row().
    void begin(const proto::BatchView& view);
    // Rows in ascending order. Valid until the next call.
    [[nodiscard]] const RowText& row(std::uint32_t row);
    // Whether the packet came or was sent, as seen from whoever captured; not every link type tells.
    enum class Direction : std::uint8_t { unknown, ingress, egress };
    [[nodiscard]] Direction direction(std::uint32_t row);
    // Returns the name of the interface by which the packet came or was sent. It is empty where only the
    // interface's number is known, or nothing of it.
    [[nodiscard]] std::string_view interface_name(std::uint32_t row);

  private:
    // How rows of one protocol of this batch read.
    struct Shape {
        std::string word;
        bool shows_ports = false;
        std::vector<std::size_t> detail;  // indices in cursors_
        std::optional<std::size_t> told;  // the detail that, where a row has it, tells of a tunnel itself
    };
    // The columns that tell of an encapsulation, where this batch has them.
    struct Tunnel {
        std::optional<std::size_t> type, source, destination;
    };
    [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
    [[nodiscard]] Shape shape_of(const wire::Protocol& protocol) const;
    [[nodiscard]] std::string_view endpoint(std::uint32_t address, std::uint32_t mac);
    void append_head(std::uint32_t row, const Shape& shape);
    void append_values(std::uint32_t row, std::size_t cursor);
    void append_value(std::size_t cursor, std::size_t value);
    void append_tunnel(std::uint32_t row, const Shape& shape);
    void append_interface(std::uint32_t row);
    [[nodiscard]] bool has(std::uint32_t row, std::optional<std::size_t> cursor);
    void append_last(std::uint32_t row, std::optional<std::size_t> cursor);

    const proto::BatchView* view_ = nullptr;
    AddressTexts addresses_{MacStyle::colons};
    std::vector<ColumnCursor> cursors_;
    std::vector<bool> plain_;  // whether all text of the column goes out as it is
    std::vector<Shape> shapes_;
    Tunnel tunnel_;
    std::optional<std::size_t> direction_;
    std::optional<std::size_t> ingress_id_;
    std::optional<std::size_t> egress_id_;
    TextBuffer summary_;
    RowText text_;
};

}  // namespace packetsentry::ctl::render
