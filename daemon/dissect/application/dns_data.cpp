#include "daemon/dissect/application/dns_data.h"

#include <algorithm>

#include "daemon/dissect/application/dns_name.h"
#include "daemon/dissect/application/dns_service.h"
#include "daemon/dissect/application/encoded_bytes.h"

namespace packetsentry::dissect {
namespace {

// What a type's data consists of, a letter each:
//   n name   1 2 4 number of so many bytes   _ two bytes that are not told   q text behind its length, quoted
//   t the same without quotes   s the rest as text, quoted   x the rest in hex   b the rest in base64
//   v the parameters of a service
struct Format {
    std::uint16_t type;
    std::string_view items;
};
constexpr Format kFormats[] = {
    {5, "n"},        // CNAME, RFC 1035 section 3.3
    {2, "n"},        // NS
    {12, "n"},       // PTR
    {15, "_n"},      // MX: who takes the mail, without the preference
    {6, "nn44444"},  // SOA
    {13, "qq"},      // HINFO
    {17, "nn"},      // RP, RFC 1183
    {18, "2n"},      // AFSDB
    {25, "211b"},    // KEY, RFC 2535
    {33, "222n"},    // SRV, RFC 2782
    {35, "22qqqn"},  // NAPTR, RFC 3403
    {36, "2n"},      // KX, RFC 2230
    {39, "n"},       // DNAME, RFC 6672
    {43, "211x"},    // DS, RFC 4034
    {44, "11x"},     // SSHFP, RFC 4255
    {48, "211b"},    // DNSKEY, RFC 4034
    {49, "b"},       // DHCID, RFC 4701
    {52, "111x"},    // TLSA, RFC 6698
    {53, "111x"},    // SMIMEA, RFC 8162
    {59, "211x"},    // CDS, RFC 7344
    {60, "211b"},    // CDNSKEY
    {61, "b"},       // OPENPGPKEY, RFC 7929
    {63, "411x"},    // ZONEMD, RFC 8976
    {64, "2nv"},     // SVCB, RFC 9460
    {65, "2nv"},     // HTTPS
    {256, "22s"},    // URI, RFC 7553
    {257, "1ts"},    // CAA, RFC 8659
};

const Format* find_format(std::uint16_t type) {
    const auto* const found = std::ranges::find(kFormats, type, &Format::type);
    return found == std::end(kFormats) ? nullptr : found;
}

void put_quoted(std::string_view text, Dissection& out) {
    out.put('"');
    for (const char c : text) {
        if (c == '"' || c == '\\') out.put('\\');
        out.put(c);
    }
    out.put('"');
}

// Text behind its length, in one byte.
std::string_view short_text(Cursor& data) {
    return data.sub(data.u8()).left_text();
}

// false: it is empty.
bool put_word(std::string_view word, Dissection& out) {
    out.put(word);
    return !word.empty();
}

// Tells whether the item may have no bytes at all.
bool takes_the_rest(char item) {
    return item == 's' || item == 'x' || item == 'b' || item == 'v';
}

// Writes one item. false: it is not there.
bool put_item(char item, const Cursor& whole, Cursor& data, int& hops, Dissection& out) {
    switch (item) {
        case 'n':
            return read_dns_name(whole, data, out, hops) == DnsNameState::whole;
        case '1':
            out.put_number(data.u8());
            break;
        case '2':
            out.put_number(data.u16());
            break;
        case '4':
            out.put_number(data.u32());
            break;
        case 'q':
            put_quoted(short_text(data), out);
            break;
        case 't':
            return put_word(short_text(data), out);
        case 's':
            put_quoted(data.rest().left_text(), out);
            break;
        case 'x':
            put_hex_bytes(data.rest().left(), out);
            break;
        case 'b':
            put_base64(data.rest().left(), out);
            break;
        default:
            return put_dns_service_parameters(data, out);
    }
    return !data.failed();
}

}  // namespace

std::optional<std::string_view> read_dns_data(std::uint16_t type, const Cursor& whole, Cursor data, int& hops,
                                              Dissection& out) {
    const Format* const format = find_format(type);
    if (format == nullptr) return std::string_view();
    const std::size_t begin = out.begin_text();
    for (const char item : format->items) {
        if (item == '_') {
            data.skip(2);
            continue;
        }
        if (takes_the_rest(item) && data.empty()) continue;
        if (out.begin_text() != begin) out.put(' ');
        if (!put_item(item, whole, data, hops, out)) return std::nullopt;
    }
    if (data.failed() || !data.empty()) return std::nullopt;
    return out.text_since(begin);
}

}  // namespace packetsentry::dissect
