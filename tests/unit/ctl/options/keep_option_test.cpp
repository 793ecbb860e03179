#include "ctl/options/keep_option.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace packetsentry::ctl {
namespace {

constexpr std::uint64_t kDay = 86'400ULL * 1'000'000'000;

TEST(KeepOption, SaysWhatIsKept) {
    for (const char* text : {"", "packets"}) {
        const auto keep = parse_keep(text);
        ASSERT_TRUE(keep) << text;
        EXPECT_TRUE(keep->has_packets()) << text;
        EXPECT_EQ(keep->packets().ByteSizeLong(), 0U) << text;
    }
    const auto rows = parse_keep("rows");
    ASSERT_TRUE(rows);
    EXPECT_TRUE(rows->has_rows());
    EXPECT_FALSE(rows->has_packets());
    const auto flows = parse_keep("flows");
    ASSERT_TRUE(flows);
    EXPECT_TRUE(flows->has_flows());
    EXPECT_FALSE(flows->has_rows());
    EXPECT_FALSE(flows->has_dns());
    EXPECT_TRUE(parse_keep("dns").value().has_dns());
}

TEST(KeepOption, TakesSeveralTables) {
    const auto keep = parse_keep("packets:1GiB,rows,flows:90d,dns:30d");
    ASSERT_TRUE(keep);
    EXPECT_EQ(keep->packets().bytes(), 1ULL << 30);
    EXPECT_TRUE(keep->has_rows());
    EXPECT_EQ(keep->flows().age_ns(), 90 * kDay);
    EXPECT_EQ(keep->dns().age_ns(), 30 * kDay);
}

TEST(KeepOption, TakesASizeOrADurationAsLimit) {
    EXPECT_EQ(parse_keep("packets:1GiB")->packets().bytes(), 1ULL << 30);
    EXPECT_EQ(parse_keep("packets:1GiB")->packets().age_ns(), 0U);
    EXPECT_EQ(parse_keep("rows:30d")->rows().age_ns(), 30 * kDay);
    EXPECT_EQ(parse_keep("rows:30d")->rows().bytes(), 0U);
}

TEST(KeepOption, RefusesWhatItDoesNotKnow) {
    for (const char* text :
         {"flow", "rows,", ",rows", "rows,,flows", ",", "packets:", "packets:5", "packets:0GiB", "packets:0s",
          "rows:-1d", "Packets", ":1GiB", "packets:1GiB:2d", "memory:256MiB", " rows"}) {
        const auto keep = parse_keep(text);
        ASSERT_FALSE(keep) << text;
        EXPECT_EQ(keep.error().code, base::ErrorCode::usage);
        EXPECT_TRUE(
            keep.error().message.starts_with("cannot keep '" + std::string(text) + "': write --keep"));
    }
}

std::optional<std::string> typed(std::vector<std::string> words) {
    CLI::App app;
    std::optional<std::string> kept;
    bool detach = false;
    app.add_flag("-d", detach);
    add_keep_option(app, kept);
    std::ranges::reverse(words);  // as CLI11 wants them
    app.parse(words);
    return kept;
}

TEST(KeepOption, ItsValueMayBeLeftOut) {
    EXPECT_EQ(typed({"-d"}), std::nullopt);
    EXPECT_EQ(typed({"--keep"}), "");
    EXPECT_EQ(typed({"--keep", "-d"}), "");
    EXPECT_EQ(typed({"--keep", "rows", "-d"}), "rows");
    EXPECT_EQ(typed({"--keep=packets:5MiB"}), "packets:5MiB");
}

}  // namespace
}  // namespace packetsentry::ctl
