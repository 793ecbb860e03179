#include "proto/rows/column_view.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/support/row_builder.h"

namespace packetsentry::proto {
namespace {

// Two values: in rows 3 and 5 of nine.
wire::Column texts() {
    wire::Column column;
    column.set_name("url.path");
    column.set_kind(wire::Column::TEXT);
    column.add_row(3);
    column.add_row(5);
    column.set_text("/a/bc");
    column.add_text_size(2);
    column.add_text_size(3);
    return column;
}

const AddressDictionary kNoAddresses({}, {});

TEST(ColumnView, ReadsValuesWhenTheyAreAskedFor) {
    const std::string bytes = texts().SerializeAsString();
    const auto fields = ColumnFields::in_place(bytes);
    ASSERT_TRUE(fields);
    const ColumnView column(*fields, 9, kNoAddresses);
    EXPECT_EQ(column.values(), 2U);
    EXPECT_EQ(column.row(1), 5U);
    EXPECT_EQ(column.first_value(4), 1U);
    EXPECT_EQ(column.first_value(6), 2U);
    EXPECT_EQ(column.text(0), "/a");
    EXPECT_EQ(column.text(1), "/bc");
    EXPECT_FALSE(column.broken());
}

TEST(ColumnView, ReadsAddressesOfTheDictionary) {
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1"});
    rows.address("dns.resolved_ip", "192.0.2.7");
    const wire::Batch batch = rows.batch();
    const ColumnFields fields = ColumnFields::of(batch.column(0));
    const AddressDictionary addresses(batch.address(), batch.address_size());
    const ColumnView column(fields, 1, addresses);
    EXPECT_EQ(base::to_string(column.address(0)), "192.0.2.7");
    const ColumnView without(fields, 1, kNoAddresses);
    EXPECT_FALSE(without.address(0));
    EXPECT_TRUE(without.broken());
}

// Whatever is wrong, each value can be asked for.
TEST(ColumnView, HasNoValuesWhereTheColumnIsWrong) {
    const std::pair<const char*, std::function<void(wire::Column&)>> forgeries[] = {
        {"row of column", [](auto& column) { column.set_row(1, 9); }},
        {"order of column", [](auto& column) { column.set_row(1, 3); }},
        {"values of column", [](auto& column) { column.add_text_size(0); }},
        {"text of column", [](auto& column) { column.set_text_size(0, 3); }},
        {"text of column", [](auto& column) { column.set_text_size(0, 0xffffffff); }},
    };
    for (const auto& [problem, forge] : forgeries) {
        wire::Column forged = texts();
        forge(forged);
        const std::string bytes = forged.SerializeAsString();
        const auto fields = ColumnFields::in_place(bytes);
        ASSERT_TRUE(fields) << problem;
        const ColumnView column(*fields, 9, kNoAddresses);
        for (std::size_t i = 0; i < column.values(); ++i) EXPECT_EQ(column.text(i), "") << problem;
        const ColumnView read(*fields, 9, kNoAddresses);
        EXPECT_STREQ(read.read(), problem);
        EXPECT_TRUE(read.broken());
    }
    wire::Column list = texts();
    list.set_list(true);
    list.set_row(1, 3);
    const ColumnFields fields = ColumnFields::of(list);
    EXPECT_EQ(ColumnView(fields, 9, kNoAddresses).read(), nullptr);
}

}  // namespace
}  // namespace packetsentry::proto
