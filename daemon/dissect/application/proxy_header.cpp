#include "daemon/dissect/application/proxy_header.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kProxyVersion = field("packetsentry.proxy.version");
constexpr const FieldInfo& kSourceIp = field("packetsentry.proxy.source.ip");
constexpr const FieldInfo& kSourcePort = field("packetsentry.proxy.source.port");
constexpr const FieldInfo& kDestinationIp = field("packetsentry.proxy.destination.ip");
constexpr const FieldInfo& kDestinationPort = field("packetsentry.proxy.destination.port");

constexpr const FieldInfo* kProxyDetail[] = {&kSourceIp, &kSourcePort, &kDestinationIp, &kDestinationPort};
constexpr Protocol kProxy{"PROXY", "proxy", true, kProxyDetail};

struct Ends {
    base::Address source;
    base::Address destination;
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
};

void tell(std::uint64_t version, const Ends& ends, Dissection& out) {
    out.protocol = &kProxy;
    out.add(kProxyVersion, version);
    if (!ends.source) return;
    out.add(kSourceIp, ends.source);
    out.add(kSourcePort, ends.source_port);
    out.add(kDestinationIp, ends.destination);
    out.add(kDestinationPort, ends.destination_port);
}

// --- version 1

constexpr std::size_t kLineLimit = 107;  // with its end
constexpr std::string_view kLineStart = "PROXY ";

// The words of a line, of which each but the last has one blank behind it.
class Words {
  public:
    explicit Words(std::string_view line) : rest_(line) {}

    std::string_view next() {
        const std::size_t blank = rest_.find(' ');
        const std::string_view word = rest_.substr(0, blank);
        rest_.remove_prefix(blank == rest_.npos ? rest_.size() : blank + 1);
        return word;
    }
    [[nodiscard]] bool done() const { return rest_.empty(); }

  private:
    std::string_view rest_;
};

bool read_address(std::string_view word, std::size_t size, base::Address& address) {
    const auto parsed = base::parse_ip(word);
    if (!parsed || parsed->size != size) return false;
    address = *parsed;
    return true;
}

bool read_port(std::string_view word, std::uint16_t& port) {
    const char* const end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, port);
    return error == std::errc() && stopped == end;
}

bool read_ends(Words words, std::size_t address_size, Ends& ends) {
    return read_address(words.next(), address_size, ends.source) &&
           read_address(words.next(), address_size, ends.destination) &&
           read_port(words.next(), ends.source_port) && read_port(words.next(), ends.destination_port) &&
           words.done();
}

bool read_line(Cursor& payload, Dissection& out) {
    const std::string_view text = payload.left_text().substr(0, kLineLimit);
    const std::size_t end = text.find("\r\n");
    if (end == text.npos) return false;
    Words words(text.substr(kLineStart.size(), end - kLineStart.size()));
    const std::string_view family = words.next();
    Ends ends;
    if (family != "UNKNOWN" && !(family == "TCP4" && read_ends(words, 4, ends)) &&
        !(family == "TCP6" && read_ends(words, 16, ends)))
        return false;
    payload.skip(end + 2);
    tell(1, ends, out);
    return true;
}

// --- version 2

constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::uint8_t kLastCommand = 1;    // LOCAL, PROXY
constexpr std::uint8_t kLastTransport = 2;  // unspecified, stream, datagram

enum Family : std::uint8_t { kUnspecified = 0, kIpv4 = 1, kIpv6 = 2, kUnix = 3 };

Ends read_addresses(std::size_t address_size, Cursor& addresses) {
    Ends ends;
    ends.source = base::Address::from(addresses.take(address_size));
    ends.destination = base::Address::from(addresses.take(address_size));
    ends.source_port = addresses.u16();
    ends.destination_port = addresses.u16();
    return addresses.failed() ? Ends() : ends;
}

bool read_binary(Cursor& payload, Dissection& out) {
    Cursor at = payload;
    at.skip(kSignature.size());
    const std::uint8_t command = at.u8();
    const std::uint8_t family = at.u8();
    const std::uint16_t length = at.u16();
    if (at.failed() || command >> 4 != 2 || (command & 0x0F) > kLastCommand || family >> 4 > kUnix ||
        (family & 0x0F) > kLastTransport)
        return false;
    // A segment may end in it.
    const std::size_t here = std::min<std::size_t>(length, at.remaining());
    Cursor addresses = Cursor::of_frame(at.left().first(here), length);
    at.skip(here);
    const bool has_ip = family >> 4 == kIpv4 || family >> 4 == kIpv6;
    tell(2, has_ip ? read_addresses(family >> 4 == kIpv4 ? 4 : 16, addresses) : Ends(), out);
    if (addresses.malformed()) out.malformed = true;
    payload = at;
    return true;
}

}  // namespace

bool read_proxy_header(Cursor& payload, Dissection& out) {
    const std::string_view text = payload.left_text();
    if (text.starts_with(kLineStart)) return read_line(payload, out);
    return text.starts_with(kSignature) && read_binary(payload, out);
}

}  // namespace packetsentry::dissect
