#include "daemon/capture/filter/filter_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packetsentry::capture {
namespace {

struct TokenCase {
    const char* expression;
    std::vector<std::string> words;
};

class FilterTokens : public testing::TestWithParam<TokenCase> {};

TEST_P(FilterTokens, AreWordsAndSigns) {
    std::vector<std::string> words;
    const std::string_view expression = GetParam().expression;
    for (const FilterToken& token : filter_tokens(expression)) {
        words.emplace_back(token.text);
        EXPECT_EQ(expression.substr(token.begin, token.text.size()), token.text);
    }
    EXPECT_EQ(words, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FilterTokens,
    testing::Values(
        TokenCase{"", {}}, TokenCase{" \t\n", {}}, TokenCase{"tcp port 80", {"tcp", "port", "80"}},
        TokenCase{"net 10.0.0.0/8&&!arp", {"net", "10.0.0.0/8", "&&", "!", "arp"}},
        TokenCase{"tcp[tcpflags] & tcp-syn!=0", {"tcp", "[", "tcpflags", "]", "&", "tcp-syn", "!=", "0"}},
        TokenCase{"(host fe80::1)", {"(", "host", "fe80::1", ")"}},
        TokenCase{"ip proto \\tcp)", {"ip", "proto", "\\tcp", ")"}},
        TokenCase{"ip[0]>>4 / 2", {"ip", "[", "0", "]", ">>", "4", "/", "2"}}, TokenCase{"\\", {"\\"}},
        TokenCase{"a/", {"a", "/"}}, TokenCase{"\x01\xff", {"\x01", "\xff"}}));

}  // namespace
}  // namespace packetsentry::capture
