#include "daemon/spool/format/file_header.h"

#include <gtest/gtest.h>

#include "daemon/spool/format/checksum.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace packetsentry::spool {
namespace {

constexpr std::array kFileKinds = {FileKind::identity, FileKind::catalogue, FileKind::rows, FileKind::index};

// With a right checksum.
std::string with_version(std::string bytes, char version) {
    bytes[8] = version;
    bytes.resize(kFileHeaderBytes - sizeof(std::uint64_t));
    proto::append_number(bytes, checksum(as_bytes(bytes), 0));
    return bytes;
}

TEST(FileHeader, IsReadAsItIsWritten) {
    for (const FileKind kind : kFileKinds) {
        const FileHeader header = test::sample_header(kind);
        const std::string bytes = encode(header);
        EXPECT_EQ(bytes.size(), kFileHeaderBytes);
        const auto read = read_file_header(as_bytes(bytes), kind);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(*read, header);
        EXPECT_EQ(read->seed(), number_in<std::uint64_t>(as_bytes(bytes), kFileHeaderBytes - 8));
    }
}

TEST(FileHeader, OfAnotherKindIsRefused) {
    for (const FileKind kind : kFileKinds)
        for (const FileKind other : kFileKinds)
            EXPECT_EQ(read_file_header(as_bytes(encode(test::sample_header(kind))), other).has_value(),
                      kind == other);
}

TEST(FileHeader, EachTruncationAndEachWrongByteIsRefused) {
    const std::string bytes = encode(test::sample_header(FileKind::rows));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(read_file_header(as_bytes(bytes).first(size), FileKind::rows)) << size;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string wrong = bytes;
        wrong[at] = static_cast<char>(wrong[at] ^ 0x40);
        EXPECT_FALSE(read_file_header(as_bytes(wrong), FileKind::rows)) << at;
    }
}

TEST(FileHeader, ANewerVersionIsRefusedByItsName) {
    const auto read = read_file_header(
        as_bytes(with_version(encode(test::sample_header(FileKind::index)), 2)), FileKind::index);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, base::ErrorCode::file);
    EXPECT_EQ(read.error().message,
              "has version 2 of the format, and this program reads version 1: index of a spool");
}

// What follows a header can only be read with it.
TEST(FileHeader, FilesThatDifferHaveDifferentSeeds) {
    const FileHeader header = test::sample_header(FileKind::rows);
    FileHeader other = header;
    other.counter++;
    EXPECT_NE(other.seed(), header.seed());
    other = header;
    other.spool[15] ^= std::byte{1};
    EXPECT_NE(other.seed(), header.seed());
}

}  // namespace
}  // namespace packetsentry::spool
