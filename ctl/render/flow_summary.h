// What the line of a conversation says behind its ends.
#pragma once

#include <cstdint>
#include <optional>

#include "ctl/render/text_buffer.h"
#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {

class FlowSummary {
  public:
    // Forgets the batch before. The view must remain live while append() is called.
    void begin(const proto::BatchView& view);
    // "TCP 49152 -> 80 SF 5.213 s, 12 packets 3.4 KiB out, 10 packets 20.1 KiB back, 2 sent again". Where the
    // responder has a name, it stands behind the ports: "TCP 49152 -> 80 (www.example.com) SF 5.213 s, …".
    // Rows must be asked for in ascending order.
    void append(TextBuffer& out, std::uint32_t row);

  private:
    using Cursor = std::optional<proto::ColumnCursor>;  // none: the batch has no such column

    [[nodiscard]] Cursor column(const rows::FieldInfo& field) const;
    [[nodiscard]] static std::uint64_t number(Cursor& cursor, std::uint32_t row);
    static void append_text(TextBuffer& out, Cursor& cursor, std::uint32_t row);
    static void append_side(TextBuffer& out, Cursor& packets, Cursor& bytes, std::uint32_t row);
    static void append_count(TextBuffer& out, std::uint64_t count, std::string_view what);
    void append_ends(TextBuffer& out, std::uint32_t row) const;
    void append_name(TextBuffer& out, std::uint32_t row);
    void append_troubles(TextBuffer& out, std::uint32_t row);
    void append_reason(TextBuffer& out, std::uint32_t row);

    const proto::BatchView* view_ = nullptr;
    Cursor name_, state_, reason_, source_packets_, source_bytes_, destination_packets_, destination_bytes_;
    Cursor source_repeats_, destination_repeats_, source_late_, destination_late_, missed_;
};

}  // namespace packetsentry::ctl::render
