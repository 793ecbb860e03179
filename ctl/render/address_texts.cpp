#include "ctl/render/address_texts.h"

#include "ctl/render/escape.h"

namespace packetsentry::ctl::render {
namespace {

struct Octet {
    std::array<char, 3> digits{};
    std::uint8_t size = 0;
    [[nodiscard]] constexpr std::string_view text() const { return {digits.data(), size}; }
};

constexpr auto kOctets = [] {
    std::array<Octet, 256> octets;
    for (unsigned value = 0; value < octets.size(); ++value) {
        Octet& octet = octets[value];
        if (value >= 100) octet.digits[octet.size++] = static_cast<char>('0' + value / 100);
        if (value >= 10) octet.digits[octet.size++] = static_cast<char>('0' + value / 10 % 10);
        octet.digits[octet.size++] = static_cast<char>('0' + value % 10);
    }
    return octets;
}();

void append_ipv4(TextBuffer& out, const base::Address& address) {
    const auto octet = [&address](std::size_t i) {
        return kOctets[std::to_integer<std::uint8_t>(address.bytes[i])].text();
    };
    out.append(octet(0), ".", octet(1), ".", octet(2), ".", octet(3));
}

void append_mac(TextBuffer& out, const base::Address& address, MacStyle style) {
    const std::string_view digits = style == MacStyle::colons ? "0123456789abcdef" : "0123456789ABCDEF";
    for (std::size_t i = 0; i < address.size; ++i) {
        if (i != 0) out.append(style == MacStyle::colons ? ':' : '-');
        const auto value = std::to_integer<unsigned>(address.bytes[i]);
        out.append(digits[value >> 4]);
        out.append(digits[value & 15]);
    }
}

// All but printable ASCII is escaped, and blanks and brackets too, because a name that a stranger has chosen
// must not pass for another part of the line. Names on the wire are ASCII: others have their form of RFC 5890
// there.
void append_wire_name(TextBuffer& out, std::string_view name) {
    out.append(" (");
    for (const char letter : name) {
        if (letter == '\\')
            out.append("\\\\");
        else if (letter > ' ' && letter < '\x7f' && letter != '(' && letter != ')')
            out.append(letter);
        else
            append_hex_bytes(out, {&letter, 1});
    }
    out.append(')');
}

}  // namespace

void append_address(TextBuffer& out, const base::Address& address, MacStyle style) {
    if (address.size == 4)
        append_ipv4(out, address);
    else if (address.size == 16)
        out.append(base::to_string(address));
    else
        append_mac(out, address, style);
}

void AddressTexts::begin(const proto::BatchView& view) {
    view_ = &view;
    texts_.clear();
    places_.assign(view.address_slots() + 1, {});
}

void AddressTexts::make(std::uint32_t slot, Place& place) {
    const std::size_t begin = texts_.size();
    append_address(texts_, view_->address(slot), style_);
    if (with_names_) {
        const proto::AddressName name = view_->name_of(slot);
        if (!name.text.empty()) append_wire_name(texts_, name.text);
    }
    place = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(texts_.size() - begin)};
}

}  // namespace packetsentry::ctl::render
