#include "ctl/options/redact_words.h"

#include <gtest/gtest.h>

#include "ctl/render/job_text.h"

namespace packetsentry::ctl {
namespace {

TEST(Redaction, WordsAddUpAndTheStrictestHolds) {
    struct Case {
        std::vector<std::string_view> words;
        std::string_view told;  // empty: nothing is taken out
    };
    const Case cases[] = {
        {{}, ""},
        {{"headers"}, "headers only"},
        {{"payload=0"}, "headers only"},
        {{"payload=64"}, "64 bytes of payload"},
        {{"payload=64", "payload=4294967295"}, "64 bytes of payload"},
        {{"payload=64", "headers"}, "headers only"},
        {{"addresses"}, "addresses masked, headers only"},
        {{"payload=64", "addresses"}, "addresses masked, headers only"},
    };
    for (const Case& c : cases) {
        wire::Redaction redaction;
        for (const std::string_view word : c.words) ASSERT_TRUE(add_redaction(word, redaction)) << word;
        EXPECT_EQ(render::redaction_text(redaction), c.told);
    }
}

TEST(Redaction, OtherWordsAreRefused) {
    for (const std::string_view word :
         {"", "header", "headers=1", "payload", "payload=", "payload=x", "payload=-1", "payload=4294967296",
          "payload=1 ", "address", "addresses,headers"}) {
        wire::Redaction redaction;
        const auto added = add_redaction(word, redaction);
        ASSERT_FALSE(added) << word;
        EXPECT_EQ(added.error().code, base::ErrorCode::usage);
        EXPECT_NE(added.error().message.find("--redact payload=64"), std::string::npos);
    }
}

}  // namespace
}  // namespace packetsentry::ctl
