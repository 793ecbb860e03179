#include "ctl/options/packet_place.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

TEST(PacketPlace, IsANumberFromOne) {
    EXPECT_EQ(parse_packet_place("1"), 1U);
    EXPECT_EQ(parse_packet_place("9223372036854775807"), 9223372036854775807U);
    for (const char* typed : {"", "0", "-1", "+1", " 1", "1.0", "0x1", "many", "9223372036854775808"}) {
        const auto place = parse_packet_place(typed);
        ASSERT_FALSE(place) << typed;
        EXPECT_EQ(place.error().code, ErrorCode::usage);
        EXPECT_TRUE(place.error().message.ends_with("as in --packet 42")) << place.error().message;
    }
}

}  // namespace
}  // namespace packetsentry::ctl
