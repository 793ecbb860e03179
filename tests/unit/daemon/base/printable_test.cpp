#include "daemon/base/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::base {
namespace {

struct PrintableCase {
    const char* bytes;
    std::uint32_t code;
    std::size_t size;
    bool valid;
    bool printable;
};

TEST(Printable, Table) {
    for (const PrintableCase& one : {
             PrintableCase{"a", 'a', 1, true, true},
             PrintableCase{"\\", '\\', 1, true, true},
             PrintableCase{"\x1b[31m", 0x1b, 1, true, false},
             PrintableCase{"\x7f", 0x7f, 1, true, false},
             PrintableCase{"\xc3\xbcx", 0xfc, 2, true, true},
             PrintableCase{"\xe2\x82\xac", 0x20ac, 3, true, true},
             PrintableCase{"\xf0\x9f\x98\x80", 0x1f600, 4, true, true},
             PrintableCase{"\xc2\x9b", 0x9b, 2, true, false},             // CSI, a C1 control
             PrintableCase{"\xe2\x80\xaa", 0x202a, 3, true, false},       // left-to-right embedding
             PrintableCase{"\xe2\x80\xae", 0x202e, 3, true, false},       // right-to-left override
             PrintableCase{"\xe2\x81\xa9", 0x2069, 3, true, false},       // end of an isolate
             PrintableCase{"\xd8\x9c", 0x61c, 2, true, false},            // Arabic letter mark
             PrintableCase{"\xe2\x80\x8b", 0x200b, 3, true, false},       // zero-width space
             PrintableCase{"\xe2\x80\xa9", 0x2029, 3, true, false},       // paragraph separator
             PrintableCase{"\xf3\xa0\x81\x81", 0xe0041, 4, true, false},  // a tag character
             PrintableCase{"\xff", 0, 1, false, false},
             PrintableCase{"\xc3", 0, 1, false, false},  // cut
             PrintableCase{"\xc3(", 0, 1, false, false},
             PrintableCase{"\xc0\xaf", 0, 1, false, false},          // overlong
             PrintableCase{"\xe0\x80\xaf", 0, 1, false, false},      // overlong
             PrintableCase{"\xed\xa0\x80", 0, 1, false, false},      // a surrogate
             PrintableCase{"\xf4\x90\x80\x80", 0, 1, false, false},  // over U+10FFFF
         }) {
        const Character character = first_character(one.bytes);
        EXPECT_EQ(character.size, one.size) << one.bytes;
        EXPECT_EQ(character.valid, one.valid) << one.bytes;
        EXPECT_EQ(character.printable(), one.printable) << one.bytes;
        if (one.valid) {
            EXPECT_EQ(character.code, one.code) << one.bytes;
        }
    }
}

}  // namespace
}  // namespace packetsentry::base
