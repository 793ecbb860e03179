#include "proto/words/table_names.h"

#include <gtest/gtest.h>

namespace packetsentry::proto {
namespace {

TEST(TableNames, EachTableHasOne) {
    for (int table = wire::Table_MIN; table <= wire::Table_MAX; ++table) {
        if (table == wire::TABLE_UNKNOWN || !wire::Table_IsValid(table)) continue;
        const auto count = count_of_rows(static_cast<wire::Table>(table), 2);
        EXPECT_EQ(find_table(count.substr(2)), static_cast<wire::Table>(table)) << count;
    }
    EXPECT_EQ(find_table("rows"), std::nullopt);
    EXPECT_EQ(table_names(), "packets, flows");
}

TEST(TableNames, CountRows) {
    EXPECT_EQ(count_of_rows(wire::TABLE_PACKETS, 1), "1 packet");
    EXPECT_EQ(count_of_rows(wire::TABLE_FLOWS, 0), "0 flows");
    EXPECT_EQ(count_of_rows(wire::TABLE_UNKNOWN, 3), "3");
}

}  // namespace
}  // namespace packetsentry::proto
