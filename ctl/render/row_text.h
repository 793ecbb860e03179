// A row's parts as text, ready to be put on a line or into a block.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ctl/render/address_texts.h"
#include "ctl/render/flow_summary.h"
#include "ctl/render/row_interfaces.h"
#include "ctl/render/text_buffer.h"
#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"
#include "proto/rows/fields.h"

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
    // with_names: the addresses that packets are from and go to have their names, as far as any were seen.
    explicit RowTexts(bool with_names = false) : ends_(MacStyle::colons, with_names) {}

    // Forgets the batch before, and makes the texts of these rows of this one. The view must remain live
    // while they are asked for.
    void begin(const proto::BatchView& view, std::span<const std::uint32_t> rows);
    // Valid until the next begin(). Of these rows, any may be asked for in any order, and again.
    [[nodiscard]] RowText row(std::uint32_t row) {
        return {.word = shapes_[view_->protocol_index(row)].word,
                .source = endpoint(view_->source(row), view_->source_mac(row)),
                .destination = endpoint(view_->destination(row), view_->destination_mac(row)),
                .summary = summary(row)};
    }
    [[nodiscard]] std::string_view summary(std::uint32_t row) const {
        const Part& part = summary_parts_[row];
        return summaries_.view().substr(part.begin, part.end - part.begin);
    }

  private:
    enum class HeaderDetail : std::uint8_t { tcp_flags, tcp_payload };
    using Detail = std::variant<std::size_t, HeaderDetail>;  // an index in cursors_, or no column

    // How rows of one protocol of this batch read.
    struct Shape {
        std::string word;
        bool shows_ports = false;
        std::vector<Detail> detail;
        std::optional<std::size_t> told;  // the detail that, where a row has it, tells of a tunnel itself
    };
    struct Part {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    // The columns that tell of an encapsulation, where this batch has them.
    struct Tunnel {
        std::optional<std::size_t> type, source, destination;
    };
    [[nodiscard]] std::optional<std::size_t> column(const rows::FieldInfo& field) const;
    [[nodiscard]] std::optional<Detail> detail(std::uint32_t field) const;
    [[nodiscard]] Shape shape_of(const wire::Protocol& protocol) const;
    // The texts of the addresses that packets are from and go to.
    [[nodiscard]] AddressTexts& ends() { return ends_.with_names() ? ends_ : addresses_; }
    [[nodiscard]] std::string_view endpoint(std::uint32_t address, std::uint32_t mac) {
        AddressTexts& texts = ends();
        if (address != 0) return texts.text(address);
        return mac != 0 ? texts.text(mac) : "?";
    }
    void append_summary(std::uint32_t row);
    void append_head(std::uint32_t row, const Shape& shape);
    void append_detail(std::uint32_t row, HeaderDetail detail);
    void append_values(std::uint32_t row, std::size_t cursor);
    void append_value(std::size_t cursor, std::size_t value);
    // The address that a packet in a tunnel is from, or goes to.
    void append_inner_end(std::uint32_t row, std::optional<std::size_t> cursor);
    void append_tunnel(std::uint32_t row, const Shape& shape);
    void append_outcome(std::uint32_t row);
    void append_interface(std::uint32_t row);
    [[nodiscard]] bool has(std::uint32_t row, std::optional<std::size_t> cursor);
    [[nodiscard]] std::optional<std::uint64_t> number(std::uint32_t row, std::optional<std::size_t> cursor);
    void append_last(std::uint32_t row, std::optional<std::size_t> cursor);

    const proto::BatchView* view_ = nullptr;
    AddressTexts addresses_{MacStyle::colons};
    AddressTexts ends_;  // in use where names are shown
    std::vector<proto::ColumnCursor> cursors_;
    std::vector<bool> plain_;  // whether all text of the column goes out as it is
    std::vector<Shape> shapes_;
    FlowSummary flow_summary_;  // of a batch of flows
    Tunnel tunnel_;
    RowInterfaces interfaces_;
    std::optional<std::size_t> outcome_;  // of a question, a request or a hello
    std::optional<std::size_t> repeats_;  // of it
    std::optional<std::size_t> established_;
    std::optional<std::size_t> ingress_id_;
    std::optional<std::size_t> egress_id_;
    TextBuffer summaries_;             // of all rows, one behind the other
    std::vector<Part> summary_parts_;  // of summaries_, for each row
};

}  // namespace packetsentry::ctl::render
