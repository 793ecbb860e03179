#include "daemon/dissect/dissection.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::dissect {
namespace {

constexpr FieldInfo kNumber{1, "a.number", FieldKind::number};
constexpr FieldInfo kText{2, "a.text"};
constexpr FieldInfo kAddress{3, "an.address", FieldKind::address};

std::string written(void (*write)(Dissection&)) {
    Dissection out;
    const std::size_t begin = out.begin_text();
    write(out);
    return std::string(out.text_since(begin));
}

TEST(Dissection, KeepsFieldsInOrder) {
    Dissection out;
    out.add(kNumber, 7U);
    out.add(kText, std::string_view("seven"));
    out.add(kAddress, *base::parse_ip("10.0.0.7"));
    ASSERT_EQ(out.fields().size(), 3U);
    EXPECT_EQ(out.fields()[0].info, &kNumber);
    EXPECT_EQ(out.fields()[0].number, 7U);
    EXPECT_EQ(out.fields()[1].text, "seven");
    EXPECT_EQ(base::to_string(out.fields()[2].address), "10.0.0.7");
    out.reset();
    EXPECT_TRUE(out.fields().empty());
}

TEST(Dissection, DropsFieldsOverTheLimit) {
    Dissection out;
    for (std::size_t i = 0; i < Dissection::kFieldLimit + 10; ++i) out.add(kNumber, i);
    EXPECT_EQ(out.fields().size(), Dissection::kFieldLimit);
    EXPECT_EQ(out.fields().back().number, Dissection::kFieldLimit - 1);
    EXPECT_TRUE(out.incomplete);
    out.reset();
    EXPECT_FALSE(out.incomplete);
    for (std::size_t i = 0; i < Dissection::kFieldLimit; ++i) out.add(kNumber, i);
    EXPECT_FALSE(out.incomplete);
}

TEST(Dissection, WritesText) {
    EXPECT_EQ(written([](Dissection& out) { out.put_number(0); }), "0");
    EXPECT_EQ(written([](Dissection& out) { out.put_number(UINT64_MAX); }), "18446744073709551615");
    EXPECT_EQ(written([](Dissection& out) { out.put_hex(0x88B5); }), "0x88b5");
    EXPECT_EQ(written([](Dissection& out) { out.put_address(*base::parse_ip("192.168.1.1")); }),
              "192.168.1.1");
    EXPECT_EQ(written([](Dissection& out) { out.put_address(*base::parse_ip("0.10.200.255")); }),
              "0.10.200.255");
    EXPECT_EQ(written([](Dissection& out) { out.put_address(*base::parse_ip("FE80::0:1")); }), "fe80::1");
    EXPECT_EQ(written([](Dissection& out) {
                  constexpr std::array mac{std::byte{0}, std::byte{0},    std::byte{0x5E},
                                           std::byte{0}, std::byte{0x53}, std::byte{0xAF}};
                  out.put_address(base::Address::from(mac));
              }),
              "00:00:5e:00:53:af");
}

TEST(Dissection, CutsTextAtTheLimit) {
    Dissection out;
    out.put(std::string(Dissection::kTextLimit - 2, 'a'));
    const std::size_t begin = out.begin_text();
    EXPECT_FALSE(out.incomplete);
    out.put("bcd");
    EXPECT_TRUE(out.incomplete);
    out.put('e');
    EXPECT_EQ(out.text_since(begin), "bc");
    EXPECT_EQ(out.begin_text(), Dissection::kTextLimit);
}

}  // namespace
}  // namespace packetsentry::dissect
