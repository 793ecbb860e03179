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

}  // namespace
}  // namespace packetsentry::dissect
