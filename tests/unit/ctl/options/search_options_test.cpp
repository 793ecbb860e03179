#include "ctl/options/search_options.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <limits>

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using Typed = std::vector<std::string>;

constexpr std::int64_t kOneSecond = 1'000'000'000;
constexpr std::int64_t kAskedAt = 1'747'297'801 * kOneSecond;  // 2025-05-15 08:30:01 UTC

base::Result<wire::Search> search_of(Typed words) {
    CLI::App app;
    SearchOptions options;
    add_search_options(app, options);
    std::ranges::reverse(words);
    try {
        app.parse(std::move(words));
    } catch (const CLI::Error& error) {
        return base::fail(ErrorCode::internal, error.what());
    }
    return make_search(options, kAskedAt);
}

class SearchOptionsTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }
};

TEST_F(SearchOptionsTest, WithoutOptionsEverythingIsAskedFor) {
    const auto search = search_of({});
    ASSERT_TRUE(search) << search.error().message;
    EXPECT_EQ(search->question().since_ns(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(search->question().until_ns(), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(search->question().order(), wire::SEARCH_OLDEST_FIRST);
    EXPECT_EQ(search->question().count() + search->question().last(), 0U);
    EXPECT_FALSE(search->question().with_bytes());
    EXPECT_FALSE(search->has_save());
    EXPECT_EQ(search->job_size(), 0);
}

TEST_F(SearchOptionsTest, AnotherTableIsAskedWhatItHas) {
    EXPECT_EQ(search_of({})->question().table(), wire::TABLE_PACKETS);
    const auto flows = search_of({"--table", "flows", "-Y", "source.packets > 3"});
    ASSERT_TRUE(flows) << flows.error().message;
    EXPECT_EQ(flows->question().table(), wire::TABLE_FLOWS);
    EXPECT_EQ(search_of({"--table", "flow"}).error().code, ErrorCode::usage);
    EXPECT_EQ(search_of({"--table", "flows", "-Y", "dns"}).error().code, ErrorCode::filter);
    const auto saved = search_of({"--table", "flows", "-o", "x.pcapng"});
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().message,
              "-o saves packets, and the rows of another table have none: leave --table out");
}

TEST_F(SearchOptionsTest, EachOptionIsAPartOfTheQuestion) {
    const auto search = search_of({"--since",
                                   "10m ago",
                                   "--until",
                                   "today 08:25",
                                   "-f",
                                   "DNS",
                                   "--filter-ip",
                                   "192.0.2.0/24",
                                   "--filter-port",
                                   "53",
                                   "-Y",
                                   "frame.len > 60",
                                   "--name",
                                   "*.example.org",
                                   "--job",
                                   "night",
                                   "--job",
                                   "lab*",
                                   "-c",
                                   "5",
                                   "--reverse",
                                   "-o",
                                   "found.pcapng.gz",
                                   "-x"});
    ASSERT_TRUE(search) << search.error().message;
    const wire::Question& question = search->question();
    EXPECT_EQ(question.since_ns(), kAskedAt - 600 * kOneSecond);
    EXPECT_EQ(question.until_ns(), kAskedAt - 301 * kOneSecond);
    EXPECT_EQ(question.filter().protocol(0), "dns");
    EXPECT_EQ(question.filter().address(), "192.0.2.0/24");
    EXPECT_EQ(question.filter().port(), 53U);
    EXPECT_EQ(question.filter().display(), "frame.len > 60");
    EXPECT_EQ(question.name_pattern(), "*.example.org");
    EXPECT_EQ(question.count(), 5U);
    EXPECT_EQ(question.order(), wire::SEARCH_NEWEST_FIRST);
    EXPECT_TRUE(question.with_bytes());
    ASSERT_EQ(search->job_size(), 2);
    EXPECT_EQ(search->job(1), "lab*");
    EXPECT_EQ(search->save().format(), wire::SAVE_PCAPNG);
    EXPECT_EQ(search->save().compression(), wire::COMPRESSION_GZIP);
    EXPECT_TRUE(search->save().replace());
    EXPECT_EQ(search->output_name(), "found.pcapng.gz");
}

TEST_F(SearchOptionsTest, TheContextIsADuration) {
    EXPECT_EQ(search_of({}).value().question().context_ns(), 0U);
    EXPECT_EQ(search_of({"--context", "1m30s"}).value().question().context_ns(), 90'000'000'000U);
    EXPECT_EQ(search_of({"--context", "24h"}).value().question().context_ns(), 86'400'000'000'000U);
}

TEST_F(SearchOptionsTest, ATimeIsNeverTakenForNoTime) {
    EXPECT_EQ(search_of({"--until", "@0"}).value().question().until_ns(), 1);
}

TEST_F(SearchOptionsTest, StandardOutputIsNotReplaced) {
    const auto search = search_of({"-o", "-", "--last", "7"});
    ASSERT_TRUE(search) << search.error().message;
    EXPECT_EQ(search->save().format(), wire::SAVE_PCAPNG);
    EXPECT_FALSE(search->save().replace());
    EXPECT_EQ(search->question().last(), 7U);
}

TEST_F(SearchOptionsTest, MistakesAreRefused) {
    struct Case {
        Typed words;
        ErrorCode code;
        const char* part;
    };
    const Case cases[] = {
        {{"--since", "soon"}, ErrorCode::usage, "--since: 'soon' is not a time"},
        {{"--until", "08:61"}, ErrorCode::usage, "--until: '08:61' is not a time"},
        {{"--since", "1h", "--until", "2h"}, ErrorCode::usage, "there is no time from 1h to 2h"},
        {{"--since", "now", "--until", "now"}, ErrorCode::usage, "--since must be before --until"},
        {{"--bpf", "port 53"}, ErrorCode::usage, "-Y 'tcp.port == 443'"},
        {{"--last", "5", "-c", "5"}, ErrorCode::usage, "--last and -c cannot be used together"},
        {{"--last", "5", "--reverse"}, ErrorCode::usage, "--last and --reverse cannot be used together"},
        {{"--last", "0"}, ErrorCode::usage, "'0' is not a number of packets for --last"},
        {{"--context", "near"}, ErrorCode::usage, "'near'"},
        {{"--context", "25h"}, ErrorCode::usage, "--context takes at most a day"},
        {{"-c", "-1"}, ErrorCode::usage, "'-1' is not a number of packets for -c"},
        {{"-o", "found.pcap"}, ErrorCode::usage, "FILE.pcapng"},
        {{"-o", "found.txt"}, ErrorCode::usage, "cannot tell the format"},
        {{"-f", "nonsense"}, ErrorCode::filter, "nonsense"},
        {{"-Y", "ip.sr == 1"}, ErrorCode::filter, "-Y, at character 1"},
        {{"--name", "\xff"}, ErrorCode::filter, "--name is not valid text"},
    };
    for (const Case& one : cases) {
        const auto search = search_of(one.words);
        ASSERT_FALSE(search) << one.part;
        EXPECT_EQ(search.error().code, one.code) << search.error().message;
        EXPECT_NE(search.error().message.find(one.part), std::string::npos) << search.error().message;
    }
}

}  // namespace
}  // namespace packetsentry::ctl
