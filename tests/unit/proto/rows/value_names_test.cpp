#include "proto/rows/value_names.h"

#include <gtest/gtest.h>

#include "proto/rows/fields.h"

namespace packetsentry::rows {
namespace {

TEST(ValueNames, GiveNumbersAndNames) {
    const NamedNumbers* const types = named_numbers("dns.question.type");
    ASSERT_NE(types, nullptr);
    EXPECT_EQ(types->number_of("AAAA"), 28U);
    EXPECT_EQ(types->number_of("aaaa"), 28U);
    EXPECT_EQ(types->number_of("TYPE65280"), 65280U);
    EXPECT_EQ(types->number_of("TYPE"), std::nullopt);
    EXPECT_EQ(types->number_of("TYPE1x"), std::nullopt);
    EXPECT_EQ(types->number_of("TYPE99999999999"), std::nullopt);
    EXPECT_EQ(types->number_of(""), std::nullopt);
    EXPECT_EQ(types->name_of(28), "AAAA");
    EXPECT_EQ(types->name_of(65280), "TYPE65280");
    EXPECT_EQ(named_numbers("source.ip"), nullptr);
}

TEST(ValueNames, ReadBits) {
    const NamedNumbers* const flags = named_numbers("packetsentry.tcp.flag_bits");
    ASSERT_NE(flags, nullptr);
    EXPECT_EQ(flags->number_of("SYN,ACK"), 0x12U);
    EXPECT_EQ(flags->number_of(""), 0U);
    EXPECT_EQ(flags->number_of("SYN,XXX"), std::nullopt);
    EXPECT_EQ(flags->name_of(0x12), "SYN,ACK");
    EXPECT_EQ(flags->name_of(0), "");
}

TEST(ValueNames, AWiresharkNameMayReadAFieldItsOwnWay) {
    const NamedNumbers* const content = named_numbers("packetsentry.tls.message", "tls.record.content_type");
    const NamedNumbers* const type = named_numbers("packetsentry.tls.message", "tls.handshake.type");
    ASSERT_TRUE(content != nullptr && type != nullptr);
    EXPECT_EQ(content->number_of("Client Hello"), 22U);
    EXPECT_EQ(type->number_of("Client Hello"), 1U);
    const NamedNumbers* const path = named_numbers("packetsentry.tls.message");
    EXPECT_EQ(path->number_of("Client Hello"), 1U);
    EXPECT_TRUE(type->only && content->only);
    EXPECT_FALSE(path->only);
}

TEST(ValueNames, StandForTextsAndNumbersOfTheTable) {
    for (const FieldInfo& info : kFields)
        EXPECT_TRUE(named_numbers(info.path) == nullptr || info.kind == FieldKind::text ||
                    info.kind == FieldKind::number)
            << info.path;
    EXPECT_NE(find_field(named_numbers("dns.response_code")->path), nullptr);
}

}  // namespace
}  // namespace packetsentry::rows
