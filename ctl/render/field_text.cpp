#include "ctl/render/field_text.h"

#include "ctl/render/escape.h"
#include "ctl/render/value_form.h"

namespace packetsentry::ctl::render {

FieldText::FieldText(const rows::FieldInfo& info, std::string_view name)
    : names_(rows::named_numbers(info.path, name)),
      hex_digits_(form_as_elsewhere(name).hex_digits),
      numbered_(names_ != nullptr && name != info.path) {}

void FieldText::append(TextBuffer& out, const query::FieldValue& value, AddressTexts& addresses,
                       PacketTime& time) const {
    switch (value.kind) {
        case rows::FieldKind::number:
            return append_number(out, value.number);
        case rows::FieldKind::text:
            return append_text(out, value.text);
        case rows::FieldKind::address:
            return out.append(addresses.text(static_cast<std::uint32_t>(value.number)));
        case rows::FieldKind::time:
            return out.append(time.text(value.time_ns()));
        case rows::FieldKind::flag:
            return out.append(value.number != 0 ? "yes" : "no");
    }
}

void FieldText::append_number(TextBuffer& out, std::uint64_t number) const {
    append_bare_number(out, number);
    if (names_ == nullptr || number > 0xFFFFFFFF) return;
    const std::string name = names_->name_of(static_cast<std::uint32_t>(number));
    if (!name.empty()) out.append(" (", name, ")");
}

void FieldText::append_text(TextBuffer& out, std::string_view text) const {
    const auto number = numbered_ ? names_->number_of(text) : std::nullopt;
    if (!number) return append_escaped(out, text);
    append_bare_number(out, *number);
    out.append(" (");
    append_escaped(out, text);
    out.append(')');
}

void FieldText::append_bare_number(TextBuffer& out, std::uint64_t number) const {
    if (hex_digits_ == 0) return out.append_number(number);
    constexpr std::string_view kDigits = "0123456789abcdef";
    unsigned digits = hex_digits_;
    while (digits < 16 && number >> (4 * digits) != 0) ++digits;
    out.append("0x");
    while (digits-- > 0) out.append(kDigits[number >> (4 * digits) & 0xF]);
}

}  // namespace packetsentry::ctl::render
