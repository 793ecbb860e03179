#include "daemon/dissect/ieee80211.h"

#include "daemon/dissect/llc.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kIeee80211{.word = "802.11", .detail = kDetailOnly};

constexpr std::array<std::string_view, 16> kManagement{
    "Association request",
    "Association response",
    "Reassociation request",
    "Reassociation response",
    "Probe request",
    "Probe response",
    "Timing advertisement",
    "Management",
    "Beacon",
    "ATIM",
    "Disassociation",
    "Authentication",
    "Deauthentication",
    "Action",
    "Action no ack",
    "Management",
};

constexpr std::array<std::string_view, 16> kControl{
    "Control",
    "Control",
    "Trigger",
    "TACK",
    "Beamforming poll",
    "NDP",
    "Control extension",
    "Control wrapper",
    "Block ack request",
    "Block ack",
    "PS-Poll",
    "RTS",
    "CTS",
    "Ack",
    "CF-End",
    "CF-End + CF-Ack",
};

enum class FrameType : std::uint8_t { management, control, data, extension };

struct FrameControl {
    std::uint8_t version;
    FrameType type;
    std::uint8_t subtype;
    bool to_distribution;
    bool from_distribution;
    bool more_fragments;
    bool is_protected;
    bool ordered;

    [[nodiscard]] bool carries_nothing() const { return (subtype & 4) != 0; }
    [[nodiscard]] bool has_qos() const { return (subtype & 8) != 0; }
};

FrameControl read_control(Cursor& bytes) {
    const std::uint8_t kind = bytes.u8();
    const std::uint8_t flags = bytes.u8();
    return {
        .version = static_cast<std::uint8_t>(kind & 3),
        .type = static_cast<FrameType>(kind >> 2 & 3),
        .subtype = static_cast<std::uint8_t>(kind >> 4),
        .to_distribution = (flags & 0x01) != 0,
        .from_distribution = (flags & 0x02) != 0,
        .more_fragments = (flags & 0x04) != 0,
        .is_protected = (flags & 0x40) != 0,
        .ordered = (flags & 0x80) != 0,
    };
}

struct DataHeader {
    Mac source;
    Mac destination;
    unsigned fragment = 0;
    bool aggregated = false;  // several frames in one (A-MSDU)
};

// Which address is which: IEEE 802.11 table 9-30.
DataHeader read_data_header(Cursor& bytes, const FrameControl& control, Walk& walk) {
    const Mac first = bytes.take<6>();
    const Mac second = bytes.take<6>();
    const Mac third = bytes.take<6>();
    const unsigned fragment = bytes.u16_little() & 0x0FU;
    const bool bridged = control.to_distribution && control.from_distribution;
    const Mac fourth = bridged ? bytes.take<6>() : second;
    if (!bytes.failed())
        for (const Mac& address : {first, second, third, fourth}) walk.note(Layout::Kind::mac, address);
    DataHeader header{
        .source = bridged                     ? fourth
                  : control.from_distribution ? third
                                              : second,
        .destination = control.to_distribution ? third : first,
        .fragment = fragment,
    };
    if (control.has_qos()) {
        header.aggregated = (bytes.u16_little() & 0x80) != 0;
        if (control.ordered) bytes.skip(4);
    }
    return header;
}

Layer dissect_data(Cursor& bytes, const FrameControl& control, Walk& walk) {
    const DataHeader header = read_data_header(bytes, control, walk);
    walk.check(bytes);
    if (bytes.failed()) return {};
    walk.header_ends(bytes);
    walk.enter_link(header.source, header.destination);
    if (control.carries_nothing()) {
        walk.detail(control.has_qos() ? "QoS null" : "Null");
        return {};
    }
    if (control.is_protected || header.aggregated || header.fragment != 0) {
        walk.detail("Data", control.is_protected ? " protected" : "", header.aggregated ? " aggregated" : "",
                    header.fragment != 0 ? " fragment" : "");
        return {};
    }
    if (control.more_fragments) bytes.mark_cut();
    return {dissect_llc};
}

// Nobody has defined what these control frames hold, IEEE 802.11 table 9-1.
bool is_reserved(const FrameControl& control) {
    return control.type == FrameType::control && control.subtype < 2;
}

// Acknowledgements and their like have only the receiver's address, and so has a wrapper before what it
// wraps.
Layer dissect_other(Cursor& bytes, const FrameControl& control, Walk& walk) {
    const bool management = control.type == FrameType::management;
    const bool receiver_only =
        !management && (control.subtype == 7 || control.subtype == 12 || control.subtype == 13);
    if (is_reserved(control)) walk.stop_keeping();
    const Mac receiver = bytes.take<6>();
    const Mac transmitter = receiver_only ? receiver : bytes.take<6>();
    walk.check(bytes);
    if (bytes.failed()) return {};
    if (receiver_only)
        walk.note(Layout::Kind::mac, receiver);
    else
        walk.enter_link(transmitter, receiver);
    walk.header_ends(bytes);
    walk.detail((management ? kManagement : kControl)[control.subtype]);
    return {};
}

Layer dissect_frame(Cursor& bytes, bool padded, Walk& walk) {
    const std::size_t begin = bytes.position();
    const FrameControl control = read_control(bytes);
    bytes.skip(2);
    walk.check(bytes);
    walk.understood(kIeee80211, LayerName::wlan);
    if (bytes.failed()) return {};
    if (control.version != 0 || control.type == FrameType::extension) {
        walk.out.malformed |= control.version != 0;
        return {};
    }
    if (control.type == FrameType::data) {
        const Layer inside = dissect_data(bytes, control, walk);
        if (padded && inside.dissect != nullptr)
            walk.note(Layout::Kind::opaque, bytes.take((4 - (bytes.position() - begin) % 4) % 4));
        walk.check(bytes);
        if (inside.dissect != nullptr) walk.header_ends(bytes);
        return inside;
    }
    return dissect_other(bytes, control, walk);
}

}  // namespace

Layer dissect_ieee80211(Cursor& bytes, Walk& walk) {
    return dissect_frame(bytes, false, walk);
}

Layer dissect_ieee80211_padded(Cursor& bytes, Walk& walk) {
    return dissect_frame(bytes, true, walk);
}

}  // namespace packetsentry::dissect
