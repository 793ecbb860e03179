#include "daemon/capture/pcap_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::capture {
namespace {

using testing::HasSubstr;

struct Variant {
    Order order;
    bool nano;
    std::int64_t fraction_ns;
};

class PcapVariants : public testing::TestWithParam<Variant> {};

TEST_P(PcapVariants, GivesTimesLengthsAndFrames) {
    const auto [order, nano, fraction_ns] = GetParam();
    const auto reading =
        read_bytes(pcap_head(order, nano, 113, 4096) + pcap_record(order, 1'700'000'000, 123'456, "abc", 3) +
                   pcap_record(order, 4'294'967'295, 999'999, "", 1500));
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(reading.packets[0],
              (SeenPacket{1'700'000'000'000'000'000 + 123'456 * fraction_ns, true, 3, 113, 0, "abc"}));
    EXPECT_EQ(reading.packets[1],
              (SeenPacket{4'294'967'295'000'000'000 + 999'999 * fraction_ns, true, 1500, 113, 0, ""}));
    ASSERT_EQ(reading.interfaces.size(), 1U);
    EXPECT_EQ(reading.interfaces[0].link_type, 113U);
    EXPECT_EQ(reading.interfaces[0].snapshot_length, 4096U);
    EXPECT_EQ(reading.interfaces[0].name, "");
}

INSTANTIATE_TEST_SUITE_P(All, PcapVariants,
                         testing::Values(Variant{Order::little, false, 1000}, Variant{Order::little, true, 1},
                                         Variant{Order::big, false, 1000}, Variant{Order::big, true, 1}));

TEST(PcapReader, EveryCutGivesTheWholePacketsBeforeIt) {
    const std::string head = pcap_head(Order::little, true);
    const std::string record = pcap_record(Order::little, 1, 2, "twelve bytes", 12);
    const std::string file = head + record + record + record;
    for (std::size_t size = 1; size < file.size(); ++size) {
        const auto reading = read_bytes(file.substr(0, size));
        SCOPED_TRACE(size);
        if (size < head.size()) {
            EXPECT_FALSE(reading.opened);
            EXPECT_EQ(reading.error->code, base::ErrorCode::file);
            continue;
        }
        const std::size_t whole = (size - head.size()) / record.size();
        EXPECT_EQ(reading.packets.size(), whole);
        if ((size - head.size()) % record.size() == 0) {
            EXPECT_FALSE(reading.error);
            continue;
        }
        EXPECT_EQ(reading.message(), "the file is cut in the middle of packet " + std::to_string(whole + 1) +
                                         " (byte " + std::to_string(head.size() + whole * record.size()) +
                                         ")");
    }
}

struct BadHead {
    const char* name;
    std::string bytes;
    const char* message;
};

class PcapBadHeads : public testing::TestWithParam<BadHead> {};

TEST_P(PcapBadHeads, AreRefused) {
    const auto reading = read_bytes(GetParam().bytes);
    EXPECT_FALSE(reading.opened);
    EXPECT_EQ(reading.error->code, base::ErrorCode::file);
    EXPECT_EQ(reading.message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, PcapBadHeads,
    testing::Values(
        BadHead{"empty", "", "the file is empty; not a capture file (pcap or pcapng)"},
        BadHead{"short", "\xd4\xc3", "not a capture file (pcap or pcapng)"},
        BadHead{"text", "packets, please\n", "not a capture file (pcap or pcapng)"},
        BadHead{"modified", Bytes(Order::little).u32(0xa1b2cd34).u64(0).u64(0).u32(1).str(),
                "pcap of the modified kind (magic a1b2cd34) is not read; 'editcap -F pcap' rewrites it"},
        BadHead{"modified_big", Bytes(Order::big).u32(0xa1b2cd34).u64(0).u64(0).u32(1).str(),
                "pcap of the modified kind (magic a1b2cd34) is not read; 'editcap -F pcap' rewrites it"},
        BadHead{"version", Bytes(Order::big).u32(0xa1b2c3d4).u16(3).u16(4).u64(0).u32(65535).u32(1).str(),
                "pcap of version 3 is not known; 2 is"},
        BadHead{"cut", pcap_head(Order::little, true).substr(0, 20),
                "the file is cut in the middle of its head (byte 0)"}),
    [](const auto& named) { return named.param.name; });

TEST(PcapReader, HeadAloneIsAnEmptyCapture) {
    const auto reading = read_bytes(pcap_head(Order::big, false));
    EXPECT_TRUE(reading.opened);
    EXPECT_TRUE(reading.packets.empty());
    EXPECT_FALSE(reading.error);
}

TEST(PcapReader, LinkTypeIsTheLowSixteenBits) {
    const auto reading = read_bytes(pcap_head(Order::little, false, 0xf4000069));
    EXPECT_EQ(reading.interfaces.at(0).link_type, 0x69U);
}

struct Length {
    std::uint32_t snaplen;
    std::uint32_t captured;
    bool believed;
};

class PcapLengths : public testing::TestWithParam<Length> {};

TEST_P(PcapLengths, AreLimited) {
    const auto [snaplen, captured, believed] = GetParam();
    const Order order = Order::little;
    const std::string good = pcap_record(order, 1, 1, "good", 4);
    // The frame is there only where it should be read.
    const std::string frame = believed ? std::string(captured, 'x') : "x";
    const auto reading = read_bytes(pcap_head(order, true, 1, snaplen) + good +
                                    Bytes(order).u32(1).u32(1).u32(captured).u32(captured).text(frame).str());
    EXPECT_EQ(reading.packets.size(), believed ? 2U : 1U);
    EXPECT_EQ(reading.message(), believed ? ""
                                          : "the file is damaged at byte 44: packet 2 claims to have " +
                                                std::to_string(captured) + " captured bytes");
}

INSTANTIATE_TEST_SUITE_P(All, PcapLengths,
                         testing::Values(Length{96, 262144, true}, Length{96, 262145, false},
                                         Length{0, 262144, true}, Length{400'000, 400'000, true},
                                         Length{400'000, 400'001, false}, Length{0xffffffff, 524'288, true},
                                         Length{0xffffffff, 524'289, false},
                                         Length{0xffffffff, 0xffffffff, false}));

}  // namespace
}  // namespace packetsentry::capture
