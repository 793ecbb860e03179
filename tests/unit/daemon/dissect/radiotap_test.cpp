#include "daemon/dissect/radiotap.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

Bytes data_frame() {
    return PacketBuilder()
        .ieee80211_data("02:00:00:00:00:03", kDestinationMac, true)
        .snap()
        .ipv4()
        .tcp(1, 2)
        .build();
}

// version, pad, length (little-endian), then the rest.
Bytes header(std::string_view rest) {
    const Bytes tail = hex(rest);
    return join({hex("0000"), {static_cast<std::byte>(4 + tail.size()), std::byte{0}}, tail});
}

TEST(Radiotap, SkipsItsFields) {
    const PacketReading reading = read_packet(join({header("00000000"), data_frame()}), 127);
    EXPECT_EQ(reading.summary, "TCP 1 -> 2 [PSH,ACK]");
    EXPECT_EQ(reading.macs, "02-00-00-00-00-03 -> 02-00-00-00-00-02");
}

TEST(Radiotap, FlagsTellOfTheChecksum) {
    struct Case {
        std::string_view name;
        std::string_view header;
    };
    const Case cases[] = {
        {"flags first", "02000000 10"},
        {"behind the time, aligned", "03000000 0102030405060708 10"},
        {"behind two present words and the time", "03000080 00000000 00000000 0102030405060708 10"},
    };
    // A payload without a length of its own: what is cut off shows.
    const Bytes frame = PacketBuilder().ieee80211_data().snap(0, 0x0842).build();
    for (const Case& c : cases) {
        EXPECT_FALSE(read_packet(join({header(c.header), frame, Bytes(4)}), 127).malformed) << c.name;
        EXPECT_TRUE(
            read_packet(join({header(c.header), cut(frame, frame.size() - 1), Bytes(4)}), 127).malformed)
            << c.name;
    }
}

TEST(Radiotap, PaddedHeader) {
    const Bytes frame = data_frame();  // its header is 26 bytes, padded to 28
    const Bytes padded = join({cut(frame, 26), Bytes(2), Bytes(frame.begin() + 26, frame.end())});
    EXPECT_EQ(read_packet(join({header("02000000 20"), padded}), 127).summary, "TCP 1 -> 2 [PSH,ACK]");
}

TEST(Radiotap, BadHeaders) {
    EXPECT_TRUE(read_packet(hex("0100 0800 00000000"), 127).malformed);  // version
    EXPECT_TRUE(read_packet(hex("0000 0700 00000000"), 127).malformed);  // no room for present
    EXPECT_TRUE(read_packet(hex("0000 ff00 00000000"), 127).malformed);  // longer than the frame
    EXPECT_TRUE(read_packet(hex("0000 0800 ffffffff"), 127).malformed);  // present words without end
    EXPECT_EQ(read_packet(hex("0100 0800 00000000"), 127).word, "802.11");
}

}  // namespace
}  // namespace packetsentry::dissect
