#include "daemon/dissect/application/dns_name.h"

namespace packetsentry::dissect {
namespace {

constexpr std::size_t kNameLimit = 255;  // bytes of a name, length bytes and the final 0 included
constexpr std::uint8_t kLabelLimit = 63;
constexpr std::uint8_t kPointerBits = 0xC0;
constexpr int kHopLimit = 127;  // a name has no more labels than that

DnsNameState ran_out(const Cursor& at) {
    return at.malformed() ? DnsNameState::malformed : DnsNameState::cut;
}

void put_label(std::span<const std::byte> label, Dissection& out) {
    for (const std::byte byte : label) {
        const char c = static_cast<char>(byte);
        if (c == '.' || c == '\\') out.put('\\');
        out.put(c);
    }
}

// Labels up to a pointer or the end, with the bytes they have come to.
struct Labels {
    std::size_t bytes = 1;
    bool any = false;

    DnsNameState put(std::uint8_t length, Cursor& at, Dissection& out) {
        bytes += length + std::size_t{1};
        if (length > kLabelLimit || bytes > kNameLimit) return DnsNameState::malformed;
        const auto label = at.take(length);
        if (at.failed()) return ran_out(at);
        if (any) out.put('.');
        any = true;
        put_label(label, out);
        return DnsNameState::whole;
    }
};

}  // namespace

DnsNameState read_dns_name(const Cursor& whole, Cursor& at, Dissection& out, int& hops) {
    Labels labels;
    Cursor here = at;
    std::size_t began = here.position();  // of the labels since the last pointer
    const int begin = hops;
    while (const std::uint8_t length = here.u8()) {
        if (length < kPointerBits) {
            if (const auto state = labels.put(length, here, out); state != DnsNameState::whole) return state;
            continue;
        }
        const std::size_t target = static_cast<std::size_t>(length & ~kPointerBits) << 8 | here.u8();
        if (here.failed()) break;
        if (hops == begin) at = here;
        if (target >= began || target < kDnsHeaderBytes || ++hops - begin > kHopLimit)
            return DnsNameState::malformed;
        here = whole;
        here.skip(target);
        began = target;
    }
    if (here.failed()) return ran_out(here);
    if (hops == begin) at = here;
    if (!labels.any) out.put('.');
    return DnsNameState::whole;
}

DnsNameState skip_dns_name(Cursor& at) {
    const std::size_t began = at.position();
    while (const std::uint8_t length = at.u8()) {
        if (length >= kPointerBits) {
            at.skip(1);
            break;
        }
        at.skip(length);
        if (length > kLabelLimit || at.position() - began >= kNameLimit) return DnsNameState::malformed;
    }
    return at.failed() ? ran_out(at) : DnsNameState::whole;
}

}  // namespace packetsentry::dissect
