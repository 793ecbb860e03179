#include "proto/words/kept_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packetsentry::proto {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(KeptTables, PacketsAreKeptWithTheirRows) {
    wire::Keep keep;
    EXPECT_THAT(kept_tables(keep), IsEmpty());
    EXPECT_EQ(kept_words(keep), "");
    keep.mutable_packets();
    EXPECT_THAT(kept_tables(keep), ElementsAre(wire::TABLE_PACKETS));
    EXPECT_EQ(kept_words(keep), "packets and rows");
    keep.clear_packets();
    keep.mutable_rows();
    EXPECT_THAT(kept_tables(keep), ElementsAre(wire::TABLE_PACKETS));
    EXPECT_EQ(kept_words(keep), "rows");
    EXPECT_EQ(derived_tables_of(keep), 0U);
}

TEST(KeptTables, EachOtherTableIsKeptByItself) {
    wire::Keep keep;
    for (const DerivedKeep& derived : kDerivedKeeps) {
        wire::Keep one;
        (one.*derived.mutable_retention)()->set_bytes(7);
        EXPECT_THAT(kept_tables(one), ElementsAre(derived.table));
        EXPECT_EQ(kept_words(one), many_of_table(derived.table));
        ASSERT_EQ(retentions_of(one).size(), 1U);
        EXPECT_EQ(retentions_of(one)[0].bytes(), 7U);
        EXPECT_EQ((one.*derived.retention)().bytes(), 7U);
        keep.MergeFrom(one);
    }
    EXPECT_EQ(derived_tables_of(keep), kDerivedKeeps.size());
    EXPECT_EQ(kept_tables(keep).size(), kDerivedKeeps.size());
}

TEST(KeptTables, WordsAreJoinedAsASentenceHasThem) {
    wire::Keep keep;
    keep.mutable_packets();
    keep.mutable_flows();
    EXPECT_EQ(kept_words(keep), "packets, rows and flows");
    keep.mutable_dns();
    EXPECT_EQ(kept_words(keep), "packets, rows, flows and questions of DNS");
    EXPECT_EQ(retentions_of(keep).size(), 3U) << "packets, flows and questions; nothing is said of rows";
}

}  // namespace
}  // namespace packetsentry::proto
