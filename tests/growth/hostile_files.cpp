#include <array>

#include "tests/growth/hostile_input.h"
#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::growth {
namespace {

using namespace capture;

constexpr Order kOrder = Order::little;
constexpr std::string_view kFrame = "sixteen bytes, 16";

std::string repeat(std::size_t size, std::string_view piece) {
    std::string all;
    while (all.size() < size) all += piece;
    return all;
}

std::string packet(std::string_view options = "") {
    return enhanced(kOrder, 0, 7, kFrame, kFrame.size(), options);
}

std::string head() {
    return section(kOrder) + interface_block(kOrder, 1, 0);
}

}  // namespace

std::span<const FileKind> file_kinds() {
    static constexpr std::array kKinds{
        FileKind{"pcapng-blocks",
                 [](std::size_t size) { return head() + repeat(size, block(kOrder, 0xbad, "")) + packet(); }},
        FileKind{"pcapng-interfaces",
                 [](std::size_t size) {
                     return head() + repeat(size, interface_block(kOrder, 1, 0, option(kOrder, 2, "eth0"))) +
                            packet();
                 }},
        FileKind{"pcapng-interface-options",
                 [](std::size_t size) {
                     return section(kOrder) +
                            interface_block(kOrder, 1, 0, repeat(size, option(kOrder, 2, "eth0"))) + packet();
                 }},
        FileKind{"pcapng-packet-options",
                 [](std::size_t size) { return head() + packet(repeat(size, option(kOrder, 1, "note"))); }},
        FileKind{"pcapng-sections", [](std::size_t size) { return repeat(size, head()) + packet(); }},
        FileKind{"pcapng-packets", [](std::size_t size) { return head() + repeat(size, packet()); }},
        FileKind{"pcap-packets",
                 [](std::size_t size) {
                     return pcap_head(kOrder, true) +
                            repeat(size, pcap_record(kOrder, 1, 2, kFrame, kFrame.size()));
                 }},
    };
    return kKinds;
}

}  // namespace packetsentry::growth
