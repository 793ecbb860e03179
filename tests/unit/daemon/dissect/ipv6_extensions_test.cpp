#include "daemon/dissect/ipv6_extensions.h"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::hex;

ExtensionChain walk(std::uint8_t first, Cursor& cursor) {
    Dissection out;
    Walk layers(out);
    return walk_extensions(first, cursor, layers);
}

TEST(Ipv6Extensions, Chains) {
    struct Case {
        std::string_view name;
        std::uint8_t first;
        std::string_view bytes;
        std::uint8_t next;
        std::size_t left;
        bool stopped;
        bool malformed;
    };
    const Case cases[] = {
        {"none", 17, "aabb", 17, 2, false, false},
        {"hop by hop", 0, "11 00 0104 00000000 aabb", 17, 2, false, false},
        {"padding of one byte", 0, "11 00 00000000 0000 aabb", 17, 2, false, false},
        {"jumbo payload", 0, "11 00 c204 00010000 aabb", 17, 2, false, false},
        {"option past the header", 0, "11 00 0105 00000000 aabb", 17, 2, false, true},
        {"header past the packet", 60, "11 01 0104 00000000", 60, 0, true, true},
        {"one byte of a header", 43, "11", 43, 0, true, true},
        {"routing of 24 bytes", 43, "06 02 0400 00000000 20010db8000000000000000000000001 cc", 6, 1, false,
         false},
        {"authentication", 51, "06 01 0000 00000001 00000001 cc", 6, 1, false, false},
        {"two", 0, "3c 00 0104 00000000 3a 00 0104 00000000 cc", 58, 1, false, false},
        {"fragment without its id", 44, "11 00 0001", 44, 0, true, true},
    };
    for (const Case& c : cases) {
        const Bytes bytes = hex(c.bytes);
        Cursor cursor(bytes);
        const ExtensionChain chain = walk(c.first, cursor);
        EXPECT_EQ(chain.next, c.next) << c.name;
        EXPECT_EQ(cursor.remaining(), c.left) << c.name;
        EXPECT_EQ(chain.stopped, c.stopped) << c.name;
        EXPECT_EQ(chain.malformed, c.malformed) << c.name;
    }
}

TEST(Ipv6Extensions, FragmentHeader) {
    const Bytes bytes = hex("11 00 05a9 0000beef aabb");
    Cursor cursor(bytes);
    const ExtensionChain chain = walk(44, cursor);
    EXPECT_EQ(chain.fragment.offset, 1448U);
    EXPECT_EQ(chain.fragment.id, 0xBEEFU);
    EXPECT_TRUE(chain.fragment.more);
    EXPECT_FALSE(cursor.cut());
}

TEST(Ipv6Extensions, NothingIsReadBehindALaterFragment) {
    const Bytes bytes = hex("3c 00 05a8 0000beef ffffffffffffffff");
    Cursor cursor(bytes);
    const ExtensionChain chain = walk(44, cursor);
    EXPECT_EQ(chain.next, 60);
    EXPECT_EQ(cursor.remaining(), 8U);
    EXPECT_FALSE(chain.malformed);
}

TEST(Ipv6Extensions, FirstFragmentIsCut) {
    const Bytes bytes = hex("11 00 0001 0000beef aabb");
    Cursor cursor(bytes);
    EXPECT_FALSE(walk(44, cursor).malformed);
    EXPECT_TRUE(cursor.cut());
}

TEST(Ipv6Extensions, ALongChainIsBounded) {
    Bytes bytes;
    for (int i = 0; i < 100; ++i) {
        const Bytes header = hex("3c 00 0104 00000000");
        bytes.insert(bytes.end(), header.begin(), header.end());
    }
    Cursor cursor(bytes);
    const ExtensionChain chain = walk(60, cursor);
    EXPECT_TRUE(chain.stopped);
    EXPECT_GT(cursor.remaining(), 600U);
}

}  // namespace
}  // namespace packetsentry::dissect
