#include "daemon/dissect/application/distinguished_name.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/dissect/application/der.h"
#include "daemon/dissect/application/encoded_bytes.h"

namespace packetsentry::dissect {
namespace {

// An honest name is far below these (RFC 5280 appendix A.1).
constexpr std::size_t kNameBytesLimit = 4096, kAttributeLimit = 64;

struct AttributeName {
    std::string_view type;  // the content of its object identifier
    std::string_view name;
};
// RFC 4514 section 3 has nine of them, and OpenSSL has named the others.
constexpr AttributeName kAttributeNames[] = {
    {"\x55\x04\x03", "CN"},  // 2.5.4.3, X.520
    {"\x55\x04\x04", "SN"},
    {"\x55\x04\x05", "serialNumber"},
    {"\x55\x04\x06", "C"},
    {"\x55\x04\x07", "L"},
    {"\x55\x04\x08", "ST"},
    {"\x55\x04\x09", "street"},
    {"\x55\x04\x0A", "O"},
    {"\x55\x04\x0B", "OU"},
    {"\x55\x04\x0C", "title"},
    {"\x55\x04\x0D", "description"},
    {"\x55\x04\x0F", "businessCategory"},
    {"\x55\x04\x10", "postalAddress"},
    {"\x55\x04\x11", "postalCode"},
    {"\x55\x04\x12", "postOfficeBox"},
    {"\x55\x04\x14", "telephoneNumber"},
    {"\x55\x04\x29", "name"},
    {"\x55\x04\x2A", "GN"},
    {"\x55\x04\x2B", "initials"},
    {"\x55\x04\x2C", "generationQualifier"},
    {"\x55\x04\x2D", "x500UniqueIdentifier"},
    {"\x55\x04\x2E", "dnQualifier"},
    {"\x55\x04\x41", "pseudonym"},
    {"\x55\x04\x61", "organizationIdentifier"},
    {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x01", "UID"},  // 0.9.2342.19200300.100.1.1, RFC 4519
    {"\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x19", "DC"},
    {"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01", "emailAddress"},  // 1.2.840.113549.1.9.1, RFC 2985
    {"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x02", "unstructuredName"},
    {"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x08", "unstructuredAddress"},
    // 1.3.6.1.4.1.311.60.2.1.1, of extended validation certificates
    {"\x2B\x06\x01\x04\x01\x82\x37\x3C\x02\x01\x01", "jurisdictionL"},
    {"\x2B\x06\x01\x04\x01\x82\x37\x3C\x02\x01\x02", "jurisdictionST"},
    {"\x2B\x06\x01\x04\x01\x82\x37\x3C\x02\x01\x03", "jurisdictionC"},
};

// Empty where it has none.
std::string_view attribute_name(std::string_view type) {
    const auto* const found = std::ranges::find(kAttributeNames, type, &AttributeName::type);
    return found == std::end(kAttributeNames) ? std::string_view() : found->name;
}

struct Place {
    bool first, last;
};

bool is_control(char c) {
    constexpr char kDelete = 0x7F;
    return (c >= 0 && c < ' ') || c == kDelete;
}

// RFC 4514 section 2.4. A blank matters only where it would get lost, and '#' where hex would begin.
bool is_special(char c, Place place) {
    if (c == ' ') return place.first || place.last;
    if (c == '#') return place.first;
    return std::string_view(",+\"\\<>;").find(c) != std::string_view::npos;
}

void put_character(char c, Place place, Dissection& out) {
    if (is_control(c)) {
        out.put('\\');
        return put_upper_hex_bytes(std::as_bytes(std::span(&c, 1)), out);
    }
    if (is_special(c, place)) out.put('\\');
    out.put(c);
}

void put_characters(std::string_view text, Dissection& out) {
    for (std::size_t i = 0; i < text.size(); ++i)
        put_character(text[i], {.first = i == 0, .last = i + 1 == text.size()}, out);
}

constexpr char32_t kEndOfOneByte = 0x80, kEndOfTwoBytes = 0x800, kEndOfThreeBytes = 0x10000;
constexpr char32_t kEndOfCharacters = 0x110000, kReplacement = 0xFFFD;
constexpr char32_t kHighSurrogates = 0xD800, kLowSurrogates = 0xDC00, kEndOfSurrogates = 0xE000;

// RFC 3629 section 3. c is beyond ASCII.
void put_utf8(char32_t c, Dissection& out) {
    if (c >= kEndOfCharacters || (c >= kHighSurrogates && c < kEndOfSurrogates)) c = kReplacement;
    const auto put_rest = [&](int shift) { out.put(static_cast<char>(0x80 | (c >> shift & 0x3F))); };
    if (c < kEndOfTwoBytes) {
        out.put(static_cast<char>(0xC0 | c >> 6));
    } else if (c < kEndOfThreeBytes) {
        out.put(static_cast<char>(0xE0 | c >> 12));
        put_rest(6);
    } else {
        out.put(static_cast<char>(0xF0 | c >> 18));
        put_rest(12);
        put_rest(6);
    }
    put_rest(0);
}

// A BMPString has no characters beyond 16 bits, but those who make certificates write them as UTF-16 does
// (RFC 2781 section 2.2).
char32_t read_utf16(Cursor& text) {
    const char32_t first = text.u16();
    const char32_t next = char32_t{text.peek()} << 8 | text.peek(1);
    const bool is_pair = first >= kHighSurrogates && first < kLowSurrogates && next >= kLowSurrogates &&
                         next < kEndOfSurrogates;
    if (!is_pair) return first;
    text.skip(2);
    return kEndOfThreeBytes + ((first - kHighSurrogates) << 10 | (next - kLowSurrogates));
}

// Puts characters of two or four bytes. false: the last one is cut off.
bool put_wide_characters(Cursor text, std::size_t width, Dissection& out) {
    if (text.remaining() % width != 0) {
        out.malformed = true;
        return false;
    }
    for (bool first = true; !text.empty(); first = false) {
        const char32_t c = width == 2 ? read_utf16(text) : char32_t{text.u32()};
        if (c < kEndOfOneByte)
            put_character(static_cast<char>(c), {.first = first, .last = text.empty()}, out);
        else
            put_utf8(c, out);
    }
    return true;
}

// false: it is no text, and nothing was put.
bool put_text(const DerElement& value, Dissection& out) {
    switch (value.tag) {
        case kDerUtf8String:
        case kDerNumericString:
        case kDerPrintableString:
        case kDerTeletexString:
        case kDerIa5String:
        case kDerVisibleString:
            put_characters(value.content.left_text(), out);
            return true;
        case kDerBmpString:
            return put_wide_characters(value.content, 2, out);
        case kDerUniversalString:
            return put_wide_characters(value.content, 4, out);
        default:
            return false;
    }
}

// AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }. A value whose type has no name is
// in hex, because nobody can tell what it means (RFC 4514 section 2.4).
bool put_attribute(Cursor attribute, Dissection& out) {
    const Cursor type = read_der(attribute, kDerObjectIdentifier);
    const DerElement value = read_der(attribute);
    if (attribute.failed() || !attribute.empty()) {
        out.malformed = true;
        return false;
    }
    const std::string_view name = attribute_name(type.left_text());
    out.put(name);
    if (name.empty() && !put_der_identifier(type, out)) return false;
    out.put('=');
    if (!name.empty() && put_text(value, out)) return true;
    out.put('#');
    put_upper_hex_bytes(value.bytes, out);
    return true;
}

// The attributes of a name, in the order of the certificate.
class Attributes {
  public:
    // Name ::= SEQUENCE OF RelativeDistinguishedName. false: it is none, or there are too many attributes.
    bool read(Cursor name, Dissection& out) {
        bool within_limit = true;
        while (within_limit && !name.empty()) {
            Cursor set = read_der(name, kDerSet);
            if (set.empty()) name.fail();
            within_limit = read_set(set);
            if (set.malformed()) name.fail();
        }
        if (name.failed()) out.malformed = true;
        if (!within_limit) out.incomplete = true;
        return within_limit && !name.failed();
    }

    // The last one comes first, also among those of one set: OpenSSL does so.
    bool put(Dissection& out) const {
        for (std::size_t i = count_; i > 0; --i) {
            if (!put_attribute(all_[i - 1].content, out)) return false;
            if (i > 1) out.put(all_[i - 1].begins_set ? ',' : '+');
        }
        return true;
    }

  private:
    struct Attribute {
        Cursor content;
        bool begins_set = false;
    };

    // RelativeDistinguishedName ::= SET OF AttributeTypeAndValue. false: there are too many attributes.
    bool read_set(Cursor& set) {
        for (bool first = true; !set.empty(); first = false) {
            if (count_ == all_.size()) return false;
            const Cursor content = read_der(set, kDerSequence);
            if (!set.failed()) all_[count_++] = {content, first};
        }
        return true;
    }

    std::array<Attribute, kAttributeLimit> all_{};
    std::size_t count_ = 0;
};

}  // namespace

bool put_distinguished_name(Cursor name, Dissection& out) {
    if (name.remaining() > kNameBytesLimit) {
        out.incomplete = true;
        return false;
    }
    Attributes attributes;
    return attributes.read(name, out) && attributes.put(out);
}

}  // namespace packetsentry::dissect
