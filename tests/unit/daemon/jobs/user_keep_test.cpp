#include "daemon/jobs/user_keep.h"

#include <gtest/gtest.h>

#include "daemon/jobs/job.h"
#include "daemon/spool/catalogue/segment_size.h"

namespace packetsentry::jobs {
namespace {

constexpr std::uint64_t kDay = 86'400ULL * 1'000'000'000;
constexpr UserSpace kSpace{.bytes = 64'000'000'000, .jobs = 64};

TEST(UserKeep, SaysWhatIsKept) {
    const auto nothing = keep_of_user({}, kSpace);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, base::ErrorCode::usage);
    wire::Keep asked;
    asked.mutable_rows()->set_bytes(5);
    const auto rows = keep_of_user(asked, kSpace);
    ASSERT_TRUE(rows);
    EXPECT_FALSE(rows->has_packets());
    EXPECT_EQ(rows->rows().bytes(), 5U);
    asked.Clear();
    asked.mutable_packets()->set_age_ns(7 * kDay);
    const auto packets = keep_of_user(asked, kSpace);
    ASSERT_TRUE(packets);
    EXPECT_EQ(packets->rows().age_ns(), 7 * kDay) << "no longer than the packets";
    asked.Clear();
    asked.mutable_flows()->set_age_ns(90 * kDay);
    const auto flows = keep_of_user(asked, kSpace);
    ASSERT_TRUE(flows);
    EXPECT_FALSE(flows->has_rows());
    EXPECT_EQ(flows->flows().age_ns(), 90 * kDay);
    asked.Clear();
    asked.mutable_dns();
    EXPECT_TRUE(keep_of_user(asked, kSpace).value().has_dns());
}

TEST(UserKeep, TablesAreWhatIsCompared) {
    wire::Keep one, other;
    one.mutable_rows()->set_age_ns(kDay);
    other.mutable_rows()->set_age_ns(7 * kDay);
    EXPECT_TRUE(keeps_the_same(one, other));
    other.mutable_flows();
    EXPECT_FALSE(keeps_the_same(one, other));
    one.mutable_flows()->set_bytes(1);
    EXPECT_TRUE(keeps_the_same(one, other));
    one.mutable_dns();
    EXPECT_FALSE(keeps_the_same(one, other));
    other.mutable_dns();
    one.mutable_packets();
    EXPECT_FALSE(keeps_the_same(one, other));
    EXPECT_FALSE(keeps_something({}));
}

// The daemon alone decides how long segments are, whatever a client asks for.
TEST(UserKeep, OpenSegmentsOfAllJobsTakeHalfOfTheSpace) {
    wire::Keep asked;
    asked.mutable_packets();
    asked.set_segment_bytes(1);
    EXPECT_EQ(keep_of_user(asked, {.bytes = 12'800'000'000, .jobs = 64})->segment_bytes(), 100'000'000U);
    EXPECT_EQ(keep_of_user(asked, {.bytes = 1ULL << 50, .jobs = 64})->segment_bytes(),
              spool::kFullSegmentBytes);
    EXPECT_EQ(keep_of_user(asked, {.bytes = 1, .jobs = 64})->segment_bytes(), spool::kLeastSegmentBytes);
    asked.mutable_packets()->set_bytes(80'000'000);
    EXPECT_EQ(keep_of_user(asked, kSpace)->segment_bytes(), 10'000'000U) << "an eighth of its own";
    asked.Clear();
    asked.mutable_packets();
    asked.mutable_flows();
    EXPECT_EQ(keep_of_user(asked, {.bytes = 12'800'000'000, .jobs = 64})->segment_bytes(), 50'000'000U)
        << "there are two open segments of each job";
    asked.mutable_dns();
    EXPECT_EQ(keep_of_user(asked, {.bytes = 12'800'000'000, .jobs = 64})->segment_bytes(), 33'333'333U);
}

// What a client has invented would be written to the disk for each segment.
TEST(UserKeep, NothingUnknownIsKept) {
    const std::string invented = "\xfa\x3f\x05hello";  // field 1023
    Order order;
    ASSERT_TRUE(order.capture.mutable_redaction()->ParseFromString(invented));
    wire::Keep asked;
    asked.mutable_rows();
    ASSERT_TRUE(asked.MergeFromString(invented));
    const auto keep = keep_of_user(asked, kSpace);
    ASSERT_TRUE(keep);
    EXPECT_EQ(keep->SerializeAsString().find("hello"), std::string::npos);
    order.keep = asked;
    const Job job(1, order, 1000, {});
    EXPECT_EQ(job.kept().SerializeAsString().find("hello"), std::string::npos);
}

TEST(UserKeep, KeepsNoMoreThanTheTermsLetItSave) {
    wire::Keep keep;
    keep.mutable_rows();
    keep.mutable_packets()->set_bytes(1000);
    wire::Terms terms;
    EXPECT_EQ(limited(keep, terms).packets().bytes(), 1000U);
    terms.set_file_bytes(2000);
    EXPECT_EQ(limited(keep, terms).packets().bytes(), 1000U);
    terms.set_file_bytes(500);
    EXPECT_EQ(limited(keep, terms).packets().bytes(), 500U);
    EXPECT_EQ(limited(keep, terms).rows().bytes(), 0U);
    keep.clear_packets();
    EXPECT_EQ(limited(keep, terms).rows().bytes(), 500U) << "where there are only rows";
}

}  // namespace
}  // namespace packetsentry::jobs
