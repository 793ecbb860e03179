#include "daemon/spool/catalogue/spool_condition.h"

#include <algorithm>

#include "daemon/base/clock.h"
#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

struct ConditionOfSpool : test::SpoolTest {
    [[nodiscard]] SpoolCondition condition(std::size_t entries_limit = 1000) const {
        const auto found = condition_of(Directory::open(path).value(), entries_limit);
        EXPECT_TRUE(found);
        return found.value_or(SpoolCondition{});
    }
};

TEST_F(ConditionOfSpool, IsGoodAfterARecording) {
    record();
    (void)begin({.job = 7});
    const SpoolCondition found = condition();
    EXPECT_EQ(found.owner, ::geteuid());
    EXPECT_EQ(found.permissions, 0700U);
    EXPECT_NE(found.file_system, "");
    EXPECT_EQ(found.open_to_others, 0U);
    EXPECT_EQ(found.foreign, 0U);
    EXPECT_TRUE(found.examples.empty());
}

TEST_F(ConditionOfSpool, TellsWhatOthersMayReadAndWhatIsNotTheSpools) {
    record();
    const std::string job = path + "/12/";
    const std::string rows = "0000000001-20261130T222328Z.rows";
    ASSERT_TRUE(std::filesystem::exists(job + rows));
    std::filesystem::permissions(job + rows, std::filesystem::perms(0640));
    test::make_file(path + "/notes.txt", "x");
    std::filesystem::create_directory(job + "old");
    std::filesystem::permissions(job + "old", std::filesystem::perms(0700));
    const SpoolCondition found = condition();
    EXPECT_EQ(found.open_to_others, 1U);
    EXPECT_EQ(found.foreign, 2U);
    std::vector<std::string> examples = found.examples;
    std::ranges::sort(examples);
    EXPECT_EQ(examples, (std::vector<std::string>{"12/" + rows, "12/old", "notes.txt"}));
}

TEST_F(ConditionOfSpool, LooksAtSoManyNamesAndNoMore) {
    for (int i = 0; i < 20; ++i) test::make_file(path + "/file" + std::to_string(i), "x");
    EXPECT_EQ(condition().foreign, 20U);
    EXPECT_EQ(condition().examples.size(), SpoolCondition::kExamples);
    EXPECT_LE(condition(5).foreign, 5U);
}

TEST_F(ConditionOfSpool, IsLookedAtOnceForAWhile) {
    base::MovableClocks clocks;
    EXPECT_EQ(spool->condition()->foreign, 0U);
    test::make_file(path + "/notes.txt", "x");
    EXPECT_EQ(spool->condition()->foreign, 0U);
    clocks.advance(Spool::kConditionAge + std::chrono::seconds(1));
    EXPECT_EQ(spool->condition()->foreign, 1U);
}

}  // namespace
}  // namespace packetsentry::spool
