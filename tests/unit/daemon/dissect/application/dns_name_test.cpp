#include "daemon/dissect/application/dns_name.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/packet_builder.h"

namespace packetsentry::dissect {
namespace {

using test::big_endian;
using test::Bytes;
using test::hex;
using test::join;
using test::text;

const Bytes kHeader(kDnsHeaderBytes);

struct Read {
    DnsNameState state;
    std::string text;
    std::size_t after;  // position
};

Read read(const Bytes& message, std::size_t at, bool is_cut = false) {
    Dissection out;
    out.reset();
    const Cursor whole(message, is_cut);
    Cursor here = whole;
    here.skip(at);
    const DnsNameState state = read_dns_name(whole, here, out);
    return {state, std::string(out.text_since(0)), here.position()};
}

Bytes label(std::size_t size, char letter) {
    return join({Bytes{static_cast<std::byte>(size)}, text(std::string(size, letter))});
}

TEST(DnsName, ReadsLabelsAndPointers) {
    struct Case {
        std::string what, rest;  // hex, from byte 12 on
        std::size_t at;
        std::string text;
        std::size_t after;
    };
    const Case cases[] = {
        {"root", "00", 12, ".", 13},
        {"one label", "03 777777 00", 12, "www", 17},
        {"two labels", "03 777777 02 6465 00", 12, "www.de", 20},
        {"a pointer alone", "02 6465 00 C00C", 16, "de", 18},
        {"a label and a pointer", "02 6465 00 03 777777 C00C", 16, "www.de", 22},
        {"a pointer to a pointer", "02 6465 00 C00C C010", 18, "de", 20},
        {"a pointer into a name", "01 61 02 6465 00 C00E", 18, "de", 20},
        {"a pointer to the root", "00 01 61 C00C", 13, "a", 17},
        {"dot and backslash in a label", "04 612E5C62 00", 12, R"(a\.\\b)", 18},
        {"any byte", "03 001BFF 00", 12, std::string("\0\x1B\xFF", 3), 17},
    };
    for (const Case& c : cases) {
        const Read got = read(join({kHeader, hex(c.rest)}), c.at);
        EXPECT_EQ(got.state, DnsNameState::whole) << c.what;
        EXPECT_EQ(got.text, c.text) << c.what;
        EXPECT_EQ(got.after, c.after) << c.what;
    }
}

TEST(DnsName, RefusesHostileOnes) {
    struct Case {
        std::string what, rest;
        std::size_t at;
    };
    const Case cases[] = {
        {"a pointer to itself", "C00C", 12},
        {"a pointer to the name it ends", "01 61 C00C", 12},
        {"a pointer forward", "C00E 01 61 00", 12},
        {"two pointers at each other", "C00E C00C", 14},
        {"a loop through a label", "01 61 C010 01 62 C00C", 16},
        {"a pointer into the header", "C000", 12},
        {"a pointer past the end", "FFFF", 12},
        {"a reserved label type", "40 61 00", 12},
        {"another", "80 61 00", 12},
        {"no end", "01 61", 12},
        {"a label beyond the end", "05 61", 12},
        {"half a pointer", "C0", 12},
    };
    for (const Case& c : cases)
        EXPECT_EQ(read(join({kHeader, hex(c.rest)}), c.at).state, DnsNameState::malformed) << c.what;
}

TEST(DnsName, RunningOutOfCutBytesIsNoFault) {
    for (const char* rest : {"", "01", "01 61", "05 61", "C0"})
        EXPECT_EQ(read(join({kHeader, hex(rest)}), 12, true).state, DnsNameState::cut) << rest;
    EXPECT_EQ(read(join({kHeader, hex("C00E")}), 12, true).state, DnsNameState::malformed);
}

TEST(DnsName, HasAtMost255Bytes) {
    // 3 labels of 64 bytes and one of 62 make 254, and the end 255.
    const Bytes most = join({label(63, 'a'), label(63, 'b'), label(63, 'c'), label(61, 'd'), hex("00")});
    const Read whole = read(join({kHeader, most}), 12);
    EXPECT_EQ(whole.state, DnsNameState::whole);
    EXPECT_EQ(whole.text.size(), 253U);
    const Bytes more = join({label(63, 'a'), label(63, 'b'), label(63, 'c'), label(62, 'd'), hex("00")});
    EXPECT_EQ(read(join({kHeader, more}), 12).state, DnsNameState::malformed);
    const Bytes through_pointer = join({kHeader, most, hex("01 7A C00C")});
    EXPECT_EQ(read(through_pointer, kHeader.size() + most.size()).state, DnsNameState::malformed);
}

TEST(DnsName, FollowsPointersBoundedly) {
    // Each pointer leads to the one before it.
    Bytes chain = join({kHeader, hex("00")});
    std::size_t last = 12;
    for (int i = 0; i < 2000; ++i) {
        const std::size_t here = chain.size();
        chain = join({chain, big_endian(0xC000 | last, 2)});
        last = here;
    }
    EXPECT_EQ(read(chain, 13 + 2 * 100).state, DnsNameState::whole);
    EXPECT_EQ(read(chain, last).state, DnsNameState::malformed);
}

TEST(DnsName, SkipsWithoutFollowing) {
    struct Case {
        std::string rest;
        DnsNameState state;
        std::size_t after;
    };
    const Case cases[] = {
        {"00", DnsNameState::whole, 1},
        {"01 61 02 6262 00 FF", DnsNameState::whole, 6},
        {"01 61 FFFF FF", DnsNameState::whole, 4},
        {"40 61 00", DnsNameState::malformed, 0},
        {"01", DnsNameState::malformed, 0},
    };
    for (const Case& c : cases) {
        const Bytes bytes = hex(c.rest);
        Cursor at(bytes);
        EXPECT_EQ(skip_dns_name(at), c.state) << c.rest;
        if (c.state == DnsNameState::whole) {
            EXPECT_EQ(at.position(), c.after) << c.rest;
        }
    }
}

}  // namespace
}  // namespace packetsentry::dissect
