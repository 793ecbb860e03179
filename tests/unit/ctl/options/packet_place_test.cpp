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

TEST(PacketPlace, IsAskedTogetherWithTheDisplayFilter) {
    wire::CaptureSpec capture;
    ASSERT_TRUE(choose_packet(42, capture));
    EXPECT_EQ(capture.filter().display(), "(packetsentry.number == 42)");
    EXPECT_EQ(capture.until().packets(), 1U);
    capture.mutable_filter()->set_display("dns or http");
    capture.mutable_until()->set_packets(7);
    ASSERT_TRUE(choose_packet(3, capture));
    EXPECT_EQ(capture.filter().display(), "(packetsentry.number == 3) and (dns or http)");
    EXPECT_EQ(capture.until().packets(), 1U);
}

TEST(PacketPlace, AFilterThatBecomesTooLongIsRefused) {
    wire::CaptureSpec capture;
    capture.mutable_filter()->set_display("dns" + std::string(4093, ' '));
    const auto chosen = choose_packet(42, capture);
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().code, ErrorCode::filter);
}

}  // namespace
}  // namespace packetsentry::ctl
