#include "daemon/dissect/usb.h"

#include <bit>

namespace packetsentry::dissect {
namespace {

constexpr Protocol kUsb{.word = "USB", .detail = kDetailOnly};

constexpr std::array<std::string_view, 4> kTransfers{"isochronous", "interrupt", "control", "bulk"};
constexpr std::uint8_t kIn = 0x80;

// Holds what either of the two header formats tells of one transfer.
struct Transfer {
    std::uint8_t type = 0;
    std::uint8_t endpoint = 0;
    std::uint16_t bus = 0;
    std::uint16_t device = 0;
    std::string_view event;
    std::uint32_t size = 0;
};

void tell(const Transfer& transfer, Walk& walk) {
    walk.detail(std::uint64_t{transfer.bus}, ".", std::uint64_t{transfer.device}, ".",
                std::uint64_t{transfer.endpoint & 0x0FU}, " ",
                transfer.type < kTransfers.size() ? kTransfers[transfer.type] : "unknown",
                (transfer.endpoint & kIn) != 0 ? " in " : " out ", transfer.event, " ",
                std::uint64_t{transfer.size}, " bytes");
}

std::string_view event_word(std::uint8_t event) {
    switch (event) {
        case 'S':
            return "Submit";
        case 'C':
            return "Complete";
        case 'E':
            return "Error";
        default:
            return "Unknown";
    }
}

// more: bytes of the longer header behind the shorter one's.
Layer dissect_usbmon(Cursor& bytes, std::size_t more, Walk& walk) {
    walk.understood(kUsb, LayerName::usb);
    Transfer transfer;
    bytes.skip(8);
    transfer.event = event_word(bytes.u8());
    transfer.type = bytes.u8();
    transfer.endpoint = bytes.u8();
    transfer.device = bytes.u8();
    transfer.bus = bytes.u16_little();
    const bool has_setup = bytes.u8() == 0;
    bytes.skip(1 + 12 + 4);
    transfer.size = std::byteswap(bytes.u32());
    bytes.skip(4);
    const auto setup = bytes.take(8);
    bytes.skip(more);
    walk.check(bytes);
    if (bytes.failed()) return {};
    if (!has_setup) walk.note(Layout::Kind::opaque, setup);
    walk.payload_begins(bytes);
    tell(transfer, walk);
    return {};
}

// The packet identifiers of the bus, by their last four bits (Universal Serial Bus Specification 2.0, table
// 8-1).
constexpr std::array<std::string_view, 16> kPackets{
    "Unknown", "Out", "Ack", "Data0", "Ping", "Start of frame", "Nyet",  "Data2",
    "Split",   "In",  "Nak", "Data1", "Pre",  "Setup",          "Stall", "MData",
};

}  // namespace

Layer dissect_usb_linux(Cursor& bytes, Walk& walk) {
    return dissect_usbmon(bytes, 0, walk);
}

Layer dissect_usb_linux_mmapped(Cursor& bytes, Walk& walk) {
    return dissect_usbmon(bytes, 16, walk);
}

Layer dissect_usb_pcap(Cursor& bytes, Walk& walk) {
    constexpr std::size_t kUsbFixedSize = 27;
    constexpr std::uint8_t kCompleted = 0x01;
    walk.understood(kUsb, LayerName::usb);
    Transfer transfer;
    const std::size_t length = bytes.u16_little();
    bytes.skip(8 + 4 + 2);
    transfer.event = (bytes.u8() & kCompleted) != 0 ? "Complete" : "Submit";
    transfer.bus = bytes.u16_little();
    transfer.device = bytes.u16_little();
    transfer.endpoint = bytes.u8();
    transfer.type = bytes.u8();
    transfer.size = std::byteswap(bytes.u32());
    if (length < kUsbFixedSize) bytes.fail();
    const auto more = bytes.take(bytes.failed() ? 0 : length - kUsbFixedSize);
    walk.check(bytes);
    if (bytes.failed()) return {};
    walk.note(Layout::Kind::opaque, more);
    walk.payload_begins(bytes);
    tell(transfer, walk);
    return {};
}

Layer dissect_usb_bus(Cursor& bytes, Walk& walk) {
    walk.understood(kUsb, LayerName::usb);
    const std::uint8_t packet = bytes.u8();
    walk.check(bytes);
    if (bytes.failed()) return {};
    walk.header_ends(bytes);
    walk.detail(kPackets[packet & 0x0FU]);
    return {};
}

Layer dissect_usb_other(Cursor&, Walk& walk) {
    walk.understood(kUsb, LayerName::usb);
    return {};
}

}  // namespace packetsentry::dissect
