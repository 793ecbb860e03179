#include "daemon/dissect/application/quic_frames.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/packet_builder.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::hex;
using test::join;

Bytes crypto(std::uint64_t offset, std::string_view bytes) {
    return join({hex("06"), test::big_endian(0x4000 | offset, 2), test::big_endian(bytes.size(), 1),
                 test::text(bytes)});
}

struct Joined {
    std::string text;
    bool incomplete = false;
};

Joined joined(std::initializer_list<Bytes> packets) {
    const auto out = std::make_unique<Dissection>();
    out->reset();
    QuicCrypto frames;
    for (const Bytes& packet : packets) frames.read(Cursor(packet));
    const std::string text(frames.join(*out));
    return {text, out->incomplete};
}

TEST(QuicFrames, AreJoinedInTheOrderOfTheirOffsets) {
    struct Case {
        std::string what;
        Bytes frames;
        std::string text;
    };
    const Case cases[] = {
        {"one", crypto(0, "hello"), "hello"},
        {"in order", join({crypto(0, "he"), crypto(2, "llo")}), "hello"},
        {"out of order", join({crypto(3, "lo"), crypto(0, "he"), crypto(2, "l")}), "hello"},
        {"with padding and pings between",
         join({hex("00 00 01"), crypto(3, "lo"), hex("01 0000000000"), crypto(0, "hel"), hex("00")}),
         "hello"},
        {"behind an acknowledgement", join({hex("02 07 4064 02 01 00 03 02 05"), crypto(0, "hello")}),
         "hello"},
        {"behind one with counts", join({hex("03 07 00 00 01 01 02 4003"), crypto(0, "hello")}), "hello"},
        {"repeated", join({crypto(0, "hel"), crypto(0, "hello"), crypto(1, "el")}), "hello"},
        {"overlapping", join({crypto(2, "llo"), crypto(0, "hell")}), "hello"},
        {"the first that came is told", join({crypto(0, "hel"), crypto(2, "Llo")}), "hello"},
        {"an empty one", join({crypto(0, ""), crypto(0, "hello"), crypto(5, "")}), "hello"},
        {"with a gap", join({crypto(0, "he"), crypto(3, "lo")}), "he"},
        {"without a beginning", crypto(1, "ello"), ""},
        {"none", hex("00 01 00"), ""},
        {"ended by a frame that cannot be there", join({crypto(0, "he"), hex("08"), crypto(2, "llo")}), "he"},
        {"ended by a close", join({crypto(0, "he"), hex("1C 00 00 00"), crypto(2, "llo")}), "he"},
        {"longer than the packet", join({crypto(0, "he"), hex("06 02 40FF 6C6C6F")}), "he"},
        {"of a length beyond any", join({crypto(0, "he"), hex("06 02 FFFFFFFFFFFFFFFF 6C6C6F")}), "he"},
        {"of an offset beyond any", join({hex("06 FFFFFFFFFFFFFFFF 03 6C6C6F"), crypto(0, "he")}), "he"},
        {"cut within an acknowledgement", join({crypto(0, "he"), hex("02 07 00 FFFFFFFFFFFFFFFF 00")}), "he"},
    };
    for (const Case& c : cases) {
        const Joined got = joined({c.frames});
        EXPECT_EQ(got.text, c.text) << c.what;
        EXPECT_FALSE(got.incomplete) << c.what;
    }
}

TEST(QuicFrames, OfSeveralPacketsAreOneStream) {
    EXPECT_EQ(joined({crypto(2, "llo"), crypto(0, "he")}).text, "hello");
}

TEST(QuicFrames, AreBounded) {
    Bytes frames;
    for (std::size_t i = QuicCrypto::kFrameLimit; i > 0; --i) frames = join({frames, crypto(i - 1, "a")});
    EXPECT_EQ(joined({frames}).text, std::string(QuicCrypto::kFrameLimit, 'a'));
    EXPECT_FALSE(joined({frames}).incomplete);
    const Joined more = joined({join({frames, crypto(QuicCrypto::kFrameLimit, "b")})});
    EXPECT_EQ(more.text, std::string(QuicCrypto::kFrameLimit, 'a'));
    EXPECT_TRUE(more.incomplete);
}

}  // namespace
}  // namespace packetsentry::dissect
