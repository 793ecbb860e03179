#include "daemon/dissect/icmp.h"

#include "daemon/dissect/quoted.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kIcmpType = field("packetsentry.icmp.type");
constexpr const FieldInfo& kIcmpCode = field("packetsentry.icmp.code");
constexpr const FieldInfo& kIcmpId = field("packetsentry.icmp.id");
constexpr const FieldInfo& kIcmpSequence = field("packetsentry.icmp.sequence");
constexpr Protocol kIcmp{.word = "ICMP", .detail = kDetailOnly};

constexpr std::array<std::string_view, 16> kUnreachable{
    "network",
    "host",
    "protocol",
    "port",
    "fragmentation needed",
    "source route failed",
    "network unknown",
    "host unknown",
    "source isolated",
    "network prohibited",
    "host prohibited",
    "network for this service",
    "host for this service",
    "prohibited",
    "host precedence",
    "precedence cutoff",
};

constexpr std::uint8_t kFragmentationNeeded = 4;

std::string_view type_text(std::uint8_t type) {
    switch (type) {
        case 0:
            return "Echo reply";
        case 3:
            return "Destination unreachable";
        case 4:
            return "Source quench";
        case 5:
            return "Redirect";
        case 8:
            return "Echo request";
        case 9:
            return "Router advertisement";
        case 10:
            return "Router solicitation";
        case 11:
            return "Time exceeded";
        case 12:
            return "Parameter problem";
        case 13:
            return "Timestamp request";
        case 14:
            return "Timestamp reply";
        case 15:
            return "Information request";
        case 16:
            return "Information reply";
        case 17:
            return "Address mask request";
        case 18:
            return "Address mask reply";
        default:
            return {};
    }
}

// Type and code decide which of the four bytes behind the checksum mean something. The others are unused and
// may be anything.
void skip_rest(Cursor& bytes, std::size_t meaning_at, std::size_t meaning_size, Walk& walk) {
    walk.note(Layout::Kind::opaque, bytes.take(meaning_at));
    bytes.skip(meaning_size);
    walk.note(Layout::Kind::opaque, bytes.take(4 - meaning_at - meaning_size));
    walk.payload_begins(bytes);
}

Quoted quote(const Cursor& bytes, Walk& walk) {
    const Quoted quoted = read_quoted_ipv4(bytes);
    walk.enter(quoted);
    return quoted;
}

// By type: what the code means, in brackets, then what the next four bytes say or the packet quoted.
void describe(std::uint8_t type, std::uint8_t code, Cursor& bytes, Walk& walk) {
    const std::string_view text = type_text(type);
    switch (type) {
        case 0:
        case 8:
            return read_echo(text, bytes, walk);
        case 3:
            skip_rest(bytes, 2, code == kFragmentationNeeded ? 2 : 0, walk);  // RFC 1191 section 4: the MTU
            return walk.detail(text, " (", code < kUnreachable.size() ? kUnreachable[code] : "unknown code",
                               ")", quote(bytes, walk));
        case 5: {
            const auto gateway = bytes.take(4);
            walk.note(Layout::Kind::ipv4, gateway);
            walk.payload_begins(bytes);
            return walk.detail(text, " to ", base::Address::from(gateway), quote(bytes, walk));
        }
        case 11:
            skip_rest(bytes, 0, 0, walk);
            return walk.detail(text, code == 0 ? " (in transit)" : " (in reassembly)", quote(bytes, walk));
        case 4:
        case 12:
            skip_rest(bytes, 0, type == 12 ? 1 : 0, walk);  // the pointer
            return walk.detail(text, quote(bytes, walk));
        default:
            if (text.empty()) return walk.detail("type ", std::uint64_t{type}, " code ", std::uint64_t{code});
            return walk.detail(text);
    }
}

}  // namespace

void read_echo(std::string_view text, Cursor& bytes, Walk& walk) {
    const std::uint64_t id = bytes.u16();
    const std::uint64_t sequence = bytes.u16();
    walk.payload_begins(bytes);
    if (!bytes.failed()) {
        walk.out.add(kIcmpId, id);
        walk.out.add(kIcmpSequence, sequence);
    }
    if (!bytes.empty()) walk.enter(LayerName::data);
    walk.detail(text, " id ", id, " seq ", sequence);
}

Layer read_icmp_message(Cursor& bytes, Walk& walk, const Protocol& protocol, IcmpDescriber describe_message) {
    const std::uint8_t type = bytes.u8();
    const std::uint8_t code = bytes.u8();
    const auto checksum = bytes.take<2>();
    walk.understood(protocol);
    walk.check(bytes);
    if (bytes.failed()) return {};
    walk.note(Layout::Kind::checksum, checksum);
    walk.payload_begins(bytes);
    walk.out.add(kIcmpType, type);
    walk.out.add(kIcmpCode, code);
    describe_message(type, code, bytes, walk);
    walk.check(bytes);
    return {};
}

Layer dissect_icmp(Cursor& bytes, Walk& walk) {
    walk.enter(LayerName::icmp);
    return read_icmp_message(bytes, walk, kIcmp, describe);
}

}  // namespace packetsentry::dissect
