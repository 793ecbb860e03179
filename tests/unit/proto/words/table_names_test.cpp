#include "proto/words/table_names.h"

#include <gtest/gtest.h>

namespace packetsentry::proto {
namespace {

TEST(TableNames, EachTableHasOne) {
    for (int value = wire::Table_MIN; value <= wire::Table_MAX; ++value) {
        const auto table = static_cast<wire::Table>(value);
        if (table == wire::TABLE_UNKNOWN || !wire::Table_IsValid(value)) continue;
        EXPECT_EQ(find_table(name_of_table(table)), table) << value;
        EXPECT_NE(many_of_table(table), many_of_table(wire::TABLE_UNKNOWN)) << value;
        EXPECT_NE(title_of_table(table), title_of_table(wire::TABLE_UNKNOWN)) << value;
    }
    EXPECT_EQ(find_table("rows"), std::nullopt);
    EXPECT_EQ(table_names(), "packets, flows, dns, http, tls");
}

TEST(TableNames, CountRows) {
    EXPECT_EQ(count_of_rows(wire::TABLE_PACKETS, 1), "1 packet");
    EXPECT_EQ(count_of_rows(wire::TABLE_FLOWS, 0), "0 flows");
    EXPECT_EQ(count_of_rows(wire::TABLE_DNS, 1), "1 question of DNS");
    EXPECT_EQ(count_of_rows(wire::TABLE_DNS, 2), "2 questions of DNS");
    EXPECT_EQ(count_of_rows(wire::TABLE_HTTP, 1), "1 request of HTTP");
    EXPECT_EQ(count_of_rows(wire::TABLE_TLS, 2), "2 handshakes of TLS");
    EXPECT_EQ(count_of_rows(wire::TABLE_UNKNOWN, 3), "3");
}

}  // namespace
}  // namespace packetsentry::proto
