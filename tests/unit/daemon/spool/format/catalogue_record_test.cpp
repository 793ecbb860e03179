#include "daemon/spool/format/catalogue_record.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <vector>

#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/rows_frame.h"
#include "daemon/spool/format/segment_name.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace packetsentry::spool {
namespace {

FileHeader catalogue_header() {
    return test::sample_header(FileKind::catalogue);
}

std::string catalogue_of(const std::vector<CatalogueRecord>& records) {
    std::string file = encode(catalogue_header());
    for (const CatalogueRecord& record : records)
        EXPECT_TRUE(append_record(file, record, catalogue_header().seed()));
    return file;
}

struct Contents {
    std::vector<CatalogueRecord> records = {};
    std::vector<UnreadableRecords> unreadable = {};
};

Contents contents_of(Bytes file) {
    Contents contents;
    auto reader = CatalogueReader::open(file);
    if (!reader) return contents;
    while (auto next = reader->next()) {
        if (*next)
            contents.records.push_back(**next);
        else
            contents.unreadable.push_back(next->error());
    }
    return contents;
}

// Three segments with terms of different lengths.
std::vector<CatalogueRecord> three_records() {
    std::vector<CatalogueRecord> records(3, test::sample_record());
    for (std::size_t i = 0; i < records.size(); ++i) {
        records[i].counter = i + 1;
        records[i].terms = std::string(9 * i, 't');
    }
    return records;
}

TEST(CatalogueRecord, IsReadAsItIsWritten) {
    constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
    const CatalogueRecord largest{.state = SegmentState::removed,
                                  .packets = PacketsState::removed,
                                  .table = kMost,
                                  .run = kMost,
                                  .owner_uid = kMost,
                                  .counter = kCounterLimit,
                                  .created_ns = std::numeric_limits<std::int64_t>::min(),
                                  .closed_ns = std::numeric_limits<std::int64_t>::max(),
                                  .first_time_ns = -1,
                                  .last_time_ns = 1,
                                  .first_number = 1,
                                  .last_number = proto::kNumberLimit,
                                  .rows = proto::kNumberLimit,
                                  .blocks = kBlockLimit,
                                  .rows_bytes = kFileBytesLimit - 1,
                                  .packets_bytes = kFileBytesLimit - 2,
                                  .index_bytes = kFileBytesLimit - 3,
                                  .terms = std::string(kTermsLimit, '\0')};
    const CatalogueRecord smallest{.counter = 1};
    const std::vector<CatalogueRecord> records = {test::sample_record(), largest, smallest};
    const std::string file = catalogue_of(records);
    EXPECT_EQ(contents_of(as_bytes(file)).records, records);
    EXPECT_TRUE(contents_of(as_bytes(file)).unreadable.empty());
}

TEST(CatalogueRecord, IsNotWrittenBeyondItsLimits) {
    const std::vector<std::function<void(CatalogueRecord&)>> kMistakes = {
        [](CatalogueRecord& record) { record.state = SegmentState{0}; },
        [](CatalogueRecord& record) { record.state = SegmentState{4}; },
        [](CatalogueRecord& record) { record.packets = PacketsState{3}; },
        [](CatalogueRecord& record) { record.counter = 0; },
        [](CatalogueRecord& record) { record.counter = kCounterLimit + 1; },
        [](CatalogueRecord& record) { record.first_number = record.last_number + 1; },
        [](CatalogueRecord& record) { record.last_number = proto::kNumberLimit + 1; },
        [](CatalogueRecord& record) { record.rows = proto::kNumberLimit + 1; },
        [](CatalogueRecord& record) { record.blocks = kBlockLimit + 1; },
        [](CatalogueRecord& record) { record.rows_bytes = kFileBytesLimit; },
        [](CatalogueRecord& record) { record.packets_bytes = kFileBytesLimit; },
        [](CatalogueRecord& record) { record.index_bytes = kFileBytesLimit; },
        [](CatalogueRecord& record) { record.terms.resize(kTermsLimit + 1); },
    };
    for (const auto& mistake : kMistakes) {
        CatalogueRecord record = test::sample_record();
        mistake(record);
        std::string file = "before";
        EXPECT_FALSE(append_record(file, record, 0));
        EXPECT_EQ(file, "before");
    }
}

// The daemon was stopped while it wrote.
TEST(Catalogue, WithAPartialRecordHasTheOthers) {
    const std::string file = catalogue_of(three_records());
    const std::size_t two = catalogue_of({three_records()[0], three_records()[1]}).size();
    for (std::size_t size = two + 1; size < file.size(); ++size) {
        const Contents contents = contents_of(as_bytes(file).first(size));
        EXPECT_EQ(contents.records.size(), 2U) << size;
        EXPECT_EQ(contents.unreadable, (std::vector<UnreadableRecords>{{two, size - two}})) << size;
    }
}

TEST(Catalogue, AWrongByteCostsOneRecord) {
    const std::string file = catalogue_of(three_records());
    for (std::size_t at = kFileHeaderBytes; at < file.size(); ++at) {
        for (const int change : {0x01, 0x80, 0xFF}) {
            std::string wrong = file;
            wrong[at] = static_cast<char>(wrong[at] ^ change);
            const Contents contents = contents_of(as_bytes(wrong));
            EXPECT_EQ(contents.records.size(), 2U) << at;
            EXPECT_EQ(contents.unreadable.size(), 1U) << at;
        }
    }
}

// The later record about a segment is the one that counts: both are there, in the order of the file.
TEST(Catalogue, KeepsTheOrderOfItsRecords) {
    std::vector<CatalogueRecord> records = {test::sample_record(), test::sample_record()};
    records[0].state = SegmentState::open;
    const std::string file = catalogue_of(records);
    EXPECT_EQ(contents_of(as_bytes(file)).records, records);
}

TEST(Catalogue, DoesNotTakeRecordsOfAnotherJob) {
    const std::string file = catalogue_of(three_records());
    FileHeader other = catalogue_header();
    other.job++;
    const std::string foreign = encode(other) + file.substr(kFileHeaderBytes);
    EXPECT_TRUE(contents_of(as_bytes(foreign)).records.empty());
}

}  // namespace
}  // namespace packetsentry::spool
