#include "proto/link/peer_error.h"

#include <gtest/gtest.h>

namespace packetsentry::proto {
namespace {

TEST(PeerError, TravelsUnchanged) {
    const auto back = from_wire(to_wire({base::ErrorCode::filter, "bad filter"}));
    EXPECT_EQ(back.code, base::ErrorCode::filter);
    EXPECT_EQ(back.message, "bad filter");
}

TEST(PeerError, UnknownCodesAreInternal) {
    for (const std::uint32_t code : {0U, 10U, 0xffffffffU}) {
        wire::Error error;
        error.set_code(code);
        EXPECT_EQ(from_wire(error).code, base::ErrorCode::internal) << code;
    }
}

}  // namespace
}  // namespace packetsentry::proto
