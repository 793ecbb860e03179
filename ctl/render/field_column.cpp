#include "ctl/render/field_column.h"

#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {
namespace {

bool is_summary(const query::Reference& field) {
    return !field.sources.empty() && field.sources.front().info == &rows::field("packetsentry.summary");
}

}  // namespace

FieldColumn::FieldColumn(const FieldChoice& choice, const ValueForm& form, Occurrence occurrence,
                         char aggregator)
    : reader_(choice.field, form.named),
      form_(form),
      occurrence_(occurrence),
      aggregator_(aggregator),
      is_summary_(is_summary(choice.field)),
      addresses_(form.mac),
      time_(form.time) {}

void FieldColumn::begin(RowBatch& batch) {
    if (is_summary_) {
        texts_ = &batch.texts();
        return;
    }
    reader_.bind(batch.view(), batch.numbers());
    addresses_.begin(batch.view());
}

FieldColumn::Cell FieldColumn::append(TextBuffer& out, std::uint32_t row) {
    if (is_summary_) return append_summary(out, row);
    const auto values = chosen(row);
    if (values.empty()) return Cell::none;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) out.append(aggregator_);
        append_value(out, values[i]);
    }
    return values.front().kind == rows::FieldKind::text ? Cell::text : Cell::other;
}

FieldColumn::Cell FieldColumn::append_summary(TextBuffer& out, std::uint32_t row) {
    out.append(texts_->summary(row));
    return Cell::text;
}

std::span<const query::FieldValue> FieldColumn::chosen(std::uint32_t row) {
    const auto values = reader_.values(row);
    if (!form_.set_flag.empty() && !values.empty() && values.front().number == 0) return {};
    if (values.empty() || occurrence_ == Occurrence::all) return values;
    return occurrence_ == Occurrence::first ? values.first(1) : values.last(1);
}

void FieldColumn::append_value(TextBuffer& out, const query::FieldValue& value) {
    switch (value.kind) {
        case rows::FieldKind::number:
            return append_number(out, value.number);
        case rows::FieldKind::text:
            return form_.text(out, value.text);
        case rows::FieldKind::address:
            return out.append(addresses_.text(static_cast<std::uint32_t>(value.number)));
        case rows::FieldKind::time:
            return out.append(time_.text(value.time_ns()));
        case rows::FieldKind::flag:
            if (!form_.set_flag.empty()) return out.append(form_.set_flag);
            if (!form_.flag_words) return out.append(value.number != 0 ? '1' : '0');
            return out.append(value.number != 0 ? std::string_view("true") : std::string_view("false"));
    }
}

void FieldColumn::append_number(TextBuffer& out, std::uint64_t number) const {
    if (form_.hex_digits == 0) return out.append_number(number);
    out.append(std::string_view("0x"));
    for (unsigned digit = form_.hex_digits; digit > 0; --digit)
        out.append("0123456789abcdef"[number >> (4 * (digit - 1)) & 15]);
}

}  // namespace packetsentry::ctl::render
