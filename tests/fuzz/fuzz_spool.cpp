// Files of the spool, as anybody may have written them: the first byte tells which kind, and the rest
// follows the header of such a file. Checksums are made right first, because no fuzzer would find them.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/spool/format/catalogue_record.h"
#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/index_view.h"
#include "daemon/spool/format/packet_places.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/format/segment_index.h"
#include "daemon/spool/format/segment_name.h"
#include "daemon/spool/search/segment_search.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace {

using namespace packetsentry;
using namespace packetsentry::spool;

void demand(bool holds) {
    if (!holds) std::abort();
}

void put_sum(std::string& file, std::size_t at, Bytes summed, std::uint64_t seed) {
    std::string sum;
    proto::append_number(sum, checksum(summed, seed));
    file.replace(at, sum.size(), sum);
}

// Frames and records alike: the checksum of the body stands at sum_at of the header, and that of the
// header at its end. From the last to the first, as one may stand in the body of another.
template <typename BodyBytes>
void make_sums(std::string& file, std::string_view magic, std::size_t least, std::size_t sum_at,
               std::uint64_t seed, BodyBytes body_bytes) {
    for (std::size_t at = file.size() / 8 * 8; at >= kFileHeaderBytes; at -= 8) {
        const Bytes left = as_bytes(file).subspan(at);
        if (left.size() < least || !std::string_view(file).substr(at).starts_with(magic)) continue;
        const std::size_t header = number_in<std::uint16_t>(left, 4);
        if (header < least || header > left.size()) continue;
        const std::size_t body = body_bytes(left);
        if (body <= left.size() - header) put_sum(file, at + sum_at, left.subspan(header, body), seed);
        put_sum(file, at + header - 8, as_bytes(file).subspan(at, header - 8), seed);
    }
}

Bytes part_of(const std::string& file, FilePart part) {
    if (part.offset > file.size() || part.bytes > file.size() - part.offset) return {};
    return as_bytes(file).subspan(part.offset, part.bytes);
}

// Whatever an answer is, it is about blocks that there are.
void ask(const IndexView& view, const IndexTable& table, std::string_view key) {
    const std::string text(key);
    for (const BlockMask mask : {table.exact(key), table.prefix(key), table.names_like(text),
                                 table.names_like('*' + text), table.range({text, text + '\xff'})})
        demand((mask & ~view.all()) == 0);
}

void read_index(const std::string& file) {
    const auto view = IndexView::open(as_bytes(file).first(std::min(file.size(), kIndexHeadLimit)));
    if (!view) return;
    (void)view->block_table(part_of(file, view->block_part()));
    for (const KeyKind kind : kKeyKinds) {
        const auto table = view->table(kind, part_of(file, view->part(kind)));
        if (!table) continue;
        for (const std::string_view key : {"", "a", "\xff\xff", "gro.elpmaxe."}) ask(*view, *table, key);
        for (std::uint32_t index = 0; index < table->keys() && index < 8; ++index)
            ask(*view, *table, table->key(index));
    }
}

// An index of what could be read has each address of each block.
void check_addresses(const std::string& index, const Frame& frame, const proto::BatchView& batch) {
    const auto view = IndexView::open(as_bytes(index));
    demand(view.has_value());
    for (std::uint32_t slot = 1; slot <= batch.address_slots(); ++slot) {
        const base::Address address = batch.address(slot);
        const KeyKind kind = *kind_of(address);
        const auto table = view->table(kind, part_of(index, view->part(kind)));
        demand(table.has_value());
        demand(view->may_have(table->exact(key_of(address)), frame.facts.block));
    }
}

SpoolFile memory_file(const std::string& bytes) {
    base::UniqueFd fd(::memfd_create("fuzz", MFD_CLOEXEC));
    demand(fd && ::write(fd.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    return {std::move(fd), bytes.size()};
}

Question question_about(const char* display, const char* name) {
    wire::Filter filter;
    filter.set_display(display);
    return Question::make(filter, name, {}).value();
}

// The numbers of the blocks and rows that are found. Each batch must be one that readers take.
using Numbers = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
Numbers search(SegmentFiles files, Question& question, SearchOrder order) {
    Numbers numbers;
    auto search = SegmentSearch::open(std::move(files), question, order);
    demand(search.has_value());
    while (true) {
        const auto piece = search->next();
        demand(piece.has_value());
        if (!*piece) break;
        const auto* const found = std::get_if<FoundRows>(&**piece);
        if (found == nullptr) continue;
        const auto view = proto::BatchView::check(found->batch);
        demand(view.has_value());
        for (std::uint32_t row = 0; row < view->rows(); ++row)
            numbers.emplace_back(found->run, view->number(row));
    }
    demand(search->counts().rows_found == numbers.size());
    return numbers;
}

// An index and the order change what is read, and not what is found.
void search_rows(const std::string& file, const std::string& index) {
    static std::vector<Question> questions = [] {
        std::vector<Question> made;
        made.push_back(question_about("", ""));
        made.push_back(question_about("ip.addr == 192.168.0.0/16 or dns", ""));
        made.push_back(question_about("", "*.example.org"));
        return made;
    }();
    for (Question& question : questions) {
        Numbers plain = search({.rows = memory_file(file)}, question, SearchOrder::oldest_first);
        demand(plain == search({.rows = memory_file(file), .index = memory_file(index)}, question,
                               SearchOrder::oldest_first));
        Numbers newest = search({.rows = memory_file(file), .index = memory_file(index)}, question,
                                SearchOrder::newest_first);
        std::ranges::sort(plain);
        std::ranges::sort(newest);
        demand(plain == newest);
    }
}

// Any index is a hint, which is read without harm.
void search_with(const std::string& index) {
    Question question = question_about("ip.addr == 192.168.0.0/16 or dns", "");
    (void)search({.rows = memory_file(test::sample_rows()), .index = memory_file(index)}, question,
                 SearchOrder::oldest_first);
}

void read_rows(const std::string& file) {
    auto reader = RowsReader::open(as_bytes(file));
    demand(reader.has_value());
    const std::string index = index_rows_file(as_bytes(file)).value();
    read_index(index);
    search_rows(file, index);
    std::uint64_t at = kFileHeaderBytes;
    while (const auto next = reader->next()) {
        demand(at == (*next ? (*next)->offset : next->error().offset));
        at += *next ? (*next)->size : next->error().bytes;
        wire::Batch batch;
        if (!*next ||
            !batch.ParseFromArray((*next)->payload.data(), static_cast<int>((*next)->payload.size())))
            continue;
        const auto view = proto::BatchView::check(batch);
        if (!view || !matches((*next)->facts, reader->header().table, *view)) continue;
        std::vector<std::uint32_t> rows(view->rows());
        std::iota(rows.begin(), rows.end(), 0U);
        demand(packet_places(**next, *view, rows).size() <= rows.size());
        check_addresses(index, **next, *view);
    }
    demand(at == file.size());
}

void read_catalogue(const std::string& file, std::uint64_t seed) {
    auto reader = CatalogueReader::open(as_bytes(file));
    demand(reader.has_value());
    std::string again = file.substr(0, kFileHeaderBytes);
    while (const auto next = reader->next()) {
        if (!*next) continue;
        again.resize(kFileHeaderBytes);
        demand(append_record(again, **next, seed).has_value());
        demand(**CatalogueReader::open(as_bytes(again)).value().next() == **next);
    }
}

void sum_index(std::string& file, std::uint64_t seed) {
    constexpr std::size_t kTables = kFileHeaderBytes + kDirectoryFixedBytes;
    if (file.size() < kTables) return;
    const std::size_t end = kTables + kDirectoryEntryBytes * static_cast<unsigned char>(file[kTables - 1]);
    if (file.size() < end + 8) return;
    for (std::size_t entry = kTables; entry < end; entry += kDirectoryEntryBytes) {
        const FilePart part{number_in<std::uint64_t>(as_bytes(file), entry + 8),
                            number_in<std::uint64_t>(as_bytes(file), entry + 16)};
        put_sum(file, entry + 24, part_of(file, part), seed);
    }
    put_sum(file, end, as_bytes(file).subspan(kFileHeaderBytes, end - kFileHeaderBytes), seed);
}

void read_name(std::string_view text) {
    if (const auto parsed = parse_file_name(text)) demand(file_name(parsed->name, parsed->file) == text);
    if (const auto job = parse_job_directory(text)) demand(std::to_string(*job) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto kind = static_cast<FileKind>(data[0] % 4);
    if (kind == FileKind::identity) {
        read_name(rest);
        (void)read_file_header(as_bytes(rest), kind);
        return 0;
    }
    const FileHeader header = test::sample_header(kind);
    std::string file = encode(header) + std::string(rest);
    if (kind == FileKind::rows) {
        make_sums(file, "BLKR", kFrameHeaderBytes, 64, header.seed(), [](Bytes frame) {
            return padded(std::size_t{number_in<std::uint32_t>(frame, 20)} +
                          number_in<std::uint32_t>(frame, 24));
        });
        read_rows(file);
    } else if (kind == FileKind::catalogue) {
        make_sums(file, "SCRD", 136, 120, header.seed(),
                  [](Bytes record) { return padded(number_in<std::uint32_t>(record, 112)); });
        read_catalogue(file, header.seed());
    } else {
        sum_index(file, header.seed());
        read_index(file);
        search_with(file);
    }
    return 0;
}
