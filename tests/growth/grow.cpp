// grow: prints the kinds of hostile input there are; grow KIND SIZE TIMES: makes one of about SIZE bytes and
// gives it to the worker's stages so many times, or SIZE packets. run.sh compares what a tenfold one costs.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"
#include "tests/support/packet_builder.h"

namespace {

using namespace packetsentry;
using test::Bytes;
using test::PacketBuilder;

constexpr std::uint32_t kEthernet = 1;

void add(Bytes& bytes, std::string_view characters) {
    const Bytes more = test::text(characters);
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void add16(Bytes& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::byte>(value >> 8));
    bytes.push_back(static_cast<std::byte>(value));
}

Bytes dns_head(std::size_t answers) {
    Bytes bytes = test::hex("0001 8180 0000");
    add16(bytes, answers);
    add16(bytes, 0);
    add16(bytes, 0);
    return bytes;
}

// Each name is a label and a pointer to the name before.
Bytes dns_pointers(std::size_t size) {
    Bytes bytes = dns_head(size / 16);
    std::size_t before = 0;
    for (std::size_t i = 0; i < size / 16; ++i) {
        const std::size_t here = bytes.size();
        add(bytes, std::string_view("\1a", 2));
        if (before == 0 || before > 0x3fff)
            bytes.push_back(std::byte{0});
        else
            add16(bytes, 0xc000 + before);
        before = here;
        const Bytes rest = test::hex("0001 0001 00000000 0004 01020304");
        bytes.insert(bytes.end(), rest.begin(), rest.end());
    }
    return bytes;
}

Bytes dns_texts(std::size_t size) {
    Bytes bytes = dns_head(size / 76);
    for (std::size_t i = 0; i < size / 76; ++i) {
        bytes.push_back(std::byte{63});
        add(bytes, std::string(63, 'x'));
        const Bytes rest = test::hex("00 0010 0001 00000000 0001 00");
        bytes.insert(bytes.end(), rest.begin(), rest.end());
    }
    return bytes;
}

Bytes http_lines(std::size_t size) {
    Bytes bytes = test::text("GET / HTTP/1.1\r\n");
    while (bytes.size() < size) add(bytes, "A: b\r\n");
    return bytes;
}

Bytes http_one_line(std::size_t size) {
    return test::text("GET /" + std::string(size, 'a'));
}

Bytes tls_extensions(std::size_t size) {
    Bytes extensions;
    while (extensions.size() + 4 < size) add16(extensions, 0x1234), add16(extensions, 0);
    Bytes hello = test::hex("0303");
    hello.resize(hello.size() + 32);
    const Bytes middle = test::hex("00 0002 1301 0100");
    hello.insert(hello.end(), middle.begin(), middle.end());
    add16(hello, extensions.size());
    hello.insert(hello.end(), extensions.begin(), extensions.end());
    Bytes bytes = test::hex("16 0301");
    add16(bytes, hello.size() + 4);
    bytes.push_back(std::byte{1});
    bytes.push_back(std::byte{0});
    add16(bytes, hello.size());
    bytes.insert(bytes.end(), hello.begin(), hello.end());
    return bytes;
}

Bytes zeros(std::size_t size) {
    return Bytes(size);
}

Bytes over_udp(const Bytes& payload, std::uint16_t port) {
    return PacketBuilder().ethernet().ipv4().udp(port, 40000).payload(payload).build();
}
Bytes over_tcp(const Bytes& payload, std::uint16_t port) {
    return PacketBuilder().ethernet().ipv4().tcp(40000, port).payload(payload).build();
}

Bytes vlan_tags(std::size_t size) {
    PacketBuilder builder;
    builder.ethernet();
    for (std::size_t i = 0; i < size / 4; ++i) builder.vlan(1);
    return builder.ipv4().udp().build();
}
Bytes extension_headers(std::size_t size) {
    PacketBuilder builder;
    builder.ethernet().ipv6();
    for (std::size_t i = 0; i < size / 8; ++i) builder.destination_options();
    return builder.udp().build();
}
Bytes tunnels(std::size_t size) {
    PacketBuilder builder;
    builder.ethernet();
    for (std::size_t i = 0; i < size / 20; ++i) builder.ipv4();
    return builder.udp().build();
}

struct Kind {
    std::string_view name;
    Bytes (*make)(std::size_t size);
};
const std::array kFrames{
    Kind{"dns-pointers", [](std::size_t size) { return over_udp(dns_pointers(size), 53); }},
    Kind{"dns-names", [](std::size_t size) { return over_udp(dns_texts(size), 53); }},
    Kind{"http-lines", [](std::size_t size) { return over_tcp(http_lines(size), 80); }},
    Kind{"http-one-line", [](std::size_t size) { return over_tcp(http_one_line(size), 80); }},
    Kind{"tls-extensions", [](std::size_t size) { return over_tcp(tls_extensions(size), 443); }},
    Kind{"dhcp-options", [](std::size_t size) { return over_udp(zeros(size + 240), 67); }},
    Kind{"quic-zeros", [](std::size_t size) { return over_udp(zeros(size), 443); }},
    Kind{"vlan-tags", vlan_tags},
    Kind{"extension-headers", extension_headers},
    Kind{"tunnels", tunnels},
};

class Stages {
  public:
    void take(const Bytes& frame) {
        capture::Packet packet;
        packet.frame = frame;
        packet.wire_bytes = static_cast<std::uint32_t>(frame.size());
        packet.link_type = kEthernet;
        dissect::dissect(frame, frame.size(), kEthernet, dissection_);
        builder_.append(packet, dissection_, interfaces_, {});
        if (builder_.full()) (void)builder_.seal();
    }

  private:
    dissect::Dissection dissection_;
    record::BatchBuilder builder_;
    std::vector<capture::SourceInterface> interfaces_{{"eth0", kEthernet, 262144, 2}};
};

// Every packet a new host, a new flow, a new name.
void flood(Stages& stages, int packets) {
    for (int i = 0; i < packets; ++i) {
        const std::string host = "10." + std::to_string(i / 65536 % 256) + "." +
                                 std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
        Bytes query = test::hex("0001 0100 0001 0000 0000 0000 06");
        add(query, std::to_string(100'000 + i));
        const Bytes rest = test::hex("00 0001 0001");
        query.insert(query.end(), rest.begin(), rest.end());
        stages.take(PacketBuilder()
                        .ethernet()
                        .ipv4(host, "192.0.2.1")
                        .udp(static_cast<std::uint16_t>(1024 + i), 53)
                        .payload(query)
                        .build());
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 1) {
        for (const Kind& kind : kFrames) std::puts(std::string(kind.name).c_str());
        std::puts("flood");
        return 0;
    }
    if (count != 4) return 1;
    const auto size = std::strtoul(arguments[2], nullptr, 10);
    const int times = std::atoi(arguments[3]);
    Stages stages;
    if (std::string_view(arguments[1]) == "flood") {
        if (times != 0) flood(stages, static_cast<int>(size));
        return 0;
    }
    for (const Kind& kind : kFrames) {
        if (kind.name != arguments[1]) continue;
        const Bytes frame = kind.make(size);
        for (int i = 0; i < times; ++i) stages.take(frame);
    }
    return 0;
}
