#include "daemon/spool/search/segment_search.h"

#include <algorithm>

#include "daemon/spool/format/checksum.h"
#include "proto/query/read/field_reader.h"
#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

// The numbers of the rows that are found where each batch is asked.
std::vector<std::uint64_t> expected(const RandomSegment& segment, Question& question) {
    std::vector<std::uint64_t> numbers;
    for (const wire::Batch& batch : segment.batches) {
        const auto view = proto::BatchView::check(batch);
        for (const std::uint32_t row : question.find(*view)) numbers.push_back(view->number(row));
    }
    return numbers;
}

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> numbers) {
    std::ranges::sort(numbers);
    return numbers;
}

TEST(SegmentSearch, FindsWithAnIndexAndWithoutOne) {
    for (const std::uint32_t blocks : {1U, 30U, 140U}) {
        RandomSegment segment(blocks + 1, blocks);
        const std::string& rows = segment.file.bytes();
        for (const Asked& asked : kQuestions) {
            Question question = question_of(asked);
            const auto numbers = expected(segment, question);
            const Searched plain = search_all(files_of(rows), question);
            const Searched indexed = search_all(files_of(rows, segment.index), question);
            ASSERT_EQ(plain.numbers(), numbers) << told(asked);
            ASSERT_EQ(indexed.numbers(), numbers) << told(asked);
            for (const SearchCounts& counts : {plain.counts, indexed.counts}) {
                ASSERT_EQ(counts.blocks, blocks) << told(asked);
                ASSERT_EQ(counts.blocks_read + counts.blocks_aside, blocks) << told(asked);
                ASSERT_EQ(counts.rows_found, numbers.size()) << told(asked);
            }
            ASSERT_LE(indexed.counts.blocks_read, plain.counts.blocks_read);
        }
    }
}

TEST(SegmentSearch, FindsTheNewestBlocksFirst) {
    RandomSegment segment(9, 80);
    const std::string& rows = segment.file.bytes();
    for (const Asked& asked : kQuestions) {
        Question question = question_of(asked);
        const auto numbers = expected(segment, question);
        for (const std::string& index : {std::string(), segment.index}) {
            const Searched searched = search_all(files_of(rows, index), question, SearchOrder::newest_first);
            ASSERT_EQ(sorted(searched.numbers()), numbers) << told(asked);
            ASSERT_EQ(searched.counts.blocks, 80U) << told(asked);
            ASSERT_EQ(searched.counts.blocks_read + searched.counts.blocks_aside, 80U) << told(asked);
            for (std::size_t i = 1; i < searched.found.size(); ++i)
                ASSERT_LT(searched.found[i].batch.first_number(), searched.found[i - 1].batch.first_number());
        }
    }
}

TEST(SegmentSearch, TellsWhereRowsAreFrom) {
    RandomSegment segment(2, 1);
    Question question = question_of({});
    const auto search =
        SegmentSearch::open(files_of(segment.file.bytes()), question, SearchOrder::oldest_first);
    ASSERT_TRUE(search);
    EXPECT_EQ(search->header().counter, 41U);
    const Searched all = search_all(files_of(segment.file.bytes()), question);
    ASSERT_EQ(all.found.size(), 1U);
    EXPECT_EQ(all.found[0].job, 12U);
    EXPECT_EQ(all.found[0].run, 1U);
    EXPECT_EQ(all.found[0].batch.rows(), segment.batches[0].rows());
    EXPECT_FALSE(all.found[0].packets);
}

TEST(SegmentSearch, ReadsOnlyTheBlocksThatAnIndexNames) {
    RowsFile file;
    for (int block = 0; block < 10; ++block)
        file.add(one_row({.source = block == 7 ? "10.0.0.1" : "192.0.2.1"}));
    std::string rows = file.bytes();
    const std::string index = file.index();
    Question question = question_of({.address = "10.0.0.1"});
    for (std::size_t at = kFileHeaderBytes; at < kFileHeaderBytes + 500; ++at) rows[at] = 'x';
    const Searched searched = search_all(files_of(rows, index), question);
    EXPECT_EQ(searched.numbers().size(), 1U);
    EXPECT_TRUE(searched.unreadable.empty());
    EXPECT_EQ(
        searched.counts,
        (SearchCounts{.blocks = 10, .blocks_read = 1, .blocks_aside = 9, .rows_read = 1, .rows_found = 1}));
}

TEST(SegmentSearch, FindsThePacketsOfAConversationInsideOfATunnel) {
    RowsFile file;
    for (std::uint16_t block = 0; block < 4; ++block) {
        test::RowBuilder rows;
        rows.row({.source = "192.0.2.1",
                  .destination = "192.0.2.2",
                  .source_port = 4000,
                  .destination_port = 4789,
                  .ip_protocol = 17,
                  .layers = "eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp"})
            .address("packetsentry.inner.source.ip", "1.2.3.4")
            .address("packetsentry.inner.destination.ip", "5.6.7.8")
            .number("packetsentry.inner.source.port", 1122U + block % 2)
            .number("packetsentry.inner.destination.port", 3344);
        file.add(rows);
    }
    const std::string index = file.index();
    Question question =
        question_of({.display = "network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\""});
    const Searched searched = search_all(files_of(file.bytes(), index), question);
    EXPECT_EQ(searched.numbers().size(), 2U);
    EXPECT_EQ(searched.counts.blocks_read, 2U);
}

// Packets have not all Community IDs in the index of an earlier list.
TEST(SegmentSearch, AsksAnIndexOfAnEarlierListWhatItHas) {
    constexpr std::size_t kRulesAt = kFileHeaderBytes + 20, kTablesAt = kRulesAt + 3;
    RowsFile file;
    for (std::uint16_t block = 0; block < 4; ++block)
        file.add(one_row({.source = "1.2.3.4",
                          .destination = "5.6.7.8",
                          .source_port = static_cast<std::uint16_t>(1122 + block % 2),
                          .destination_port = 3344,
                          .ip_protocol = 6}));
    std::string index = file.index();
    const auto read = [&file, &index](const std::string& display) {
        Question question = question_of({.display = display});
        const Searched searched = search_all(files_of(file.bytes(), index), question);
        EXPECT_EQ(searched.numbers().size(), 2U);
        return searched.counts.blocks_read;
    };
    const std::string conversation = "network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\"";
    EXPECT_EQ(read(conversation), 2U);
    ASSERT_EQ(index.at(kRulesAt), kKeyRules);
    index.at(kRulesAt) = 2;
    const std::size_t directory_end =
        kTablesAt + 1 + kDirectoryEntryBytes * static_cast<std::size_t>(index.at(kTablesAt));
    std::string sum;
    proto::append_number(sum,
                         checksum(as_bytes(index).subspan(kFileHeaderBytes, directory_end - kFileHeaderBytes),
                                  test::sample_header(FileKind::index).seed()));
    index.replace(directory_end, sum.size(), sum);
    EXPECT_EQ(read(conversation), 4U);
    EXPECT_EQ(read("tcp.port == 1122"), 2U);
}

// A wrong index costs time and no rows.
TEST(SegmentSearch, DoesNotBelieveAnIndexThatIsDamaged) {
    RandomSegment segment(7, 20);
    const std::string& rows = segment.file.bytes();
    Question question = question_of({.display = "ip.addr == 10.0.0.2 or dns.qry.name contains lan"});
    const auto numbers = expected(segment, question);
    ASSERT_FALSE(numbers.empty());
    for (std::size_t at = 0; at < segment.index.size(); ++at) {
        std::string index = segment.index;
        index[at] ^= 0x41;
        ASSERT_EQ(search_all(files_of(rows, index), question).numbers(), numbers) << at;
    }
    for (std::size_t size = 1; size < segment.index.size(); size += 7)
        ASSERT_EQ(search_all(files_of(rows, segment.index.substr(0, size)), question).numbers(), numbers);
}

TEST(SegmentSearch, DoesNotBelieveAnIndexOfAnotherFile) {
    RandomSegment segment(7, 5), other(8, 5), longer(7, 5);
    longer.file.add(one_row({.source = "10.0.0.2"}));
    Question question = question_of({.address = "10.0.0.2"});
    const Searched searched = search_all(files_of(longer.file.bytes(), segment.index), question);
    EXPECT_EQ(searched.numbers().size(), expected(segment, question).size() + 1);
    EXPECT_EQ(searched.counts.blocks, 6U);
    EXPECT_EQ(search_all(files_of(segment.file.bytes(), other.index), question).numbers(),
              expected(segment, question));
}

TEST(SegmentSearch, ReportsWhatCannotBeRead) {
    RandomSegment segment(11, 12);
    Question question = question_of({});
    std::vector<std::uint64_t> places;
    for (const Opened index(segment.index); const BlockEntry& block : index.blocks())
        places.push_back(block.offset);
    std::string rows = segment.file.bytes();
    rows[places[2]] ^= 1;        // the header of a frame
    rows[places[5] + 100] ^= 1;  // the body of another one
    const std::size_t missing = segment.batches[2].rows() + segment.batches[5].rows();
    const std::size_t all = expected(segment, question).size();
    for (const SearchOrder order : {SearchOrder::oldest_first, SearchOrder::newest_first})
        for (const std::string& index :
             {std::string(), segment.index, index_rows_file(as_bytes(rows)).value()}) {
            const Searched searched = search_all(files_of(rows, index), question, order);
            EXPECT_EQ(searched.numbers().size(), all - missing);
            ASSERT_EQ(searched.unreadable.size(), 2U);
            EXPECT_EQ(searched.counts.blocks, 12U);
            const Unreadable& header = searched.unreadable[order == SearchOrder::oldest_first ? 0 : 1];
            const Unreadable& body = searched.unreadable[order == SearchOrder::oldest_first ? 1 : 0];
            EXPECT_EQ(header.problem, FrameProblem::header_damaged);
            EXPECT_EQ(header.offset, places[2]);
            EXPECT_EQ(header.bytes, places[3] - places[2]);
            EXPECT_EQ(body.problem, FrameProblem::body_damaged);
            ASSERT_TRUE(body.facts);
            EXPECT_EQ(body.facts->rows, segment.batches[5].rows());
        }
}

// The copy of a frame has the number of a block that was there before.
TEST(SegmentSearch, FindsACopiedFrameOnce) {
    RandomSegment segment(13, 3);
    std::string rows = segment.file.bytes();
    const std::size_t end = rows.size();
    rows += rows.substr(kFileHeaderBytes);
    const std::string index = index_rows_file(as_bytes(rows)).value();
    Question question = question_of({});
    const auto numbers = expected(segment, question);
    for (const std::string& used : {std::string(), index})
        for (const SearchOrder order : {SearchOrder::oldest_first, SearchOrder::newest_first}) {
            const Searched searched = search_all(files_of(rows, used), question, order);
            EXPECT_EQ(sorted(searched.numbers()), numbers);
            ASSERT_FALSE(searched.unreadable.empty());
            EXPECT_GE(searched.unreadable.front().offset, end);
        }
}

TEST(SegmentSearch, ReportsABatchThatIsNotTheOneOfItsFrame) {
    const wire::Batch batch = one_row({.source = "10.0.0.1"}).batch();
    const auto view = proto::BatchView::check(batch);
    const FileHeader header = test::sample_header(FileKind::rows);
    BlockFacts facts = facts_of(*view, 0, 1);
    facts.first_number = 7;
    std::string rows = encode(header);
    ASSERT_TRUE(append_frame(rows, facts, {}, batch.SerializeAsString(), header.seed()));
    ASSERT_TRUE(append_frame(rows, {.block = 1, .run = 1, .rows = 1, .first_number = 8}, {}, "no batch",
                             header.seed()));
    Question question = question_of({});
    const Searched searched = search_all(files_of(rows), question);
    EXPECT_TRUE(searched.found.empty());
    ASSERT_EQ(searched.unreadable.size(), 2U);
    EXPECT_EQ(searched.unreadable[0].problem, FrameProblem::body_damaged);
    EXPECT_EQ(searched.unreadable[0].facts, facts);
}

TEST(SegmentSearch, StopsAtTheClosedLength) {
    RandomSegment segment(12, 4);
    RowsFile file;
    for (int block = 0; block < 3; ++block) file.add(segment.batches[static_cast<std::size_t>(block)]);
    SegmentFiles files;
    Question question = question_of({});
    const std::string& whole = segment.file.bytes();
    base::UniqueFd fd(::memfd_create("rows", MFD_CLOEXEC));
    ASSERT_EQ(::write(fd.get(), whole.data(), whole.size()), static_cast<ssize_t>(whole.size()));
    files.rows = SpoolFile(std::move(fd), file.bytes().size());
    const Searched searched = search_all(std::move(files), question);
    EXPECT_EQ(searched.found.size(), 3U);
    EXPECT_TRUE(searched.unreadable.empty());
}

TEST(SegmentSearch, RefusesWhatIsNoRowsFile) {
    Question question = question_of({});
    const auto refusal = [&question](const std::string& rows) {
        const auto search = SegmentSearch::open(files_of(rows), question, SearchOrder::oldest_first);
        if (search) return std::string("taken");
        EXPECT_EQ(search.error().code, base::ErrorCode::file);
        return search.error().message;
    };
    EXPECT_NE(refusal("x"), "taken");
    EXPECT_NE(refusal(test::sample_catalogue()), "taken");
    FileHeader header = test::sample_header(FileKind::rows);
    header.table = 2;
    EXPECT_EQ(refusal(encode(header)), "has rows of another table than the one that is asked");
    EXPECT_EQ(refusal(encode(test::sample_header(FileKind::rows))), "taken") << "no rows yet";
    SegmentFiles none;
    EXPECT_FALSE(SegmentSearch::open(std::move(none), question, SearchOrder::newest_first));
}

// Reading a directory fails, and this is no end of the search.
TEST(SegmentSearch, TellsThatTheKernelCannotRead) {
    Question question = question_of({});
    SegmentFiles files;
    files.rows = SpoolFile(base::UniqueFd(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), 4096);
    const auto search = SegmentSearch::open(std::move(files), question, SearchOrder::oldest_first);
    ASSERT_FALSE(search);
    EXPECT_EQ(search.error().message, "cannot read a file of the spool: Is a directory");
}

}  // namespace
}  // namespace packetsentry::spool
