#include "daemon/capture/file/pcap_reader.h"

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
        EXPECT_EQ(reading.message(), "the file is truncated in the middle of packet " +
                                         std::to_string(whole + 1) + " (byte " +
                                         std::to_string(head.size() + whole * record.size()) + ")");
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
    testing::Values(BadHead{"empty", "", "the file is empty; not a capture file (pcap or pcapng)"},
                    BadHead{"short", "\xd4\xc3", "not a capture file (pcap or pcapng)"},
                    BadHead{"text", "packets, please\n", "not a capture file (pcap or pcapng)"},
                    BadHead{"version",
                            Bytes(Order::big).u32(0xa1b2c3d4).u16(3).u16(4).u64(0).u32(65535).u32(1).str(),
                            "version 3 of pcap is not supported; version 2 is"},
                    BadHead{"cut", pcap_head(Order::little, true).substr(0, 20),
                            "the file is truncated in the middle of its header (byte 0)"}),
    [](const auto& named) { return named.param.name; });

// Of the kinds that patched libpcaps have written.
struct Patched {
    const char* name;
    std::uint32_t magic;
    std::size_t more_in_head;
    std::size_t more_in_record;
    std::int64_t fraction_ns;
};

class PatchedPcaps : public testing::TestWithParam<Patched> {};

TEST_P(PatchedPcaps, AreRead) {
    for (const Order order : {Order::little, Order::big}) {
        const Patched& kind = GetParam();
        std::string file = Bytes(order).u32(kind.magic).u16(2).u16(4).u64(0).u32(65535).u32(1).str() +
                           std::string(kind.more_in_head, '\x55');
        for (const std::size_t packets : {0U, 1U, 2U, 3U}) {
            const auto reading = read_bytes(file);
            EXPECT_EQ(reading.message(), "");
            ASSERT_EQ(reading.packets.size(), packets);
            for (std::size_t i = 0; i < packets; ++i) {
                EXPECT_EQ(reading.packets[i].frame, "frame, frame, frame");
                EXPECT_EQ(reading.packets[i].wire_bytes, 1500U);
                EXPECT_EQ(reading.packets[i].time_ns, 1'700'000'000'000'000'000 + 5 * kind.fraction_ns);
            }
            file += Bytes(order)
                        .u32(1'700'000'000)
                        .u32(5)
                        .u32(19)
                        .u32(1500)
                        .text(std::string(kind.more_in_record, '\x02'))
                        .text("frame, frame, frame")
                        .str();
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, PatchedPcaps,
                         testing::Values(Patched{"modified", 0xa1b2cd34, 0, 8, 1000},
                                         Patched{"suse", 0xa1b2cd34, 0, 12, 1000},
                                         Patched{"redhat", 0xa1b2c3d4, 0, 8, 1000},
                                         Patched{"nokia", 0xa1b2c3d4, 0, 4, 1000},
                                         Patched{"ixia_hardware", 0x1c0001ac, 4, 0, 1},
                                         Patched{"ixia_software", 0x1c0001ab, 4, 0, 1000}),
                         [](const auto& named) { return named.param.name; });

std::string old_head(std::uint16_t minor, std::uint32_t link_type) {
    return Bytes(Order::big).u32(0xa1b2c3d4).u16(2).u16(minor).u64(0).u32(65535).u32(link_type).str();
}

TEST(PcapReader, OldVersionsHaveTheLengthOnTheWireFirst) {
    const std::string swapped = Bytes(Order::big).u32(1).u32(2).u32(1500).u32(3).text("abc").str();
    const std::string usual = pcap_record(Order::big, 1, 2, "abc", 1500);
    for (const std::string& file : {old_head(2, 1) + swapped, old_head(3, 1) + swapped + usual}) {
        const auto reading = read_bytes(file);
        EXPECT_EQ(reading.message(), "");
        ASSERT_FALSE(reading.packets.empty());
        for (const SeenPacket& seen : reading.packets)
            EXPECT_EQ(seen, (SeenPacket{1'000'002'000, true, 1500, 1, 0, "abc"}));
    }
}

TEST(PcapReader, AixHasNanosecondsAndItsOwnLinkTypes) {
    for (const auto& [number, link_type] :
         {std::pair{6U, 1U}, std::pair{9U, 6U}, std::pair{15U, 10U}, std::pair{24U, 0U}}) {
        const auto reading = read_bytes(
            old_head(2, number) + Bytes(Order::big).u32(1).u32(999'999'999).u32(3).u32(3).text("abc").str());
        EXPECT_EQ(reading.message(), "");
        ASSERT_EQ(reading.packets.size(), 1U);
        EXPECT_EQ(reading.packets[0], (SeenPacket{1'999'999'999, true, 3, link_type, 0, "abc"}));
    }
}

// What is only damaged stays so: no other kind fits either.
TEST(PcapReader, DamageIsNotTakenForAnotherKind) {
    const Order order = Order::little;
    const std::string record = pcap_record(order, 1, 1, "a frame of some length", 22);
    const auto reading = read_bytes(pcap_head(order, false) + record + "\x01\x02\x03\x04" + record + record);
    ASSERT_FALSE(reading.packets.empty());
    EXPECT_EQ(reading.packets[0].frame, "a frame of some length");
    EXPECT_TRUE(reading.error);
}

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
