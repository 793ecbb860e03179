// One column of a table of fields: the values of a name, as text.
#pragma once

#include <cstdint>

#include "ctl/render/address_texts.h"
#include "ctl/render/field_settings.h"
#include "ctl/render/row_batch.h"
#include "ctl/render/text_buffer.h"
#include "ctl/render/value_form.h"
#include "proto/query/read/field_reader.h"

namespace packetsentry::ctl::render {

class FieldColumn {
  public:
    FieldColumn(const FieldChoice& choice, const ValueForm& form, Occurrence occurrence, char aggregator);

    // Forgets the batch before. The batch must remain live while its rows are appended.
    void begin(RowBatch& batch);

    // What a cell begins with; none: the row has no value.
    enum class Cell : std::uint8_t { none, text, other };
    // The values of the row, with the aggregator between them, safe to print. Rows must ascend. Allocates
    // nothing.
    Cell append(TextBuffer& out, std::uint32_t row);

  private:
    Cell append_summary(TextBuffer& out, std::uint32_t row);
    [[nodiscard]] std::span<const query::FieldValue> chosen(std::uint32_t row);
    void append_value(TextBuffer& out, const query::FieldValue& value);
    void append_number(TextBuffer& out, std::uint64_t number) const;

    query::FieldReader reader_;
    ValueForm form_;
    Occurrence occurrence_;
    char aggregator_;
    bool is_summary_;  // is composed of many fields, and has been made safe
    AddressTexts addresses_;
    PacketTime time_;
    RowTexts* texts_ = nullptr;
};

}  // namespace packetsentry::ctl::render
