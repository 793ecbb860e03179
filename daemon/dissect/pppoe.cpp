#include "daemon/dissect/pppoe.h"

#include "daemon/dissect/ppp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kPppoe{.word = "PPPoE", .detail = kDetailOnly};

struct Header {
    std::uint8_t code = 0;
    std::uint16_t session = 0;
    bool whole = false;
};

Header read_header(Cursor& bytes, Walk& walk) {
    Header header;
    const std::uint8_t version_and_type = bytes.u8();
    header.code = bytes.u8();
    header.session = bytes.u16();
    const std::uint16_t length = bytes.u16();
    header.whole = !bytes.failed() && version_and_type == 0x11;
    if (!bytes.failed() && !header.whole) walk.out.malformed = true;
    walk.check(bytes);
    if (header.whole) walk.header_ends(bytes);
    walk.narrow(bytes, length);
    walk.understood(kPppoe);
    return header;
}

std::string_view code_text(std::uint8_t code) {
    switch (code) {
        case 0x09:
            return "PADI";
        case 0x07:
            return "PADO";
        case 0x19:
            return "PADR";
        case 0x65:
            return "PADS";
        case 0xA7:
            return "PADT";
        default:
            return "Discovery";
    }
}

}  // namespace

Layer dissect_pppoe_discovery(Cursor& bytes, Walk& walk) {
    const Header header = read_header(bytes, walk);
    if (!header.whole) return {};
    if (header.session == 0)
        walk.detail(code_text(header.code));
    else
        walk.detail(code_text(header.code), " session ", std::uint64_t{header.session});
    return {};
}

Layer dissect_pppoe_session(Cursor& bytes, Walk& walk) {
    const Header header = read_header(bytes, walk);
    if (!header.whole) return {};
    return {dissect_ppp};
}

}  // namespace packetsentry::dissect
