// What an index says about blocks that cannot be read, and what becomes of an index that is damaged or lies.
#include "daemon/spool/format/checksum.h"
#include "tests/unit/daemon/spool/format/opened_index.h"

namespace packetsentry::spool {
namespace {

// What cannot be read is in every answer, so that a question meets it.
TEST(Index, SendsQuestionsToBlocksThatCannotBeRead) {
    RowsFile file;
    file.add(one_row({.source = "10.0.0.1"}));
    const std::size_t second = file.bytes().size();
    file.add(one_row({.source = "10.0.0.2"}));
    const std::size_t third = file.bytes().size();
    file.add(one_row({.source = "10.0.0.3"}));
    const std::size_t end = file.bytes().size();

    RowsFile body = file;
    body.bytes()[second + kFrameHeaderBytes] ^= 1;
    EXPECT_EQ(Opened(body.index()).address("10.0.0.1"), 0b011U);
    EXPECT_EQ(Opened(body.index()).blocks().at(1).offset, second);

    RowsFile header = file;
    header.bytes()[second] ^= 1;
    EXPECT_EQ(Opened(header.index()).address("10.0.0.3"), 0b110U);
    EXPECT_EQ(Opened(header.index()).blocks().at(1), BlockEntry{});

    RowsFile last = file;
    last.bytes()[third] ^= 1;
    EXPECT_EQ(Opened(last.index()).address("10.0.0.1"), 0b101U);
    EXPECT_EQ(Opened(last.index()).blocks().at(2), BlockEntry{.offset = third});

    RowsFile partial = file;
    partial.bytes().resize(end - 8);
    EXPECT_EQ(Opened(partial.index()).address("10.0.0.1"), 0b001U);
    EXPECT_EQ(Opened(partial.index()).view().blocks(), 2U);
}

TEST(Index, SendsQuestionsToBlocksThatAreNotWhatTheirFramesSay) {
    const FileHeader header = test::sample_header(FileKind::rows);
    const wire::Batch batch = test::sample_batch();
    const auto view = proto::BatchView::check(batch);
    for (const bool is_batch : {false, true}) {
        std::string file = encode(header);
        BlockFacts facts = facts_of(*view, 0, 1);
        facts.rows += is_batch ? 1 : 0;
        ASSERT_TRUE(
            append_frame(file, facts, {}, is_batch ? batch.SerializeAsString() : "\xff\xff", header.seed()));
        const Opened index(index_rows_file(as_bytes(file)).value());
        EXPECT_EQ(index.address("9.9.9.9"), 1U);
    }
}

TEST(Index, EachTruncationIsRefusedOrHasWholeTables) {
    const std::string whole = index_rows_file(as_bytes(test::sample_rows())).value();
    const IndexView view = IndexView::open(as_bytes(whole)).value();
    const std::size_t head = view.block_part().offset;
    for (std::size_t size = 0; size < head; ++size)
        EXPECT_FALSE(IndexView::open(as_bytes(whole).first(size))) << size;
    EXPECT_TRUE(IndexView::open(as_bytes(whole).first(head)));
    for (const KeyKind kind : kKeyKinds) {
        const FilePart part = view.part(kind);
        const Bytes bytes = as_bytes(whole).subspan(part.offset, part.bytes);
        EXPECT_TRUE(view.table(kind, bytes));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(view.table(kind, bytes.first(size)));
    }
    EXPECT_FALSE(view.block_table(as_bytes(whole).subspan(head, kBlockEntryBytes - 1)));
}

// A wrong byte is found in the header and directory, or in the one table that has it.
TEST(Index, EachWrongByteIsFound) {
    const std::string whole = index_rows_file(as_bytes(test::sample_rows())).value();
    const std::size_t head = IndexView::open(as_bytes(whole)).value().block_part().offset;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string wrong = whole;
        wrong[at] = static_cast<char>(wrong[at] ^ 0x08);
        const auto view = IndexView::open(as_bytes(wrong));
        EXPECT_EQ(view.has_value(), at >= head) << at;
        if (!view) continue;
        std::size_t damaged = 0;
        const auto part_of = [&wrong](FilePart part) {
            return as_bytes(wrong).subspan(part.offset, part.bytes);
        };
        for (const KeyKind kind : kKeyKinds)
            if (!view->table(kind, part_of(view->part(kind)))) ++damaged;
        if (!view->block_table(part_of(view->block_part()))) ++damaged;
        EXPECT_EQ(damaged, 1U) << at;
    }
}

// A later version may have more kinds of keys, and this one then asks for those that it knows.
TEST(Index, ATableOfAnUnknownKindIsLeftAside) {
    const std::string whole = index_rows_file(as_bytes(test::sample_rows())).value();
    const std::size_t head = IndexView::open(as_bytes(whole)).value().block_part().offset;
    std::string later = whole;
    later[head - 8 - kDirectoryEntryBytes] = '\x7f';  // instead of Community IDs
    std::string sum;
    proto::append_number(sum, checksum(as_bytes(later).subspan(kFileHeaderBytes, head - 8 - kFileHeaderBytes),
                                       test::sample_header(FileKind::index).seed()));
    later.replace(head - 8, 8, sum);
    const Opened index(later);
    EXPECT_EQ(index.address("192.168.1.40"), 1U);
    EXPECT_EQ(index.view().part(KeyKind::community_id).bytes, 0U);
    EXPECT_EQ(index.table(KeyKind::community_id).exact("x"), 1U);
}

// The rows decide: an index that claims too much sends a question to blocks where it finds nothing, and
// never to blocks that there are not.
TEST(Index, ThatLiesIsOnlyAHint) {
    std::string masks;
    for (const BlockMask mask : {BlockMask{1} << 63, ~BlockMask{0}}) proto::append_number(masks, mask);
    masks += "\x02\x01";  // keys that are not in order
    masks.insert(masks.size() - 1, 3, '\0');
    masks += std::string(3, '\0');
    const IndexTable::Entry entry{.every_block = false,
                                  .key_bytes = 4,
                                  .count = 2,
                                  .offset = 0,
                                  .bytes = masks.size(),
                                  .sum = checksum(as_bytes(masks), 5)};
    const auto table = IndexTable::open(as_bytes(masks), entry, 5, 0b111, 0);
    ASSERT_TRUE(table) << table.error().message;
    for (std::uint32_t first = 0; first < 4; ++first)
        for (std::uint32_t last = 0; last < 4; ++last) {
            const KeyRange range{{static_cast<char>(first), 0, 0, 0}, {static_cast<char>(last), 0, 0, 0}};
            EXPECT_EQ(table->range(range) & ~BlockMask{0b111}, 0U);
            EXPECT_EQ(table->exact(range.first) & ~BlockMask{0b111}, 0U);
            EXPECT_EQ(table->prefix(range.first) & ~BlockMask{0b111}, 0U);
        }
}

TEST(Index, ATableWhoseKeysOverlapIsRefused) {
    const auto opens = [](std::initializer_list<std::uint32_t> ends) {
        std::string bytes;
        proto::append_number(bytes, BlockMask{1});
        proto::append_number(bytes, BlockMask{1});
        for (const std::uint32_t end : ends) proto::append_number(bytes, end);
        bytes += "abcd";
        const IndexTable::Entry entry{.every_block = false,
                                      .key_bytes = 0,
                                      .count = 2,
                                      .offset = 0,
                                      .bytes = bytes.size(),
                                      .sum = checksum(as_bytes(bytes), 5)};
        return IndexTable::open(as_bytes(bytes), entry, 5, 1, 0).has_value();
    };
    EXPECT_TRUE(opens({0, 1, 4}));
    EXPECT_TRUE(opens({0, 0, 4}));
    EXPECT_FALSE(opens({0, 2, 3}));
    EXPECT_FALSE(opens({0, 5, 4}));
    EXPECT_FALSE(opens({1, 2, 4}));
    EXPECT_FALSE(opens({0, 1, 0xFFFFFFFF}));
}

}  // namespace
}  // namespace packetsentry::spool
