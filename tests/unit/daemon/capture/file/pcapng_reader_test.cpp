#include "daemon/capture/file/pcapng_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::capture {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kMicros = 1'700'000'000'123'456;
constexpr std::int64_t kNanos = 1'700'000'000'123'456'000;

class PcapngOrders : public testing::TestWithParam<Order> {};
INSTANTIATE_TEST_SUITE_P(Both, PcapngOrders, testing::Values(Order::little, Order::big));

TEST_P(PcapngOrders, ReadsEveryKindOfPacketBlock) {
    const Order order = GetParam();
    const auto reading =
        read_bytes(section(order) + interface_block(order, 1, 6) +
                   enhanced(order, 0, kMicros, "enhanced", 1500) + simple(order, 5, "small") +
                   simple(order, 900, "cut at") + obsolete(order, 0, kMicros, "obsolete", 8));
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 4U);
    EXPECT_EQ(reading.packets[0], (SeenPacket{kNanos, true, 1500, 1, 0, "enhanced"}));
    EXPECT_EQ(reading.packets[1], (SeenPacket{0, false, 5, 1, 0, "small"}));
    EXPECT_EQ(reading.packets[2], (SeenPacket{0, false, 900, 1, 0, "cut at"}));
    EXPECT_EQ(reading.packets[3], (SeenPacket{kNanos, true, 8, 1, 0, "obsolete"}));
}

TEST_P(PcapngOrders, TakesNameResolutionAndOffsetOfEachInterface) {
    const Order order = GetParam();
    const std::string first = option(order, 2, "eth0") + option(order, 9, "\x09") + option(order, 0, "");
    const std::string second = option(order, 0x8001, "unknown") + option(order, 9, "\x8a") +
                               option(order, 14, Bytes(order).u64(100).str());
    const auto reading = read_bytes(
        section(order) + interface_block(order, 1, 0, first) + interface_block(order, 101, 96, second) +
        enhanced(order, 1, 1024 + 512, "b", 1) + enhanced(order, 0, 1'700'000'000'123'456'789, "a", 1));
    ASSERT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(reading.packets[0], (SeenPacket{101'500'000'000, true, 1, 101, 1, "b"}));
    EXPECT_EQ(reading.packets[1], (SeenPacket{1'700'000'000'123'456'789, true, 1, 1, 0, "a"}));
    ASSERT_EQ(reading.interfaces.size(), 2U);
    EXPECT_EQ(reading.interfaces[0].name, "eth0");
    EXPECT_EQ(reading.interfaces[1].name, "");
    EXPECT_EQ(reading.interfaces[1].snapshot_length, 96U);
    EXPECT_EQ(reading.interfaces[1].link_type, 101U);
}

TEST(PcapngReader, SectionsMayFollowInTheOtherOrder) {
    const std::string eth0 = option(Order::little, 2, "eth0");
    const std::string eth0_big = option(Order::big, 2, "eth0");
    const auto reading =
        read_bytes(section(Order::little) + interface_block(Order::little, 1, 0, eth0) +
                   enhanced(Order::little, 0, kMicros, "a", 1) + section(Order::big) +
                   interface_block(Order::big, 1, 0, eth0_big) + interface_block(Order::big, 113, 0) +
                   enhanced(Order::big, 1, kMicros, "b", 1) + enhanced(Order::big, 0, kMicros, "c", 1));
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(reading.packets[1], (SeenPacket{kNanos, true, 1, 113, 1, "b"}));
    // The same interface described again keeps its index.
    EXPECT_EQ(reading.packets[2], (SeenPacket{kNanos, true, 1, 1, 0, "c"}));
    EXPECT_EQ(reading.interfaces.size(), 2U);
}

TEST(PcapngReader, OtherBlocksArePassedOverHoweverLarge) {
    const Order order = Order::little;
    const std::string huge = block(order, 0x0bad, std::string(5'000'000, 'x'));
    const auto reading =
        read_bytes(section(order) + huge + interface_block(order, 1, 0) + block(order, 4, "names") + huge +
                   enhanced(order, 0, kMicros, "a", 1, option(order, 1, "a comment")) + block(order, 5, ""));
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 1U);
    EXPECT_EQ(reading.packets[0].frame, "a");
}

TEST(PcapngReader, ManyOtherBlocksDoNotHoldUpTheCaller) {
    std::string file = section(Order::little) + interface_block(Order::little, 1, 0);
    for (int i = 0; i < 10'000; ++i) file += block(Order::little, 5, "");
    auto source = FileSource::open(memory_file(file), {});
    ASSERT_TRUE(source);
    Collector collector;
    auto state = (*source)->read(collector, 1);
    ASSERT_TRUE(state);
    EXPECT_EQ(*state, SourceState::ready);
    EXPECT_LT((*source)->counters().position, file.size());
    while (state && *state == SourceState::ready) state = (*source)->read(collector, 1);
    ASSERT_TRUE(state);
    EXPECT_EQ(*state, SourceState::end);
    EXPECT_EQ((*source)->counters().position, file.size());
}

TEST(PcapngReader, EveryCutGivesTheWholePacketsBeforeIt) {
    const Order order = Order::big;
    const std::vector<std::string> blocks{section(order),
                                          interface_block(order, 1, 0),
                                          enhanced(order, 0, 1, "one", 3),
                                          block(order, 5, "statistics"),
                                          simple(order, 3, "two"),
                                          obsolete(order, 0, 3, "three", 5)};
    std::string file;
    std::vector<std::size_t> ends;
    std::vector<std::size_t> packet_ends;
    for (const std::string& b : blocks) {
        file += b;
        ends.push_back(file.size());
        const auto type = static_cast<unsigned char>(b[3]);
        if (type == 2 || type == 3 || type == 6) packet_ends.push_back(file.size());
    }
    for (std::size_t size = 1; size <= file.size(); ++size) {
        SCOPED_TRACE(size);
        const auto reading = read_bytes(file.substr(0, size));
        const auto whole = std::ranges::count_if(packet_ends, [&](std::size_t end) { return end <= size; });
        EXPECT_EQ(static_cast<std::ptrdiff_t>(reading.packets.size()), whole);
        const bool between = std::ranges::find(ends, size) != ends.end();
        EXPECT_EQ(reading.error.has_value(), !between) << reading.message();
        if (reading.error) {
            EXPECT_EQ(reading.error->code, base::ErrorCode::file);
            EXPECT_THAT(reading.message(),
                        HasSubstr(size < 4 ? "not a capture file" : "the file is truncated "));
        }
    }
    EXPECT_EQ(read_bytes(file.substr(0, ends[2] - 1)).message(),
              "the file is truncated in the middle of packet 1 (byte " + std::to_string(ends[1]) + ")");
}

struct Damage {
    const char* name;
    std::string bytes;  // after a section, an Ethernet interface and one good packet
    const char* message;
};

class PcapngDamages : public testing::TestWithParam<Damage> {};

TEST_P(PcapngDamages, EndTheFileAfterTheGoodPacket) {
    const Order order = Order::little;
    const std::string good = section(order) + interface_block(order, 1, 0) + enhanced(order, 0, 1, "good", 4);
    const auto reading = read_bytes(good + GetParam().bytes);
    ASSERT_TRUE(reading.opened);
    ASSERT_EQ(reading.packets.size(), 1U);
    EXPECT_EQ(reading.packets[0].frame, "good");
    ASSERT_TRUE(reading.error);
    EXPECT_EQ(reading.error->code, base::ErrorCode::file);
    EXPECT_THAT(reading.message(), HasSubstr(GetParam().message));
}

std::string words(std::initializer_list<std::uint32_t> numbers) {
    Bytes bytes;
    for (const std::uint32_t number : numbers) bytes.u32(number);
    return bytes.str();
}

INSTANTIATE_TEST_SUITE_P(
    All, PcapngDamages,
    testing::Values(
        Damage{"length_zero", words({6, 0, 0}), "impossible length 0"},
        Damage{"length_short", words({6, 28, 0, 0, 0, 0, 28}), "impossible length 28"},
        Damage{"length_odd", words({9, 13, 0, 13}), "impossible length 13"},
        Damage{"packet_huge", words({6, 0xfffffffc, 0, 0}), "impossible length 4294967292"},
        Damage{"interface_huge", words({1, 0xfffffffc, 0, 0}), "impossible length 4294967292"},
        Damage{"other_huge", words({77, 0xfffffffc, 0, 0}), "the file is truncated after packet 1"},
        Damage{"trailer", words({6, 32, 0, 0, 0, 0, 0, 36}), "the two lengths of a block differ"},
        Damage{"other_trailer", words({5, 16, 0, 12}), "the two lengths of a block differ"},
        Damage{"captured", words({6, 36, 0, 0, 0, 5, 5, 0, 36}), "packet 2 claims to have 5 captured bytes"},
        Damage{"captured_most", words({6, 36, 0, 0, 0, 0xffffffff, 5, 0, 36}), "claims to have 4294967295"},
        Damage{"simple_captured", words({3, 20, 0xffffffff, 0, 20}), "claims to have 4294967295"},
        Damage{"no_such_interface", words({6, 32, 1, 0, 0, 0, 0, 32}),
               "belongs to interface 1, which the file does not describe"},
        Damage{"obsolete_interface", words({2, 32, 0xffff, 0, 0, 0, 0, 32}), "belongs to interface 65535"},
        Damage{"section_magic", words({0x0a0d0d0a, 28, 0x1a2b3c4e, 1, 0, 0, 28}), "without byte-order magic"},
        Damage{"section_length", words({0x0a0d0d0a, 24, 0x1a2b3c4d, 1, 0, 0, 28}), "impossible length 24"},
        Damage{"section_version", words({0x0a0d0d0a, 28, 0x1a2b3c4d, 2, 0, 0, 28}),
               "version 2 of pcapng is not supported"},
        Damage{"new_section", section(Order::little) + enhanced(Order::little, 0, 1, "x", 1),
               "belongs to interface 0"},
        Damage{"new_section_simple", section(Order::little) + simple(Order::little, 1, "x"),
               "without an interface"}),
    [](const auto& named) { return named.param.name; });

TEST(PcapngReader, TakesThousandsOfInterfaces) {
    const Order order = Order::little;
    std::string file = section(order);
    for (int i = 0; i < 70'000; ++i)
        file += interface_block(order, 1, 0, option(order, 2, "if" + std::to_string(i)));
    const auto reading = read_bytes(file + enhanced(order, 69'999, 1, "x", 1));
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.interfaces.size(), 70'000U);
    EXPECT_EQ(reading.interfaces[69'999].name, "if69999");
    EXPECT_EQ(reading.packets.at(0).interface, 69'999U);
}

TEST(PcapngReader, InterfacesWithoutEndAreRefused) {
    const Order order = Order::little;
    const std::string interface = interface_block(order, 1, 0);
    std::string file = section(order) + interface + enhanced(order, 0, 1, "x", 1);
    for (std::size_t i = 1; i < PcapngReader::kInterfaceLimit; ++i) file += interface;
    EXPECT_EQ(read_bytes(file).message(), "");
    const auto reading = read_bytes(file + interface);
    EXPECT_THAT(reading.message(), HasSubstr("more than 262144 interfaces are described"));
    EXPECT_EQ(reading.packets.size(), 1U);
}

TEST(PcapngReader, APacketWhoseTimeFitsNowhereIsWithoutOne) {
    const Order order = Order::little;
    const std::string seconds = option(order, 9, std::string(1, '\0'));
    const std::string late = option(order, 14, Bytes(order).u64(9'223'372'037).str());
    const auto reading = read_bytes(section(order) + interface_block(order, 1, 0, seconds) +
                                    interface_block(order, 1, 0, late) + enhanced(order, 0, ~0ULL, "one", 3) +
                                    enhanced(order, 0, 7, "two", 3) + enhanced(order, 1, 1, "three", 5) +
                                    obsolete(order, 1, 0xffff'ffff'ffff, "four", 4));
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 4U);
    EXPECT_EQ(reading.packets[0], (SeenPacket{0, false, 3, 1, 0, "one"}));
    EXPECT_EQ(reading.packets[1], (SeenPacket{7'000'000'000, true, 3, 1, 0, "two"}));
    EXPECT_EQ(reading.packets[2], (SeenPacket{0, false, 5, 1, 1, "three"}));
    EXPECT_EQ(reading.packets[3], (SeenPacket{0, false, 4, 1, 1, "four"}));
}

TEST(PcapngReader, OptionsThatDoNotFitEndTheList) {
    const Order order = Order::little;
    for (const std::string& options : {Bytes().u16(2).u16(0xffff).text("abcd").str(),
                                       Bytes().u16(9).u16(0).str() + Bytes().u16(2).u16(5).text("abcd").str(),
                                       Bytes().u16(14).u16(4).text("abcd").str()}) {
        const auto reading = read_bytes(section(order) + interface_block(order, 1, 0, options) +
                                        enhanced(order, 0, 5, "x", 1));
        EXPECT_EQ(reading.message(), "");
        ASSERT_EQ(reading.packets.size(), 1U);
        EXPECT_EQ(reading.packets[0].time_ns, 5000);
        EXPECT_EQ(reading.interfaces[0].name, "");
    }
}

TEST(PcapngReader, LongNamesAreCut) {
    const Order order = Order::little;
    const auto reading =
        read_bytes(section(order) + interface_block(order, 1, 0, option(order, 2, std::string(60'000, 'n'))));
    EXPECT_EQ(reading.interfaces.at(0).name, std::string(256, 'n'));
}

TEST(PcapngReader, SectionWithoutAnythingIsAnEmptyCapture) {
    const auto reading = read_bytes(section(Order::big));
    EXPECT_TRUE(reading.opened);
    EXPECT_FALSE(reading.error);
    EXPECT_TRUE(reading.interfaces.empty());
}

}  // namespace
}  // namespace packetsentry::capture
