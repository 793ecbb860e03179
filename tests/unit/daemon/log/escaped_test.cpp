#include "daemon/log/escaped.h"

#include <gtest/gtest.h>

namespace packetsentry::log {
namespace {

TEST(Escaped, LeavesTextAlone) {
    for (const char* text : {"", "job dns started", "größe 10 µs €", "\xf0\x9f\x98\x80"})
        EXPECT_EQ(escaped(text), text);
}

struct EscapedCase {
    std::string_view bytes;
    const char* shown;
};

TEST(Escaped, EscapesWhatCouldForgeALineOrSteerATerminal) {
    using namespace std::string_view_literals;
    for (const EscapedCase& item : {
             EscapedCase{"a\nb"sv, "a\\x0ab"}, EscapedCase{"\x1b[31m"sv, "\\x1b[31m"},
             EscapedCase{"\0"sv, "\\x00"}, EscapedCase{"\x7f"sv, "\\x7f"}, EscapedCase{"a\\n"sv, "a\\\\n"},
             EscapedCase{"\xc2\x9b"
                         "31m"sv,
                         "\\xc2\\x9b31m"},                                    // C1 control
             EscapedCase{"\xff"sv, "\\xff"}, EscapedCase{"\xc3"sv, "\\xc3"},  // cut
             EscapedCase{"\xc3"
                         "a"sv,
                         "\\xc3"
                         "a"},
             EscapedCase{"\xc0\xaf"sv, "\\xc0\\xaf"},           // overlong
             EscapedCase{"\xed\xa0\x80"sv, "\\xed\\xa0\\x80"},  // surrogate
             EscapedCase{"\xf4\x90\x80\x80"sv, "\\xf4\\x90\\x80\\x80"},
             EscapedCase{"\xe2\x80\xae"sv, "\\xe2\\x80\\xae"},           // right-to-left override
             EscapedCase{"\xe2\x81\xa6"sv, "\\xe2\\x81\\xa6"},           // left-to-right isolate
             EscapedCase{"\xe2\x80\x8b"sv, "\\xe2\\x80\\x8b"},           // zero-width space
             EscapedCase{"\xe2\x80\xa8"sv, "\\xe2\\x80\\xa8"},           // line separator
             EscapedCase{"\xef\xbb\xbf"sv, "\\xef\\xbb\\xbf"},           // byte order mark
             EscapedCase{"\xf3\xa0\x81\x81"sv, "\\xf3\\xa0\\x81\\x81"},  // a tag character
         })
        EXPECT_EQ(escaped(item.bytes), item.shown);
}

}  // namespace
}  // namespace packetsentry::log
