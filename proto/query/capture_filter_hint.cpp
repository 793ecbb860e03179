// Capture filters (pcap-filter(7)) that were typed where a display filter is expected.
#include <algorithm>
#include <array>

#include "proto/query/literals.h"
#include "proto/query/refusals.h"
#include "proto/query/shown.h"

namespace packetsentry::query {
namespace {

// Words that stand alone, and what they are called here.
struct Word {
    std::string_view word;
    std::string_view here;
};
constexpr Word kWords[] = {
    {"ip6", "ipv6"},
    {"icmp6", "icmpv6"},
    {"inbound", "network.direction == ingress"},
    {"outbound", "network.direction == egress"},
    {"broadcast", "eth.dst == ff:ff:ff:ff:ff:ff"},
};

// Words with a number behind them.
constexpr Word kNumberWords[] = {
    {"greater", "frame.len >= "}, {"less", "frame.len <= "},  {"vlan", "vlan.id == "},
    {"mpls", "mpls.label == "},   {"vxlan", "vxlan.vni == "}, {"geneve", "geneve.vni == "},
};

constexpr std::array<std::string_view, 8> kProtocols = {"tcp", "udp", "sctp",  "ip",
                                                        "ip6", "arp", "ether", "icmp"};
constexpr std::array<std::string_view, 6> kKinds = {"host", "net", "port", "portrange", "gateway", "proto"};

bool is_one_of(std::span<const std::string_view> words, const Token& token) {
    return token.kind == TokenKind::word && std::ranges::find(words, token.text) != words.end();
}

// One primitive: protocol, direction, kind, value; each but the value may be left out, though not all of
// them.
struct Primitive {
    std::string_view protocol, direction, kind, value;
    Place place;

    [[nodiscard]] std::string field(std::string_view family, std::string_view source,
                                    std::string_view destination, std::string_view either) const {
        const std::string_view end = direction == "src" ? source : direction == "dst" ? destination : either;
        return std::string(family).append(".").append(end);
    }

    [[nodiscard]] std::string port(std::string_view family) const {
        const std::string name = field(family, "srcport", "dstport", "port");
        const std::size_t dash = value.find('-');
        if (dash == value.npos) return name + " == " + std::string(value);
        return name + " in {" + std::string(value.substr(0, dash)) + ".." +
               std::string(value.substr(dash + 1)) + "}";
    }

    [[nodiscard]] std::string here() const {
        if (kind == "port" || kind == "portrange") {
            const bool one = protocol == "tcp" || protocol == "udp" || protocol == "sctp";
            return one ? port(protocol) : port("tcp") + " or " + port("udp");
        }
        if (kind == "proto")
            return (protocol == "ip6" ? "ipv6.nxt == " : "ip.proto == ") + std::string(value);
        const auto address = parse_address(value);
        if (!address) return {};
        const std::string_view family = address->address.size == 6   ? "eth"
                                        : address->address.size == 4 ? "ip"
                                                                     : "ipv6";
        return field(family, "src", "dst", "addr") + " == " + std::string(value);
    }
};

std::optional<Primitive> primitive_at(std::span<const Token> from) {
    Primitive primitive;
    std::size_t at = 0;
    const auto take = [&] { return from[at++].text; };
    if (is_one_of(kProtocols, from[at])) primitive.protocol = take();
    if (from[at].is_word("src") || from[at].is_word("dst")) primitive.direction = take();
    if (is_one_of(kKinds, from[at])) primitive.kind = take();
    if (primitive.direction.empty() && primitive.kind.empty()) return {};
    if (from[at].kind != TokenKind::word) return {};
    primitive.value = take();
    const Place& last = from[at - 1].place;
    primitive.place = {from[0].place.offset, last.offset + last.length - from[0].place.offset};
    return primitive;
}

Problem problem(std::string_view written, const std::string& here, Place place) {
    return {shown(written) + " is a capture filter; as a display filter it is written " + here, place};
}

// The text of a primitive with one blank between its words.
std::string text_of(const Primitive& primitive) {
    std::string text;
    for (const std::string_view word :
         {primitive.protocol, primitive.direction, primitive.kind, primitive.value})
        if (!word.empty()) text.append(text.empty() ? "" : " ").append(word);
    return text;
}

bool is_bytes_of_header(std::span<const Token> from) {
    return is_one_of(kProtocols, from[0]) && from.size() > 1 && from[1].is_sign("[");
}

}  // namespace

std::optional<Problem> capture_filter_at(std::span<const Token> from) {
    const Token& first = from.front();
    if (first.kind != TokenKind::word) return {};
    for (const Word& row : kWords)
        if (first.text == row.word) return problem(first.text, std::string(row.here), first.place);
    for (const Word& row : kNumberWords)
        if (first.text == row.word && from.size() > 1 && from[1].kind == TokenKind::word &&
            parse_number(from[1].text))
            return problem(
                std::string(first.text).append(" ").append(from[1].text),
                std::string(row.here).append(from[1].text),
                {first.place.offset, from[1].place.offset + from[1].place.length - first.place.offset});
    if (is_bytes_of_header(from))
        return Problem{
            "bytes of a header, as capture filters have them, cannot be asked; ask its fields, such as "
            "tcp.flags & 0x02",
            first.place};
    const auto primitive = primitive_at(from);
    if (!primitive) return {};
    const std::string here = primitive->here();
    if (!here.empty()) return problem(text_of(*primitive), here, primitive->place);
    return Problem{shown(text_of(*primitive)) +
                       " is a capture filter; write ip.addr == with the address itself, as names "
                       "are not looked up",
                   primitive->place};
}

}  // namespace packetsentry::query
