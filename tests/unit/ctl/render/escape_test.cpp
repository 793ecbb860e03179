#include "ctl/render/escape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace packetsentry::ctl::render {
namespace {

struct EscapeCase {
    std::string bytes;
    std::string text;
    std::string json;
};

const EscapeCase kCases[] = {
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
    {"\\xff", "\\\\xff", "\"\\\\\\\\xff\""},  // these four characters, not the byte
    {"\\\\xA9", "\\\\\\\\xA9", "\"\\\\\\\\\\\\\\\\xA9\""},
    {"\\\xff", "\\\\\\xFF", "\"\\\\\\\\\\\\xFF\""},  // a backslash and the byte
    {"a\\.b\\xg1\\x1", "a\\\\.b\\\\xg1\\\\x1", "\"a\\\\.b\\\\xg1\\\\x1\""},
    {"\xc3(", "\\xC3(", "\"\\\\xC3(\""},
};

TEST(Escape, Table) {
    for (const EscapeCase& one : kCases) {
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

// What a reader has after it has parsed the JSON string, as bytes again (escape.h).
std::string bytes_of(std::string_view parsed) {
    std::string bytes;
    while (!parsed.empty()) {
        const std::size_t count = std::min(parsed.find_first_not_of('\\'), parsed.size());
        const std::string_view rest = parsed.substr(count);
        const bool hex =
            rest.size() >= 3 && rest[0] == 'x' && std::isxdigit(rest[1]) != 0 && std::isxdigit(rest[2]) != 0;
        bytes.append(hex ? count / 2 : count, '\\');
        parsed = rest;
        if (hex && count % 2 == 1) {
            bytes += static_cast<char>(std::stoi(std::string(rest.substr(1, 2)), nullptr, 16));
            parsed.remove_prefix(3);
        } else if (!parsed.empty()) {
            bytes += parsed.front();
            parsed.remove_prefix(1);
        }
    }
    return bytes;
}

TEST(Escape, JsonStringsStandForOneRowOfBytesOnly) {
    const std::string letters = "\\x1fg\xff";
    for (std::size_t number = 0; number < 46'656; ++number) {
        std::string bytes;
        for (std::size_t rest = number, i = 0; i < 6; ++i, rest /= letters.size())
            bytes += letters[rest % letters.size()];
        TextBuffer json;
        append_json_string(json, bytes);
        std::string parsed;  // the only escape that JSON itself has here is the doubled backslash
        for (std::size_t i = 1; i + 1 < json.size(); ++i) {
            if (json.view()[i] == '\\') ++i;
            parsed += json.view()[i];
        }
        ASSERT_EQ(bytes_of(parsed), bytes);
    }
}

TEST(Escape, Utf8) {
    EXPECT_TRUE(is_utf8("M\xc3\xbcller"));
    EXPECT_TRUE(is_utf8(""));
    EXPECT_FALSE(is_utf8("eth\xff"));
    EXPECT_FALSE(is_utf8("eth\xc3"));
}

}  // namespace
}  // namespace packetsentry::ctl::render
