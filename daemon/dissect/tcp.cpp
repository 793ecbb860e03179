#include "daemon/dissect/tcp.h"

#include <algorithm>

#include "daemon/dissect/application/application.h"
#include "daemon/dissect/option_list.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kFlags = field("packetsentry.tcp.flags");
constexpr Protocol kTcp{.word = "TCP", .shows_ports = true, .detail = kDetailOnly};

constexpr std::size_t kFixedSize = 20, kPortsSize = 4;

// "[SYN,ACK]" for each value of the flags byte.
struct FlagText {
    std::array<char, 33> characters{};
    std::size_t size = 0;

    [[nodiscard]] constexpr std::string_view bracketed() const { return {characters.data(), size}; }
    [[nodiscard]] constexpr std::string_view plain() const { return bracketed().substr(1, size - 2); }
    constexpr void put(std::string_view text) {
        for (const char c : text) characters[size++] = c;
    }
};

constexpr FlagText make_flag_text(std::size_t flags) {
    constexpr std::array<std::string_view, 8> names{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    FlagText text;
    text.put("[");
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        if ((flags >> bit & 1) == 0) continue;
        if (text.size > 1) text.put(",");
        text.put(names[bit]);
    }
    text.put("]");
    return text;
}

constexpr auto kFlagTexts = [] {
    std::array<FlagText, 256> texts;
    for (std::size_t flags = 0; flags < texts.size(); ++flags) texts[flags] = make_flag_text(flags);
    return texts;
}();

void add_detail(const FlagText& flags, std::size_t payload, Walk& walk) {
    if (payload != 0)
        walk.detail(flags.bracketed(), " ", std::uint64_t{payload}, " bytes");
    else if (walk.tunnelled())
        walk.detail(flags.bracketed());
    else
        walk.out.add(kDetail, flags.bracketed());
}

}  // namespace

// The ports alone are worth having where the rest is cut off.
Layer dissect_tcp(Cursor& bytes, Walk& walk) {
    const auto ports = bytes.header<kPortsSize>();
    walk.check(bytes);
    walk.understood(kTcp);
    if (bytes.failed()) return {};
    const std::uint16_t source_port = ports.u16<0>(), destination_port = ports.u16<2>();
    walk.enter_ports(source_port, destination_port);
    if (!bytes.has(kFixedSize - kPortsSize)) walk.header_ends(bytes);
    const auto header = bytes.header<kFixedSize - kPortsSize>();
    walk.check(bytes);
    if (bytes.failed()) return {};
    const std::size_t size = (header.u8<8>() >> 4) * 4U;
    if (size < kFixedSize) walk.stop_keeping();
    walk.note(Layout::Kind::checksum, header.take<12, 2>());
    walk.header_ends(bytes);
    const FlagText& flags = kFlagTexts[header.u8<9>()];
    walk.out.add(kFlags, flags.plain());
    if (size < kFixedSize) {
        walk.out.malformed = true;
        return {};
    }
    // From what the headers say, with the part of the options that the snapshot length may have cut off.
    const std::size_t behind_fixed = bytes.remaining_on_wire();
    const std::size_t payload = behind_fixed - std::min(behind_fixed, size - kFixedSize);
    if (size > kFixedSize) {
        const Cursor options = bytes.sub(size - kFixedSize);
        walk.note(Layout::Kind::tcp_options, options.left());
        check_option_list(options, walk);
    }
    walk.check(bytes);
    walk.payload_begins(bytes);
    if (!bytes.empty())
        dissect_application(Carrier::tcp, source_port, destination_port, bytes.rest(), walk.out);
    if (walk.out.protocol == &kTcp) add_detail(flags, payload, walk);
    return {};
}

}  // namespace packetsentry::dissect
