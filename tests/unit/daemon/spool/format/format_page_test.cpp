// The examples of daemon/spool/FORMAT.md are the bytes that the library writes, so the page cannot be
// wrong about them. Each is a code block "hex NAME" of lines such as "0040  42 4c 4b 52  | "BLKR"".
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace packetsentry::spool {
namespace {

using Examples = std::map<std::string, std::string>;

// Appends the bytes of a line. The place at its beginning is to be the one of its first byte.
void read_hex_line(const std::string& line, std::string& bytes) {
    std::istringstream words(line.substr(0, line.find('|')));
    std::size_t place = 0;
    words >> std::hex >> place;
    EXPECT_EQ(place, bytes.size()) << line;
    for (unsigned byte = 0; words >> std::hex >> byte;) bytes += static_cast<char>(byte);
    EXPECT_TRUE(words.eof()) << line;
}

Examples read_examples() {
    Examples examples;
    std::ifstream page(FORMAT_PAGE);
    std::string* present = nullptr;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("```hex "))
            present = &examples[line.substr(7)];
        else if (line.starts_with("```"))
            present = nullptr;
        else if (present != nullptr)
            read_hex_line(line, *present);
    }
    return examples;
}

TEST(FormatPage, ShowsTheBytesThatAreWritten) {
    const Examples examples = read_examples();
    const Examples written = {
        {"identity", encode(test::sample_header(FileKind::identity))},
        {"rows", test::sample_rows()},
        {"index", index_rows_file(as_bytes(test::sample_rows())).value()},
        {"catalogue", test::sample_catalogue()},
    };
    EXPECT_EQ(examples, written);
}

}  // namespace
}  // namespace packetsentry::spool
