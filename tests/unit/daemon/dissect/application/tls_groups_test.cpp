#include "daemon/dissect/application/tls_groups.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace packetsentry::dissect {
namespace {

TEST(TlsGroups, AreNamedAsTheRegistryNamesThem) {
    struct Case {
        std::uint16_t number;
        std::string_view name;
    };
    const Case cases[] = {
        // RFC 8422 section 5.1.1, with those of RFC 4492 that it no longer has.
        {0x0001, "sect163k1"},
        {0x0009, "sect283k1"},
        {0x000E, "sect571r1"},
        {0x0010, "secp160r1"},
        {0x0013, "secp192r1"},
        {0x0015, "secp224r1"},
        {0x0016, "secp256k1"},
        {0x0017, "secp256r1"},
        {0x0018, "secp384r1"},
        {0x0019, "secp521r1"},
        {0x001D, "x25519"},
        {0x001E, "x448"},
        {0xFF01, "arbitrary_explicit_prime_curves"},
        {0xFF02, "arbitrary_explicit_char2_curves"},
        // RFC 7027 section 2 and RFC 8734 section 2.
        {0x001A, "brainpoolP256r1"},
        {0x001C, "brainpoolP512r1"},
        {0x001F, "brainpoolP256r1tls13"},
        {0x0021, "brainpoolP512r1tls13"},
        // RFC 9189 section 10.2 and RFC 8998 section 2.
        {0x0022, "GC256A"},
        {0x0028, "GC512C"},
        {0x0029, "curveSM2"},
        // RFC 7919 section 2.
        {0x0100, "ffdhe2048"},
        {0x0102, "ffdhe4096"},
        {0x0104, "ffdhe8192"},
        // What holds against quantum computers.
        {0x0200, "MLKEM512"},
        {0x0202, "MLKEM1024"},
        {0x11EB, "SecP256r1MLKEM768"},
        {0x11EC, "X25519MLKEM768"},
        {0x11ED, "SecP384r1MLKEM1024"},
        {0x11EE, "curveSM2MLKEM768"},
        {0x6399, "X25519Kyber768Draft00"},
        {0x639A, "SecP256r1Kyber768Draft00"},
    };
    for (const Case& c : cases) EXPECT_EQ(tls_group_name(c.number), c.name) << c.number;
}

TEST(TlsGroups, OtherNumbersHaveNoName) {
    constexpr std::uint16_t kNumbers[] = {
        0x0000,                                          // reserved
        0x002A, 0x0105, 0x0203, 0x11EF, 0x639B, 0xFF03,  // behind the last one of a row of numbers
        0x00FF, 0x01FF, 0x11EA, 0x6398, 0xFF00,          // before the first one
        0x01FC,                                          // private use of finite fields (RFC 7919 section 7)
        0xFE00, 0xFEFF,                                  // private use of curves (RFC 8422 section 5.1.1)
        0xFFFF,
    };
    for (const std::uint16_t number : kNumbers) EXPECT_EQ(tls_group_name(number), "") << number;
}

// RFC 8701 section 2: clients send them so that servers get used to numbers that they do not know.
TEST(TlsGroups, ReservedNumbersHaveNoName) {
    for (std::uint32_t i = 0; i < 16; ++i) {
        const auto number = static_cast<std::uint16_t>(0x0A0A + i * 0x1010);
        EXPECT_EQ(tls_group_name(number), "") << number;
    }
}

TEST(TlsGroups, NoTwoNumbersHaveOneName) {
    std::set<std::string_view> names;
    for (std::uint32_t number = 0; number <= 0xFFFF; ++number) {
        const std::string_view name = tls_group_name(static_cast<std::uint16_t>(number));
        if (name.empty()) continue;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    // 41 curves of the first row, 2 explicit ones, 5 finite fields, 3 and 4 with ML-KEM, and 3 experiments.
    EXPECT_EQ(names.size(), 41U + 2 + 5 + 3 + 4 + 3);
}

}  // namespace
}  // namespace packetsentry::dissect
