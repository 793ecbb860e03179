#include "daemon/redact/redactor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "tests/support/packet_builder.h"
#include "tests/support/sample_applications.h"
#include "tests/support/sample_packets.h"

namespace packetsentry::redact {
namespace {

using dissect::Dissection;
using dissect::Layout;
using test::Bytes;
using test::contains;
using test::hex;
using test::PacketBuilder;

const Bytes kRedactorKey = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
constexpr Redaction kHeaders{.payload_bytes = 0};
constexpr Redaction kMasked{.mask_addresses = true};

AddressMask::Key key() {
    return AddressMask::Key(kRedactorKey);
}

struct Redacted {
    Bytes frame;
    Dissection row;
};

// One for each redaction: to make one costs more than to use it.
Redactor& redactor(const Redaction& redaction) {
    static std::map<std::pair<std::uint64_t, bool>, std::unique_ptr<Redactor>> made;
    auto& one = made[{redaction.payload_bytes.value_or(0), redaction.mask_addresses}];
    if (!one) one = std::make_unique<Redactor>(redaction, key());
    return *one;
}

// What it returns is there until the next call. To make a dissection takes longer than to fill it.
const Redacted* redact(const Redaction& redaction, const Bytes& frame, std::size_t wire_bytes,
                       std::uint32_t link_type = 1) {
    static const auto result = std::make_unique<Redacted>();
    const auto left = redactor(redaction).redact(frame, wire_bytes, link_type, result->row);
    result->frame.assign(left.begin(), left.end());
    return result.get();
}

std::string row_text(const Dissection& row) {
    std::string text = to_string(row.source) + " " + to_string(row.destination) + " " +
                       to_string(row.source_mac) + " " + to_string(row.destination_mac);
    for (const dissect::Field& field : row.fields()) {
        text += ' ';
        if (field.info->kind == dissect::FieldKind::text) text += field.text;
        if (field.info->kind == dissect::FieldKind::address) text += to_string(field.address);
    }
    return text;
}

// Sample packets as they are, and the applications' messages on top of UDP and TCP.
struct Sample {
    std::string name;
    Bytes frame;
    std::uint32_t link_type = 1;
};

std::vector<Sample> samples() {
    std::vector<Sample> all;
    for (const test::SamplePacket& sample : test::sample_packets())
        all.push_back({std::string(sample.name), sample.frame, sample.link_type});
    for (const test::SampleApplication& sample : test::sample_applications()) {
        PacketBuilder builder;
        builder.ethernet().ipv4("203.0.113.77", "198.51.100.9");
        if (sample.tcp)
            builder.tcp(40000, sample.port);
        else
            builder.udp(40000, sample.port);
        all.push_back({std::string(sample.name), builder.payload(sample.payload).build()});
    }
    return all;
}

void add_words(std::string_view text, std::vector<base::Address>& addresses) {
    constexpr std::string_view kBetween = " ,;()[]/";
    while (!text.empty()) {
        const std::size_t size = std::min(text.find_first_of(kBetween), text.size());
        if (const auto address = base::parse_ip(text.substr(0, size))) addresses.push_back(*address);
        text.remove_prefix(std::min(size + 1, text.size()));
    }
}

// What is read of the whole packet, whether or not it was noted as the place of an address: in headers, in
// payloads, in words. Those that are the same everywhere may be seen.
std::vector<base::Address> secrets(const Sample& sample) {
    Dissection row;
    AddressMask mask(key());
    dissect::dissect(sample.frame, sample.frame.size(), sample.link_type, row);
    std::vector<base::Address> found{row.source, row.destination, row.source_mac, row.destination_mac};
    for (const dissect::Field& field : row.fields()) {
        if (field.info->kind == dissect::FieldKind::address) found.push_back(field.address);
        if (field.info->kind == dissect::FieldKind::text) add_words(field.text, found);
    }
    std::erase_if(found, [&](const base::Address& one) { return mask.mask(one) == one; });
    return found;
}

TEST(Redactor, NoAddressSurvivesInAnySampleAtAnyLength) {
    std::size_t all = 0;
    for (const Sample& sample : samples()) {
        const auto addresses = secrets(sample);
        all += addresses.size();
        for (std::size_t size = 0; size <= sample.frame.size(); ++size) {
            const auto result =
                redact(kMasked, test::cut(sample.frame, size), sample.frame.size(), sample.link_type);
            ASSERT_LE(result->frame.size(), size) << sample.name;
            const std::string text = row_text(result->row);
            for (const base::Address& address : addresses) {
                const auto bytes = std::span(address.bytes).first(address.size);
                ASSERT_FALSE(contains(result->frame, bytes))
                    << sample.name << " cut to " << size << ": " << to_string(address);
                ASSERT_EQ(text.find(to_string(address)), std::string::npos)
                    << sample.name << " cut to " << size << ": " << to_string(address) << " in " << text;
            }
        }
    }
    EXPECT_GT(all, 200U);
}

// Behind each sample's headers the frame is filled with a byte that its headers hold nowhere.
TEST(Redactor, NoPayloadSurvivesInAnySampleAtAnyLength) {
    constexpr std::string_view kMark = "\xA7payload\xA7";
    for (const Sample& sample : samples()) {
        Layout layout;
        Dissection row;
        dissect::dissect(sample.frame, sample.frame.size(), sample.link_type, row, &layout);
        Bytes frame = sample.frame;
        for (std::size_t i = layout.header_end(); i < frame.size(); ++i)
            frame[i] = static_cast<std::byte>(kMark[(i - layout.header_end()) % kMark.size()]);
        const Bytes mark = test::text(kMark.substr(0, 3));
        for (const Redaction& redaction : {kHeaders, kMasked})
            for (std::size_t size = 0; size <= frame.size(); ++size) {
                const auto result = redact(redaction, test::cut(frame, size), frame.size(), sample.link_type);
                ASSERT_FALSE(contains(result->frame, mark)) << sample.name << " cut to " << size;
                ASSERT_EQ(row_text(result->row).find(kMark.substr(0, 3)), std::string::npos) << sample.name;
            }
    }
}

// Names, identifiers, fingerprints: all that an application's message tells is payload.
std::size_t fields_of_applications(const Dissection& row) {
    constexpr std::string_view kBeginnings[] = {"dns.",
                                                "http.",
                                                "tls.",
                                                "url.",
                                                "user_agent.",
                                                "packetsentry.dhcp",
                                                "packetsentry.dns.",
                                                "packetsentry.http.",
                                                "packetsentry.ntp.",
                                                "packetsentry.proxy.",
                                                "packetsentry.quic.",
                                                "packetsentry.ssdp.",
                                                "packetsentry.ssh.",
                                                "packetsentry.tls.",
                                                "packetsentry.wireguard."};
    return static_cast<std::size_t>(std::ranges::count_if(row.fields(), [&](const dissect::Field& field) {
        return std::ranges::any_of(
            kBeginnings, [&](std::string_view beginning) { return field.info->path.starts_with(beginning); });
    }));
}

TEST(Redactor, NoFieldOfAnApplicationSurvives) {
    std::size_t before = 0;
    for (const Sample& sample : samples()) {
        Dissection row;
        dissect::dissect(sample.frame, sample.frame.size(), sample.link_type, row);
        before += fields_of_applications(row);
        for (const Redaction& redaction : {kHeaders, kMasked})
            EXPECT_EQ(fields_of_applications(
                          redact(redaction, sample.frame, sample.frame.size(), sample.link_type)->row),
                      0U)
                << sample.name;
    }
    EXPECT_GT(before, 100U);
}

TEST(Redactor, TheConversationStays) {
    for (const Sample& sample : samples()) {
        Dissection before;
        dissect::dissect(sample.frame, sample.frame.size(), sample.link_type, before);
        for (const Redaction& redaction : {kHeaders, kMasked}) {
            const auto after = redact(redaction, sample.frame, sample.frame.size(), sample.link_type);
            EXPECT_EQ(after->row.malformed, before.malformed) << sample.name;
            if (!before.source) continue;
            EXPECT_EQ(after->row.network, before.network) << sample.name;
            EXPECT_EQ(after->row.ip_protocol, before.ip_protocol) << sample.name;
            EXPECT_EQ(after->row.has_ports, before.has_ports) << sample.name;
            EXPECT_EQ(after->row.source_port, before.source_port) << sample.name;
            EXPECT_EQ(after->row.destination_port, before.destination_port) << sample.name;
            EXPECT_EQ(after->row.source.size, before.source.size) << sample.name;
            EXPECT_EQ(after->row.source_mac.size, before.source_mac.size) << sample.name;
        }
    }
}

TEST(Redactor, CuttingMakesNothingMalformed) {
    for (const Sample& sample : samples()) {
        Dissection before, after;
        dissect::dissect(sample.frame, sample.frame.size(), sample.link_type, before);
        if (before.malformed) continue;
        const auto result = redact(kMasked, sample.frame, sample.frame.size(), sample.link_type);
        dissect::dissect(result->frame, sample.frame.size(), sample.link_type, after);
        EXPECT_FALSE(after.malformed) << sample.name;
    }
}

TEST(Redactor, MalformedBeforeIsMalformedAfter) {
    const Bytes frame = PacketBuilder().ethernet().ipv4().tcp().payload("x").build();
    const Bytes cut = test::cut(frame, frame.size() - 1);
    EXPECT_TRUE(redact(kMasked, cut, cut.size())->row.malformed);
    EXPECT_FALSE(redact(kMasked, cut, frame.size())->row.malformed);
}

TEST(Redactor, HowMuchOfThePayloadStays) {
    struct Case {
        std::string_view name;
        Bytes frame;
        std::uint32_t payload;
        std::size_t left;
    };
    const Bytes padded =
        test::join({PacketBuilder().ethernet().ipv4().udp(1, 2).payload("abc").build(), hex("6c65616b")});
    const Bytes fragment = PacketBuilder()
                               .ethernet()
                               .ipv4("1.2.3.4", "5.6.7.8", {.fragment_offset = 8, .protocol = 17})
                               .payload("abcdef")
                               .build();
    const Case cases[] = {
        {"headers", PacketBuilder().ethernet().ipv4().udp(1, 2).payload("abcdef").build(), 0, 42},
        {"four bytes", PacketBuilder().ethernet().ipv4().udp(1, 2).payload("abcdef").build(), 4, 46},
        {"more than there are", PacketBuilder().ethernet().ipv4().udp(1, 2).payload("abcdef").build(), 1000,
         48},
        {"the most", PacketBuilder().ethernet().ipv4().udp(1, 2).payload("abcdef").build(), UINT32_MAX, 48},
        {"padding is none", padded, 1000, 45},
        {"later fragment", fragment, 1000, 34},
        {"unknown protocol",
         PacketBuilder().ethernet().ipv4("1.2.3.4", "5.6.7.8", {.protocol = 253}).payload("abc").build(),
         1000, 34},
        {"unknown ethertype",
         PacketBuilder().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02", 0x88B5).payload("abc").build(),
         1000, 14},
    };
    for (const Case& c : cases) {
        const auto result = redact({.payload_bytes = c.payload}, c.frame, c.frame.size());
        EXPECT_EQ(result->frame.size(), c.left) << c.name;
    }
    EXPECT_EQ(redact({.payload_bytes = 1000, .mask_addresses = true}, padded, padded.size())->frame.size(),
              42U);
    EXPECT_EQ(redact(kHeaders, hex("0102030405"), 5, 147)->frame.size(), 0U) << "unknown link type";
}

// The sum of one byte of payload is that byte.
TEST(Redactor, NoChecksumTellsOfWhatWasCut) {
    const auto tcp_sum = [](const Bytes& frame) { return Bytes(frame.begin() + 50, frame.begin() + 52); };
    std::set<std::string> frames;
    for (const char key : {'a', 'b', 'c'}) {
        const Bytes frame =
            PacketBuilder().ethernet().ipv4().tcp().payload(std::string_view(&key, 1)).build();
        const auto result = redact(kHeaders, frame, frame.size());
        frames.emplace(reinterpret_cast<const char*>(result->frame.data()), result->frame.size());
        EXPECT_NE(tcp_sum(frame), hex("0000"));
        EXPECT_EQ(tcp_sum(result->frame), hex("0000"));
    }
    EXPECT_EQ(frames.size(), 1U);
    // Nothing cut, nothing masked: nothing to hide.
    const Bytes whole = PacketBuilder().ethernet().ipv4().tcp().build();
    EXPECT_EQ(redact(kHeaders, whole, whole.size())->frame, whole);
    EXPECT_EQ(tcp_sum(redact(kMasked, whole, whole.size())->frame), hex("0000"));
}

std::uint32_t header_sum(std::span<const std::byte> header) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < header.size(); i += 2)
        sum += std::to_integer<std::uint32_t>(header[i]) << 8 | std::to_integer<std::uint32_t>(header[i + 1]);
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    return sum;
}

// Checksums would tell of it also where there was no payload to cut.
TEST(Redactor, NoChecksumTellsOfWhatHidInOptions) {
    std::set<Bytes> frames;
    for (const std::string_view hidden : {"fd06 00000000", "fd06 73656372", "fd06 a7a7a7a7"}) {
        const Bytes frame = PacketBuilder()
                                .ethernet()
                                .ipv4("1.2.3.4", "5.6.7.8", {.options = hex(hidden)})
                                .tcp(1, 2, {.options = hex(hidden)})
                                .build();
        const Bytes left = redact(kHeaders, frame, frame.size())->frame;
        EXPECT_EQ(header_sum(std::span(left).subspan(14, 28)), 0xFFFFU);
        frames.insert(left);
    }
    EXPECT_EQ(frames.size(), 1U);
}

// Also where the sender had left it to its network card: a difference would tell of the addresses.
TEST(Redactor, TheIpv4HeaderIsSummedUpAnew) {
    Bytes frame = PacketBuilder()
                      .ethernet()
                      .ipv4("1.2.3.4", "5.6.7.8", {.options = hex("0707040a000001")})
                      .udp()
                      .build();
    for (const bool offloaded : {false, true}) {
        if (offloaded) frame[24] = frame[25] = std::byte{0};
        const auto result = redact(kMasked, frame, frame.size());
        EXPECT_EQ(header_sum(std::span(result->frame).subspan(14, 28)), 0xFFFFU);
    }
    // Of a header that is not there as a whole: none.
    const Bytes cut = test::cut(frame, 36);
    frame[24] = frame[25] = std::byte{1};
    const auto result = redact(kMasked, cut, frame.size());
    EXPECT_EQ(result->frame.size(), 34U);
    EXPECT_EQ(Bytes(result->frame.begin() + 24, result->frame.begin() + 26), hex("0000"));
}

// Eight tunnels hold more addresses than are noted: the rest is cut, not shown.
TEST(Redactor, MoreAddressesThanAreNoted) {
    PacketBuilder builder;
    builder.ethernet();
    for (int i = 0; i < 7; ++i) builder.ipv4("203.0.113.5", "203.0.113.6").udp(1, 4789).vxlan(1).ethernet();
    const Bytes frame = builder.ipv4("203.0.113.7", "203.0.113.8").udp(1, 2).payload("x").build();
    const auto result = redact(kMasked, frame, frame.size());
    EXPECT_LT(result->frame.size(), frame.size() - 60);
    for (const std::string_view secret : {"cb007105", "cb007106", "cb007107", "cb007108", "020000000001"})
        EXPECT_FALSE(contains(result->frame, hex(secret))) << secret;
}

TEST(Redactor, TheSameAddressIsTheSameInEveryLayer) {
    const Bytes frame = PacketBuilder()
                            .ethernet()
                            .ipv4("203.0.113.5", "203.0.113.6")
                            .gre()
                            .ipv4("203.0.113.6", "203.0.113.5")
                            .udp(1, 2)
                            .build();
    const Bytes masked = redact(kMasked, frame, frame.size())->frame;
    EXPECT_EQ(Bytes(masked.begin() + 26, masked.begin() + 30),
              Bytes(masked.begin() + 54, masked.begin() + 58));
    EXPECT_EQ(Bytes(masked.begin() + 30, masked.begin() + 34),
              Bytes(masked.begin() + 50, masked.begin() + 54));
}

}  // namespace
}  // namespace packetsentry::redact
