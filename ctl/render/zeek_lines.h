// What the logs of Zeek have in common: the lines above the first, how a value of each type is written,
// and the columns with which every log about a conversation begins
// (https://docs.zeek.org/en/master/log-formats.html, "Zeek TSV Format Logs").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ctl/render/address_texts.h"
#include "ctl/render/batch_column.h"
#include "ctl/render/text_buffer.h"
#include "proto/flows/row_community_ids.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl::render {

struct ZeekField {
    std::string_view name;
    std::string_view type;
};

inline constexpr ZeekField kTransportField = {"proto", "enum"};

// The lines that tell a reader how to read the others. fields: those behind the columns of
// ZeekLines::put_conversation().
[[nodiscard]] std::string zeek_head(std::string_view path, std::span<const ZeekField> fields);

// The lines of one batch after another. Each put_…() writes one column of the line that it is in.
class ZeekLines {
  public:
    // Forgets the lines before. The view must remain live while its rows are put.
    void begin(const proto::BatchView& view);
    [[nodiscard]] std::string_view view() const { return lines_.view(); }

    // The identifier of the row's conversation; empty: it has none. Valid until the next call.
    [[nodiscard]] std::string_view community(std::uint32_t row);

    // When the row began, and between whom it was: ts, uid, and the four of id.
    void put_conversation(std::uint32_t row);
    // The column of kTransportField, which goes behind them where a log has it.
    void put_transport(std::uint32_t row);
    // What Zeek knows to be safe to print: its own words.
    void put(std::string_view word);
    void put_unset() { put(kUnset); }
    // A text of no bytes at all, which is another thing than none.
    void put_empty() { put(kEmpty); }
    // Bytes from the wire; unset where there are none.
    void put_text(std::string_view bytes);
    void put_number(std::uint64_t number);
    void put_number(std::optional<std::uint64_t> number) { number ? put_number(*number) : put_unset(); }
    void put_truth(bool truth) { put(truth ? "T" : "F"); }
    void put_seconds(std::int64_t nanoseconds);
    // A vector or a set: begin_values(), one add_…() for each value, and end_values(), which writes that
    // it is unset where no value has come.
    void begin_values();
    void add_text(std::string_view bytes);
    void add_seconds(std::int64_t nanoseconds);
    void end_values();
    void end_line() { lines_.append('\n'); }

  private:
    static constexpr std::string_view kUnset = "-";
    static constexpr std::string_view kEmpty = "(empty)";
    enum class Among : std::uint8_t { columns, values };

    void separate();
    void separate_value();
    void append_text(std::string_view bytes, Among among);
    void append_hex(std::string_view bytes);
    void append_seconds(std::int64_t nanoseconds);
    void put_end(std::uint32_t address, std::uint16_t port);

    const proto::BatchView* view_ = nullptr;
    AddressTexts addresses_{MacStyle::colons};
    BatchColumn community_;  // only some tables have the identifier as a column
    flows::RowCommunityIds community_ids_;
    TextBuffer lines_;
    std::size_t values_begin_ = 0;
};

}  // namespace packetsentry::ctl::render
