#include "ctl/render/value_form.h"

#include <algorithm>
#include <array>

#include "ctl/render/escape.h"
#include "proto/query/word_list.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {
namespace {

// Numbers that tshark prints in hexadecimal, with their digits; it prints all others in decimal.
struct HexName {
    std::string_view name;
    std::uint8_t digits;
};
constexpr HexName kHexNames[] = {
    {"dns.flags", 4},
    {"dns.id", 4},
    {"dns.qry.class", 4},
    {"dns.resp.class", 4},
    {"eth.type", 4},
    {"geneve.vni", 6},
    {"gtp.teid", 8},
    {"icmpv6.echo.identifier", 4},
    {"ip.id", 4},
    {"ipv6.fraghdr.ident", 8},
    {"l2tp.sid", 8},
    {"quic.version", 8},
    {"sll.etype", 4},
    {"tcp.flags", 4},
    {"tls.handshake.ciphersuite", 4},
    {"tls.handshake.extensions.supported_version", 4},
    {"tls.handshake.version", 4},
    {"tls.record.version", 4},
};

constexpr std::string_view kUnsetFlag = "\u00B7";

// "SYN,ACK" becomes "·······A··S·". Before the eight flags are those that our text does not have.
void append_flag_letters(TextBuffer& out, std::string_view flags) {
    constexpr std::array<std::string_view, 8> kFlags = {"CWR", "ECE", "URG", "ACK",
                                                        "PSH", "RST", "SYN", "FIN"};
    for (int unknown = 0; unknown < 4; ++unknown) out.append(kUnsetFlag);
    for (const std::string_view flag : kFlags)
        out.append(query::has_word(flags, flag, ',') ? flag.substr(0, 1) : kUnsetFlag);
}

struct TextName {
    std::string_view name;
    void (*text)(TextBuffer& out, std::string_view bytes);
};
constexpr TextName kTextNames[] = {
    {"tcp.flags.str", append_flag_letters},
};

// What tshark prints for some flags where they are set; where they are not, it has no value.
struct SetFlagName {
    std::string_view name;
    std::string_view text;
};
constexpr SetFlagName kSetFlagNames[] = {{"_ws.malformed", "_ws.malformed"}};

struct TimeName {
    std::string_view name;
    TimeFormat format;
};
constexpr TimeName kTimeNames[] = {{"frame.time", TimeFormat::wireshark},
                                   {"frame.time_epoch", TimeFormat::e}};

ValueForm wireshark_form(std::string_view name) {
    ValueForm form{.named = query::NamedValues::numbers,
                   .mac = MacStyle::colons,
                   .flag_words = false,
                   .text = append_printable};
    for (const HexName& row : kHexNames)
        if (row.name == name) form.hex_digits = row.digits;
    for (const TextName& row : kTextNames)
        if (row.name == name) form.text = row.text;
    for (const SetFlagName& row : kSetFlagNames)
        if (row.name == name) form.set_flag = row.text;
    for (const TimeName& row : kTimeNames)
        if (row.name == name) form.time = row.format;
    return form;
}

}  // namespace

bool is_wireshark_name(std::string_view name) {
    if (rows::find_field(name) == nullptr) return true;
    return std::ranges::any_of(
        rows::kFields, [name](const rows::FieldInfo& info) { return query::has_word(info.wireshark, name); });
}

ValueForm form_as_elsewhere(std::string_view name) {
    return is_wireshark_name(name) ? wireshark_form(name) : ValueForm{.text = append_printable};
}

ValueForm form_for_tables(std::string_view name) {
    ValueForm form = form_as_elsewhere(name);
    form.hex_digits = 0;
    if (form.time != TimeFormat::e) form.time = TimeFormat::ud;
    return form;
}

}  // namespace packetsentry::ctl::render
