// A rows file that a test makes, and its index, ready to be asked.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/spool/format/index_view.h"
#include "daemon/spool/format/segment_index.h"
#include "tests/support/row_builder.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace packetsentry::spool {

// A rows file under construction.
class RowsFile {
  public:
    explicit RowsFile(wire::Table table = wire::TABLE_PACKETS)
        : header_(header_of(table)), bytes_(encode(header_)) {}

    void add(const wire::Batch& batch) {
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        ASSERT_TRUE(append_frame(bytes_, facts_of(*view, blocks_++, 1), {}, batch.SerializeAsString(),
                                 header_.seed()));
    }
    void add(const test::RowBuilder& rows) { add(rows.batch()); }

    [[nodiscard]] std::string& bytes() { return bytes_; }
    [[nodiscard]] std::string index() const { return index_rows_file(as_bytes(bytes_)).value(); }

  private:
    [[nodiscard]] static FileHeader header_of(wire::Table table) {
        FileHeader header = test::sample_header(FileKind::rows);
        header.table = static_cast<std::uint32_t>(table);
        return header;
    }

    FileHeader header_;
    std::string bytes_;
    std::uint32_t blocks_ = 0;
};

inline test::RowBuilder one_row(const test::RowValues& values) {
    test::RowBuilder rows;
    rows.row(values);
    return rows;
}

inline test::RowBuilder named(std::string_view name) {
    test::RowBuilder rows = one_row({});
    rows.text("dns.question.name", name);
    return rows;
}

// An index file, opened as a program would that has all of it in memory.
class Opened {
  public:
    explicit Opened(std::string bytes)
        : bytes_(std::move(bytes)), view_(IndexView::open(as_bytes(bytes_)).value()) {}

    [[nodiscard]] const IndexView& view() const { return view_; }
    [[nodiscard]] IndexTable table(KeyKind kind) const {
        return view_.table(kind, part(view_.part(kind))).value();
    }
    [[nodiscard]] std::vector<BlockEntry> blocks() const {
        return view_.block_table(part(view_.block_part())).value();
    }
    [[nodiscard]] BlockMask address(std::string_view text) const {
        const base::Address ip = base::parse_ip(text).value();
        return table(*kind_of(ip)).exact(key_of(ip));
    }
    [[nodiscard]] BlockMask network(std::string_view text, unsigned bits) const {
        const base::Address ip = base::parse_ip(text).value();
        return table(*kind_of(ip)).range(network_range(ip, bits));
    }
    [[nodiscard]] BlockMask name(std::string_view name) const {
        return table(KeyKind::name).exact(name_key(name));
    }
    [[nodiscard]] BlockMask like(std::string_view pattern) const {
        return table(KeyKind::name).names_like(pattern);
    }

  private:
    [[nodiscard]] Bytes part(FilePart part) const {
        return as_bytes(bytes_).subspan(part.offset, part.bytes);
    }

    std::string bytes_;
    IndexView view_;
};

}  // namespace packetsentry::spool
