// The inside of a packet: its layers and their fields, below its line.
//
//     IPv4
//       ip.src    192.0.2.1  The sender in the outermost IP header
//       ip.proto  6 (TCP)    The number that IANA gave to what the outermost IP header carries
//
// Below the line of a flow stand its fields, by their paths.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/render/address_texts.h"
#include "ctl/render/field_text.h"
#include "ctl/render/layer_plan.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/row_batch.h"
#include "ctl/render/text_buffer.h"
#include "proto/query/read/field_reader.h"

namespace packetsentry::ctl::render {

class PacketDetails {
  public:
    // coloured: for a terminal.
    explicit PacketDetails(bool coloured);

    // Forgets the batch before. The batch must remain live and unchanged while rows are appended.
    void begin(const RowBatch& batch);
    // Rows must be asked for in ascending order.
    void append(TextBuffer& out, std::uint32_t row);

  private:
    struct Field {
        PlannedField planned;
        FieldText text;
    };
    struct Layer {
        std::string title;
        std::vector<Field> fields;
    };
    struct Text {
        std::size_t begin;
        std::size_t end;
    };
    // A field that the row has, as it is shown.
    struct Shown {
        const Field* field;
        std::vector<Text> values;  // in texts_
    };

    [[nodiscard]] const std::vector<Layer>& layers_of(std::uint32_t chain);
    void collect(const Layer& layer, std::uint32_t row);
    void collect_values(Shown& shown, std::span<const query::FieldValue> values);
    void measure();
    void append_title(TextBuffer& out, std::string_view title) const;
    void append_field(TextBuffer& out, const Shown& shown) const;
    void append_values(TextBuffer& out, const Shown& shown, std::size_t column) const;
    // end: the column behind the value.
    void append_meaning_behind(TextBuffer& out, const rows::FieldInfo& info, std::size_t end) const;
    void append_meaning(TextBuffer& out, std::string_view meaning, std::size_t at) const;
    [[nodiscard]] std::string_view text(const Text& text) const {
        return texts_.view().substr(text.begin, text.end - text.begin);
    }

    bool coloured_;
    const proto::BatchView* view_ = nullptr;
    std::vector<query::FieldReader> readers_;               // one for each row of rows::kFields
    std::vector<std::optional<std::vector<Layer>>> plans_;  // for each chain of the batch that was met
    AddressTexts addresses_{MacStyle::colons};
    PacketTime time_{TimeFormat::rfc3339};
    // These belong to the layer that is being written.
    TextBuffer texts_;
    std::vector<Shown> shown_;  // the first count_ of them
    std::size_t count_ = 0;
    std::size_t name_width_ = 0;
    std::size_t value_width_ = 0;
};

}  // namespace packetsentry::ctl::render
