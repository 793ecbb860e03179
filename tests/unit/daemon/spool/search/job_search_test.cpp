#include "daemon/spool/search/job_search.h"

#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

class GivenSegments : public SegmentSupply {
  public:
    explicit GivenSegments(std::vector<SegmentFiles> segments) : segments_(std::move(segments)) {}

    base::Result<std::optional<SegmentFiles>> next() override {
        if (asked == segments_.size()) return std::nullopt;
        return std::move(segments_[asked++]);
    }

    std::size_t asked = 0;

  private:
    std::vector<SegmentFiles> segments_;
};

class Noted : public SearchNotes {
  public:
    void cannot_read(const FileHeader& segment, const Unreadable& bytes) override {
        notes.push_back(std::to_string(segment.counter) + ": " + std::to_string(bytes.bytes) + " bytes");
    }
    void cannot_search(const base::Error& error) override { notes.push_back(error.message); }

    std::vector<std::string> notes;
};

std::vector<SegmentFiles> segments_of(const std::vector<std::string>& rows) {
    std::vector<SegmentFiles> segments;
    for (const std::string& bytes : rows) segments.push_back(files_of(bytes));
    return segments;
}

TEST(JobSearch, SearchesOneSegmentAfterTheOther) {
    RandomSegment first(1, 3), second(2, 4);
    GivenSegments supply(segments_of({first.file.bytes(), second.file.bytes()}));
    Noted noted;
    Question question = question_of({});
    JobSearch search(supply, noted, question, SearchOrder::oldest_first);
    std::uint64_t rows = 0;
    for (int block = 0; block < 7; ++block) {
        const auto found = search.next().value();
        ASSERT_TRUE(found);
        EXPECT_EQ(supply.asked, block < 3 ? 1U : 2U) << "a segment is opened when its turn comes";
        rows += found->batch.rows();
    }
    EXPECT_FALSE(search.next().value());
    EXPECT_FALSE(search.next().value()) << "and the end remains";
    EXPECT_EQ(search.counts(),
              (SearchCounts{.blocks = 7, .blocks_read = 7, .rows_read = rows, .rows_found = rows}));
    EXPECT_TRUE(noted.notes.empty());
}

TEST(JobSearch, GoesOnBehindWhatItCannotRead) {
    RandomSegment segment(1, 3);
    std::string damaged = segment.file.bytes();
    damaged[damaged.size() - 20] ^= 1;
    GivenSegments supply(segments_of({"no rows file", damaged, segment.file.bytes()}));
    Noted noted;
    Question question = question_of({});
    JobSearch search(supply, noted, question, SearchOrder::oldest_first);
    std::size_t blocks = 0;
    while (search.next().value()) ++blocks;
    EXPECT_EQ(blocks, 5U);
    ASSERT_EQ(noted.notes.size(), 2U);
    EXPECT_EQ(noted.notes[1].substr(0, 4), "41: ");
    EXPECT_EQ(search.counts().blocks, 6U);
}

}  // namespace
}  // namespace packetsentry::spool
