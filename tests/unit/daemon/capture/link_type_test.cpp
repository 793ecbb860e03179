#include "daemon/capture/link_type.h"

#include <gtest/gtest.h>
#include <pcap/dlt.h>

namespace packetsentry::capture {
namespace {

TEST(LinkType, RawIpDiffers) {
    EXPECT_EQ(dlt_of(101), DLT_RAW);
    EXPECT_EQ(link_type_of(DLT_RAW), 101U);
}

TEST(LinkType, MostAreTheSame) {
    for (const int dlt : {DLT_EN10MB, DLT_NULL, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_IEEE802_11_RADIO}) {
        EXPECT_EQ(dlt_of(static_cast<std::uint32_t>(dlt)), dlt);
        EXPECT_EQ(link_type_of(dlt), static_cast<std::uint32_t>(dlt));
    }
}

}  // namespace
}  // namespace packetsentry::capture
