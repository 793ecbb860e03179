// The examples are those of FoxIO's description of JA4.
#include "daemon/dissect/application/ja4.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>

#include "tests/unit/daemon/dissect/field_text.h"

namespace packetsentry::dissect {
namespace {

struct Told {
    std::string ja4 = "-";
    std::string raw = "-";
    bool incomplete = false;
};

Told told(Ja4& ja4) {
    const auto out = std::make_unique<Dissection>();
    out->reset();
    ja4.tell(*out);
    Told told;
    for (const Field& field : out->fields())
        (field.info->path == "packetsentry.tls.ja4" ? told.ja4 : told.raw) = value_text(field);
    told.incomplete = out->incomplete;
    return told;
}

constexpr std::initializer_list<std::uint16_t> kCiphers = {0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F,
                                                           0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013,
                                                           0xC014, 0x009C, 0x009D, 0x002F, 0x0035};
constexpr std::initializer_list<std::uint16_t> kExtensions = {0x001B, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017,
                                                              0x002D, 0x000D, 0x0005, 0x0023, 0x0012, 0x002B,
                                                              0xFF01, 0x000B, 0x000A, 0x0015};
constexpr std::initializer_list<std::uint16_t> kSignatures = {0x0403, 0x0804, 0x0401, 0x0503,
                                                              0x0805, 0x0501, 0x0806, 0x0601};

Ja4 example() {
    Ja4 ja4(Ja4::Carrier::tcp);
    ja4.set_hello_version(0x0303);
    ja4.has_offered_versions();
    for (const std::uint16_t version : std::initializer_list<std::uint16_t>{0x0303, 0x0304})
        ja4.add_offered_version(version);
    for (const std::uint16_t number : kCiphers) ja4.add_cipher(number);
    for (const std::uint16_t number : kExtensions) ja4.add_extension(number);
    ja4.set_first_protocol("h2");
    return ja4;
}

TEST(Ja4, OfTheExample) {
    Ja4 ja4 = example();
    for (const std::uint16_t number : kSignatures) ja4.add_signature_algorithm(number);
    const Told got = told(ja4);
    EXPECT_EQ(got.ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
    EXPECT_EQ(got.raw,
              "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_"
              "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_"
              "0403,0804,0401,0503,0805,0501,0806,0601");
    EXPECT_FALSE(got.incomplete);
}

TEST(Ja4, WithoutSignatureAlgorithmsHasNoSeparatorBehindTheExtensions) {
    Ja4 ja4 = example();
    const Told got = told(ja4);
    EXPECT_EQ(got.ja4, "t13d1516h2_8daaf6152771_6d807ffa2a79");
    EXPECT_TRUE(got.raw.ends_with("4469,ff01")) << got.raw;
}

TEST(Ja4, LeavesGreaseOutOfEveryList) {
    Ja4 ja4 = example();
    for (std::uint16_t digit = 0; digit < 16; ++digit) {
        const auto grease = static_cast<std::uint16_t>(0x0A0A + digit * 0x1010);
        EXPECT_TRUE(is_grease(grease));
        ja4.add_cipher(grease);
        ja4.add_extension(grease);
        ja4.add_signature_algorithm(grease);
        ja4.add_offered_version(grease);
    }
    for (const std::uint16_t number : kSignatures) ja4.add_signature_algorithm(number);
    EXPECT_EQ(told(ja4).ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
    for (const std::uint16_t number :
         std::initializer_list<std::uint16_t>{0x0A1A, 0x1A0A, 0x0A0B, 0x0B0B, 0x00FF, 0x5600})
        EXPECT_FALSE(is_grease(number)) << number;
}

TEST(Ja4, OfAnEmptyHello) {
    Ja4 ja4(Ja4::Carrier::quic);
    EXPECT_EQ(told(ja4).ja4, "q00i000000_000000000000_000000000000");
    EXPECT_EQ(told(ja4).raw, "q00i000000__");
    Ja4 named(Ja4::Carrier::tcp);
    named.set_hello_version(0x0303);
    named.add_extension(0x0000);
    named.add_extension(0x0010);
    EXPECT_EQ(told(named).ja4, "t12d000200_000000000000_000000000000");
}

TEST(Ja4, TellsTheVersion) {
    struct Case {
        std::uint16_t version;
        std::string word;
    };
    const Case cases[] = {{0x0304, "13"}, {0x0303, "12"}, {0x0302, "11"}, {0x0301, "10"},
                          {0x0300, "s3"}, {0x0002, "s2"}, {0x0305, "00"}, {0x7F1C, "00"}};
    for (const Case& c : cases) {
        Ja4 of_hello(Ja4::Carrier::tcp), of_extension(Ja4::Carrier::tcp);
        of_hello.set_hello_version(c.version);
        EXPECT_EQ(told(of_hello).ja4.substr(1, 2), c.word);
        of_extension.set_hello_version(0x0303);
        of_extension.has_offered_versions();
        of_extension.add_offered_version(c.version);
        EXPECT_EQ(told(of_extension).ja4.substr(1, 2), c.word);
    }
}

TEST(Ja4, TellsTheFirstProtocol) {
    struct Case {
        std::string protocol, word;
    };
    const Case cases[] = {
        {"h2", "h2"},
        {"http/1.1", "h1"},
        {"a", "aa"},
        {"", "00"},
        {"\xAB", "ab"},
        {"\x20", "20"},
        {"\xAB\xCD", "ad"},
        {"\x20\x61", "21"},
        {"\x30\xAB", "3b"},
        {"\x61\x20", "60"},
        {"01\xAB\xCD", "3d"},
        {"0\xAB\xCD"
         "1",
         "01"},
    };
    for (const Case& c : cases) {
        Ja4 ja4(Ja4::Carrier::tcp);
        ja4.set_first_protocol(c.protocol);
        EXPECT_EQ(told(ja4).ja4.substr(8, 2), c.word) << c.protocol;
    }
}

TEST(Ja4, CountsTo99AndHasNoLongerListThanItCanHold) {
    Ja4 ja4(Ja4::Carrier::tcp);
    for (std::uint16_t i = 0; i < Ja4::kListLimit; ++i) {
        ja4.add_cipher(static_cast<std::uint16_t>(0xC000 + i));
        ja4.add_extension(static_cast<std::uint16_t>(0xC000 + i));
    }
    EXPECT_EQ(told(ja4).ja4.substr(0, 10), "t00i999900");
    EXPECT_FALSE(told(ja4).incomplete);
    ja4.add_cipher(0x1301);
    EXPECT_EQ(told(ja4).ja4, "-");
    EXPECT_TRUE(told(ja4).incomplete);
}

}  // namespace
}  // namespace packetsentry::dissect
