#include "proto/rows/fields.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace packetsentry::rows {
namespace {

static_assert(&field("dns.id") == find_field("dns.id"), "a row is the same one however it is found");

TEST(Fields, AreFoundByTheirPaths) {
    EXPECT_EQ(field("http.request.method").path, "http.request.method");
    EXPECT_EQ(find_field("http.request.metho"), nullptr);
    EXPECT_EQ(find_field(""), nullptr);
    for (const FieldInfo& info : kFields) EXPECT_EQ(find_field(info.path), &info) << info.path;
}

// A path that leads to another one would have to be a value and an object in JSON.
TEST(Fields, NoneStandsInsideOfAnother) {
    for (const FieldInfo& info : kFields)
        for (const FieldInfo& other : kFields)
            EXPECT_FALSE(other.path.starts_with(std::string(info.path) + '.'))
                << info.path << ", " << other.path;
}

TEST(Fields, EachSaysWhatItMeans) {
    for (const FieldInfo& info : kFields) {
        EXPECT_GE(info.meaning.size(), 10U) << info.path;
        EXPECT_FALSE(info.meaning.ends_with('.')) << info.path;
        EXPECT_FALSE(info.wireshark.starts_with(' ') || info.wireshark.ends_with(' ') ||
                     info.wireshark.contains("  "))
            << info.path;
        EXPECT_TRUE(!info.keyword() || info.kind == FieldKind::number) << info.path;
    }
}

TEST(Fields, TravelInColumnsOfTheirKind) {
    EXPECT_EQ(column_kind(FieldKind::text), wire::Column::TEXT);
    EXPECT_EQ(column_kind(FieldKind::address), wire::Column::ADDRESS);
    for (const FieldKind kind : {FieldKind::number, FieldKind::time, FieldKind::flag})
        EXPECT_EQ(column_kind(kind), wire::Column::NUMBER) << kind_name(kind);
}

TEST(Fields, KindsHaveNames) {
    for (const FieldInfo& info : kFields) EXPECT_NE(kind_name(info.kind), "unknown") << info.path;
    EXPECT_EQ(kind_name(static_cast<FieldKind>(99)), "unknown");
}

}  // namespace
}  // namespace packetsentry::rows
