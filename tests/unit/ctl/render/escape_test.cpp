#include "ctl/render/escape.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl::render {
namespace {

struct Case {
    std::string bytes;
    std::string text;
    std::string json;
};

const Case kCases[] = {
    {"", "", "\"\""},
    {"example.com", "example.com", "\"example.com\""},
    {"a b\"c", "a b\"c", "\"a b\\\"c\""},
    {"back\\slash", "back\\\\slash", "\"back\\\\slash\""},
    {"\x1b[31mred", "\\x1B[31mred", "\"\\u001B[31mred\""},
    {"line\nfeed\r\t", "line\\x0Afeed\\x0D\\x09", "\"line\\u000Afeed\\u000D\\u0009\""},
    {std::string("nul\0!", 5), "nul\\x00!", "\"nul\\u0000!\""},
    {"\x7f", "\\x7F", "\"\\u007F\""},
    {"M\xc3\xbcller \xe6\x97\xa5 \xf0\x9f\x98\x80", "M\xc3\xbcller \xe6\x97\xa5 \xf0\x9f\x98\x80",
     "\"M\xc3\xbcller \xe6\x97\xa5 \xf0\x9f\x98\x80\""},
    {"\xc2\x9b", "\\xC2\\x9B", "\"\\u009B\""},                           // CSI, a C1 control
    {"\xe2\x80\xae", "\\xE2\\x80\\xAE", "\"\\u202E\""},                  // right-to-left override
    {"\xe2\x80\x8b", "\\xE2\\x80\\x8B", "\"\\u200B\""},                  // zero-width space
    {"\xe2\x80\xa8", "\\xE2\\x80\\xA8", "\"\\u2028\""},                  // line separator
    {"\xe2\x81\xa6", "\\xE2\\x81\\xA6", "\"\\u2066\""},                  // left-to-right isolate
    {"\xef\xbb\xbf", "\\xEF\\xBB\\xBF", "\"\\uFEFF\""},                  // byte order mark
    {"\xf3\xa0\x81\x81", "\\xF3\\xA0\\x81\\x81", "\"\\uDB40\\uDC41\""},  // a tag character
    {"\xff", "\\xFF", "\"\\\\xFF\""},                                    // no UTF-8
    {"\xc0\xaf", "\\xC0\\xAF", "\"\\\\xC0\\\\xAF\""},                    // overlong
    {"\xe0\x80\xaf", "\\xE0\\x80\\xAF", "\"\\\\xE0\\\\x80\\\\xAF\""},    // overlong
    {"\xed\xa0\x80", "\\xED\\xA0\\x80", "\"\\\\xED\\\\xA0\\\\x80\""},    // a surrogate
    {"\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80", "\"\\\\xF4\\\\x90\\\\x80\\\\x80\""},  // over U+10FFFF
    {"cut \xe6\x97", "cut \\xE6\\x97", "\"cut \\\\xE6\\\\x97\""},
    {"\xc3(", "\\xC3(", "\"\\\\xC3(\""},
};

TEST(Escape, Table) {
    for (const Case& one : kCases) {
        EXPECT_EQ(escaped(one.bytes), one.text);
        TextBuffer json;
        append_json_string(json, one.bytes);
        EXPECT_EQ(json.view(), one.json);
    }
}

// Whatever single byte comes, what is printed is printable.
TEST(Escape, NoByteGetsThrough) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string bytes(1, static_cast<char>(byte));
        for (const char c : escaped(bytes)) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << byte;
    }
}

TEST(Escape, Utf8) {
    EXPECT_TRUE(is_utf8("M\xc3\xbcller"));
    EXPECT_TRUE(is_utf8(""));
    EXPECT_FALSE(is_utf8("eth\xff"));
    EXPECT_EQ(as_utf8("eth\xff\xc3\xbc"), "eth?\xc3\xbc");
}

}  // namespace
}  // namespace packetsentry::ctl::render
