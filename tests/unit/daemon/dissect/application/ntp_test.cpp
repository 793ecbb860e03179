#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;

Reading read(unsigned first, std::size_t size, bool is_cut = false) {
    Bytes bytes(size);
    bytes[0] = static_cast<std::byte>(first);
    if (size > 1) bytes[1] = std::byte{2};
    return {dissect_ntp, bytes, is_cut};
}

TEST(Ntp, TellsModeVersionAndStratum) {
    struct Case {
        unsigned first;
        std::size_t size;
        bool is_cut;
        std::string line, version, stratum;
    };
    const Case cases[] = {
        {0x23, 48, false, "NTP client", "4", "2"},  {0xE3, 48, false, "NTP client", "4", "2"},
        {0x1C, 68, false, "NTP server", "3", "2"},  {0x25, 48, false, "NTP broadcast", "4", "2"},
        {0x16, 12, false, "NTP control", "2", "-"}, {0x17, 8, false, "NTP private", "2", "-"},
        {0x23, 47, false, "!NTP client", "4", "2"}, {0x23, 47, true, "NTP client", "4", "2"},
        {0x23, 1, true, "NTP client", "4", "-"},    {0x16, 11, false, "!NTP control", "2", "-"},
        {0x03, 48, false, "-", "-", "-"},           {0x2B, 48, false, "-", "-", "-"},
        {0x20, 48, false, "-", "-", "-"},
    };
    for (const Case& c : cases) {
        const Reading got = read(c.first, c.size, c.is_cut);
        EXPECT_EQ(got.line(), c.line) << c.first << ' ' << c.size;
        EXPECT_EQ(got.value("packetsentry.ntp.version"), c.version) << c.first;
        EXPECT_EQ(got.value("packetsentry.ntp.stratum"), c.stratum) << c.first;
    }
}

TEST(Ntp, TellsWhereTheTimeIsFrom) {
    struct Case {
        unsigned stratum;
        std::string id, told;
    };
    const Case cases[] = {
        {2, "C0000201", "192.0.2.1"}, {1, "47505300", "GPS"}, {0, "52415445", "RATE"},
        {0, "00000000", "-"},         {3, "00000000", "-"},   {16, "7F7F0101", "127.127.1.1"},
    };
    for (const Case& c : cases) {
        const Bytes message = test::join(
            {test::hex("24"), test::big_endian(c.stratum, 1), Bytes(10), test::hex(c.id), Bytes(32)});
        EXPECT_EQ(Reading(dissect_ntp, message).value("packetsentry.ntp.reference_id"), c.told);
        EXPECT_EQ(Reading(dissect_ntp, test::cut(message, 15), true).value("packetsentry.ntp.reference_id"),
                  "-");
    }
}

}  // namespace
}  // namespace packetsentry::dissect
