#include "daemon/dissect/cursor.h"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::hex;

TEST(Cursor, ReadsNumbersInNetworkOrder) {
    const Bytes bytes = hex("01 0203 040506 0708090a 0b0c0d0e0f101112 3412");
    Cursor cursor(bytes);
    EXPECT_EQ(cursor.u8(), 0x01);
    EXPECT_EQ(cursor.u16(), 0x0203);
    EXPECT_EQ(cursor.u24(), 0x040506U);
    EXPECT_EQ(cursor.u32(), 0x0708090AU);
    EXPECT_EQ(cursor.u64(), 0x0B0C0D0E0F101112U);
    EXPECT_EQ(cursor.u16_little(), 0x1234);
    EXPECT_TRUE(cursor.empty());
    EXPECT_FALSE(cursor.failed());
}

TEST(Cursor, AFixedHeaderIsThereAsAWhole) {
    const Bytes bytes = hex("01 0203 040506 07");
    Cursor cursor(bytes);
    const auto header = cursor.header<6>();
    EXPECT_EQ(header.u8<0>(), 0x01);
    EXPECT_EQ(header.u16<1>(), 0x0203);
    EXPECT_EQ((header.take<3, 3>()[2]), std::byte{0x06});
    EXPECT_EQ(cursor.remaining(), 1U);
    EXPECT_FALSE(cursor.failed());
    EXPECT_EQ(cursor.header<2>().u16<0>(), 0) << "or zeros";
    EXPECT_TRUE(cursor.failed());
}

TEST(Cursor, PastTheEndGivesZerosForGood) {
    const Bytes bytes = hex("ffffff");
    Cursor cursor(bytes);
    EXPECT_EQ(cursor.u32(), 0U);
    EXPECT_TRUE(cursor.failed());
    EXPECT_TRUE(cursor.malformed());
    EXPECT_EQ(cursor.u8(), 0);
    EXPECT_EQ(cursor.remaining(), 0U);
    EXPECT_TRUE(cursor.take(1).empty());
    EXPECT_EQ(cursor.take<2>()[1], std::byte{0});
}

TEST(Cursor, EveryReadFailsOneByteShort) {
    const Bytes bytes = hex("010203040506070809");
    const auto fails = [&](std::size_t size, auto read) {
        Cursor cursor{std::span(bytes).first(size)};
        read(cursor);
        return cursor.malformed();
    };
    EXPECT_TRUE(fails(0, [](Cursor& c) { c.u8(); }));
    EXPECT_TRUE(fails(1, [](Cursor& c) { c.u16(); }));
    EXPECT_TRUE(fails(2, [](Cursor& c) { c.u24(); }));
    EXPECT_TRUE(fails(3, [](Cursor& c) { c.u32(); }));
    EXPECT_TRUE(fails(7, [](Cursor& c) { c.u64(); }));
    EXPECT_TRUE(fails(4, [](Cursor& c) { c.skip(5); }));
    EXPECT_TRUE(fails(4, [](Cursor& c) { (void)c.take<5>(); }));
    EXPECT_FALSE(fails(5, [](Cursor& c) { (void)c.take<5>(); }));
}

TEST(Cursor, CutIsNotTheSendersFault) {
    const Bytes bytes = hex("0102");
    Cursor cut(bytes, true);
    cut.skip(1000);
    EXPECT_TRUE(cut.failed());
    EXPECT_FALSE(cut.malformed());
}

TEST(Cursor, KnowsHowMuchOfTheFrameIsMissing) {
    const Bytes bytes = hex("0102");
    struct Case {
        std::size_t wire;
        std::size_t read;
        bool failed;
        bool malformed;
    };
    for (const Case c : {Case{2, 2, false, false}, Case{2, 3, true, true}, Case{10, 3, true, false},
                         Case{10, 10, true, false}, Case{10, 11, true, true}}) {
        Cursor cursor = Cursor::of_frame(bytes, c.wire);
        EXPECT_EQ(cursor.remaining_on_wire(), c.wire);
        cursor.skip(c.read);
        EXPECT_EQ(cursor.failed(), c.failed) << c.wire << " " << c.read;
        EXPECT_EQ(cursor.malformed(), c.malformed) << c.wire << " " << c.read;
    }
}

struct Part {
    std::size_t wire;
    std::size_t size;
    std::size_t there;
    bool cut;
    bool malformed;
};
constexpr Part kParts[] = {
    {4, 4, 4, false, false}, {4, 2, 2, false, false}, {4, 5, 4, false, true},
    {9, 2, 2, false, false}, {9, 9, 4, true, false},  {9, 10, 4, true, true},
};

TEST(Cursor, SubCoversWhatIsThere) {
    const Bytes bytes = hex("01020304");
    for (const Part& part : kParts) {
        Cursor cursor = Cursor::of_frame(bytes, part.wire);
        const Cursor inner = cursor.sub(part.size);
        EXPECT_EQ(inner.remaining(), part.there) << part.wire << " " << part.size;
        EXPECT_EQ(inner.cut(), part.cut) << part.wire << " " << part.size;
        EXPECT_EQ(cursor.malformed(), part.malformed) << part.wire << " " << part.size;
        EXPECT_EQ(inner.malformed(), part.malformed) << part.wire << " " << part.size;
        EXPECT_EQ(cursor.failed(), part.size > 4) << part.wire << " " << part.size;
    }
}

TEST(Cursor, NarrowForgetsWhatLiesBehind) {
    const Bytes bytes = hex("01020304");
    for (const Part& part : kParts) {
        Cursor cursor = Cursor::of_frame(bytes, part.wire);
        EXPECT_EQ(cursor.narrow(part.size), !part.malformed) << part.wire << " " << part.size;
        EXPECT_EQ(cursor.remaining(), part.there) << part.wire << " " << part.size;
        EXPECT_EQ(cursor.cut(), part.cut) << part.wire << " " << part.size;
        EXPECT_FALSE(cursor.failed()) << part.wire << " " << part.size;
    }
}

TEST(Cursor, WhatTravelsElsewhereIsNotCountedAndMayBeLacking) {
    const Bytes bytes = hex("01020304");
    Cursor cursor = Cursor::of_frame(bytes, 9);
    cursor.mark_cut();
    EXPECT_TRUE(cursor.cut());
    EXPECT_EQ(cursor.remaining_on_wire(), 9U);
    EXPECT_TRUE(cursor.fits(70000));
    const Cursor rest = Cursor(cursor).rest();
    EXPECT_EQ(rest.remaining_on_wire(), 9U);
    EXPECT_TRUE(rest.fits(70000));
    Cursor outer = cursor;
    EXPECT_EQ(outer.sub(100).remaining_on_wire(), 100U);
    EXPECT_FALSE(outer.malformed());
    EXPECT_TRUE(cursor.narrow(100));
    EXPECT_EQ(cursor.remaining_on_wire(), 100U);
    EXPECT_FALSE(cursor.fits(101));
}

TEST(Cursor, PeeksWithoutMoving) {
    const Bytes bytes = hex("0102");
    Cursor cursor(bytes);
    cursor.skip(1);
    EXPECT_EQ(cursor.peek(), 2);
    EXPECT_EQ(cursor.peek(1), 0);
    EXPECT_EQ(cursor.position(), 1U);
    EXPECT_FALSE(cursor.failed());
}

TEST(Cursor, WhatFitsCountsWhatWasCutOff) {
    const std::array<std::byte, 4> bytes{};
    EXPECT_TRUE(Cursor(bytes).fits(4));
    EXPECT_FALSE(Cursor(bytes).fits(5));
    EXPECT_TRUE(Cursor::of_frame(bytes, 6).fits(6));
    EXPECT_FALSE(Cursor::of_frame(bytes, 6).fits(7));
    EXPECT_TRUE(Cursor(bytes, true).fits(70000));
}

}  // namespace
}  // namespace packetsentry::dissect
