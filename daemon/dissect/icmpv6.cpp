#include "daemon/dissect/icmpv6.h"

#include "daemon/dissect/icmp.h"
#include "daemon/dissect/quoted.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kIcmpv6{.word = "ICMPv6", .detail = kDetailOnly};

constexpr std::array<std::string_view, 9> kUnreachable{
    "no route",       "prohibited",   "beyond scope",   "address",          "port",
    "source address", "reject route", "routing header", "headers too long",
};

std::string_view type_text(std::uint8_t type) {
    switch (type) {
        case 1:
            return "Destination unreachable";
        case 2:
            return "Packet too big";
        case 3:
            return "Time exceeded";
        case 4:
            return "Parameter problem";
        case 128:
            return "Echo request";
        case 129:
            return "Echo reply";
        case 130:
            return "Listener query";
        case 131:
            return "Listener report";
        case 132:
            return "Listener done";
        case 133:
            return "Router solicitation";
        case 134:
            return "Router advertisement";
        case 135:
            return "Neighbor solicitation";
        case 136:
            return "Neighbor advertisement";
        case 137:
            return "Redirect";
        case 143:
            return "Listener report v2";
        default:
            return {};
    }
}

void note_unused(Cursor& bytes, std::size_t size, Walk& walk) {
    walk.note(Layout::Kind::opaque, bytes.take(size));
}

// A query has a delay in the four bytes before its target (RFC 2710 section 3), an advertisement its flags
// (RFC 4861 section 4.4). The rest of them is reserved.
std::size_t unused_before_target(std::uint8_t type) {
    return type == 130 ? 2 : type == 136 ? 3 : 4;
}

Quoted quote(const Cursor& bytes, Walk& walk) {
    const Quoted quoted = read_quoted_ipv6(bytes);
    walk.enter(quoted);
    return quoted;
}

// As in icmp.cpp.
void describe(std::uint8_t type, std::uint8_t code, Cursor& bytes, Walk& walk) {
    const std::string_view text = type_text(type);
    switch (type) {
        case 1:
            note_unused(bytes, 4, walk);
            walk.payload_begins(bytes);
            return walk.detail(text, " (", code < kUnreachable.size() ? kUnreachable[code] : "unknown code",
                               ")", quote(bytes, walk));
        case 2: {
            const std::uint64_t mtu = bytes.u32();
            walk.payload_begins(bytes);
            return walk.detail(text, " MTU ", mtu, quote(bytes, walk));
        }
        case 3:
            note_unused(bytes, 4, walk);
            walk.payload_begins(bytes);
            return walk.detail(text, code == 0 ? " (in transit)" : " (in reassembly)", quote(bytes, walk));
        case 4:
            bytes.skip(4);
            walk.payload_begins(bytes);
            return walk.detail(text, quote(bytes, walk));
        case 128:
        case 129:
            return read_echo(text, bytes, walk);
        case 130:
        case 131:
        case 132:
        case 135:
        case 136:
        case 137: {
            bytes.skip(4 - unused_before_target(type));
            note_unused(bytes, unused_before_target(type), walk);
            const auto target = bytes.take(16);
            walk.note(Layout::Kind::ipv6, target);
            walk.payload_begins(bytes);
            return walk.detail(text, " ", base::Address::from(target));
        }
        default:
            if (text.empty()) return walk.detail("type ", std::uint64_t{type}, " code ", std::uint64_t{code});
            return walk.detail(text);
    }
}

}  // namespace

Layer dissect_icmpv6(Cursor& bytes, Walk& walk) {
    walk.enter(LayerName::icmpv6);
    return read_icmp_message(bytes, walk, kIcmpv6, describe);
}

}  // namespace packetsentry::dissect
