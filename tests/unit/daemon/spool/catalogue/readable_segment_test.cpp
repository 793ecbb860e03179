#include "daemon/spool/catalogue/readable_segment.h"

#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

struct OpenedToRead : test::SpoolTest {
    OpenedToRead() { record(); }

    [[nodiscard]] ReadableSegment opened() {
        auto found = spool->open_to_read(12, 1);
        EXPECT_TRUE(found) << (found ? "" : found.error().message);
        return found ? *std::move(found) : ReadableSegment();
    }
    void link(SegmentFile file) const {
        std::filesystem::rename(file_of(1, file), temporary.path() + "/moved");
        std::filesystem::create_symlink(temporary.path() + "/moved", file_of(1, file));
    }
};

TEST_F(OpenedToRead, KnowsTheHeaderThatItsRowsMustHave) {
    const ReadableSegment found = opened();
    EXPECT_TRUE(found.rows);
    EXPECT_TRUE(found.packets);
    EXPECT_EQ(found.packets_trouble, "");
    const auto header =
        read_file_header(as_bytes(test::bytes_of(file_of(1, SegmentFile::rows))), FileKind::rows);
    EXPECT_EQ(found.header, header);
}

TEST_F(OpenedToRead, HasTheClosedLengthsOfFilesThatWereTruncated) {
    std::filesystem::resize_file(file_of(1, SegmentFile::rows), 100);
    std::filesystem::resize_file(file_of(1, SegmentFile::packets), 0);
    EXPECT_EQ(opened().rows_bytes, 1000U);
    EXPECT_EQ(opened().packets_bytes, 3000U);
}

TEST_F(OpenedToRead, NeedsNoIndex) {
    auto begun = spool->begin_index(12, 1);
    test::write_to(begun->index, "index");
    ASSERT_TRUE(spool->end_index(12, 1, 5, segment(1)->progress));
    EXPECT_EQ(opened().index_bytes, 5U);
    link(SegmentFile::index);
    EXPECT_EQ(opened().index_bytes, 0U);
    EXPECT_FALSE(opened().index);
    EXPECT_TRUE(opened().rows);
}

TEST_F(OpenedToRead, SaysWhyPacketsCannotBeRead) {
    link(SegmentFile::packets);
    EXPECT_EQ(opened().packets_trouble, "'" + file_of(1, SegmentFile::packets) +
                                            "' is a symbolic link, which is not followed; remove it");
    std::filesystem::remove(file_of(1, SegmentFile::packets));
    EXPECT_EQ(opened().packets_trouble, "its packets are not there");
    EXPECT_EQ(opened().packets_bytes, 3000U);
    spool->remove(std::vector<Removal>{{.job = 12, .counter = 1, .part = RemovedPart::packets}});
    EXPECT_EQ(opened().packets_trouble, "") << "nothing is wrong with what retention has removed";
    EXPECT_EQ(opened().packets_bytes, 0U);
    EXPECT_TRUE(opened().rows);
}

TEST_F(OpenedToRead, NeedsItsRows) {
    link(SegmentFile::rows);
    EXPECT_FALSE(spool->open_to_read(12, 1));
    std::filesystem::remove(file_of(1, SegmentFile::rows));
    EXPECT_FALSE(opened().rows);
}

}  // namespace
}  // namespace packetsentry::spool
