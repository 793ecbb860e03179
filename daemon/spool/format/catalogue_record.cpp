#include "daemon/spool/format/catalogue_record.h"

#include <algorithm>

#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/rows_frame.h"
#include "daemon/spool/format/segment_name.h"
#include "daemon/spool/format/summed_header.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint32_t kRecordMagic = 0x44524353;  // "SCRD"

bool record_within_limits(const CatalogueRecord& record) {
    return record.state >= SegmentState::open && record.state <= SegmentState::removed &&
           record.packets <= PacketsState::removed && record.counter != 0 &&
           record.counter <= kCounterLimit && record.first_number <= record.last_number &&
           record.last_number <= proto::kNumberLimit && record.rows <= proto::kNumberLimit &&
           record.blocks <= kBlockLimit && record.rows_bytes < kFileBytesLimit &&
           record.packets_bytes < kFileBytesLimit && record.index_bytes < kFileBytesLimit &&
           record.terms.size() <= kTermsLimit;
}

// What a header says of the terms that follow it.
struct TermsPart {
    std::uint32_t bytes = 0;
    std::uint64_t sum = 0;
};

void append_record_header(std::string& file, const CatalogueRecord& record, const TermsPart& terms,
                          std::uint64_t seed) {
    const std::size_t begin = file.size();
    proto::append_number(file, kRecordMagic);
    proto::append_number(file, static_cast<std::uint16_t>(kRecordHeaderBytes));
    proto::append_number(file, static_cast<std::uint8_t>(record.state));
    proto::append_number(file, static_cast<std::uint8_t>(record.packets));
    for (const std::uint32_t number : {record.table, record.run, record.owner_uid, record.blocks})
        proto::append_number(file, number);
    proto::append_number(file, record.counter);
    for (const std::int64_t time :
         {record.created_ns, record.closed_ns, record.first_time_ns, record.last_time_ns})
        proto::append_number(file, static_cast<std::uint64_t>(time));
    for (const std::uint64_t number : {record.first_number, record.last_number, record.rows,
                                       record.rows_bytes, record.packets_bytes, record.index_bytes})
        proto::append_number(file, number);
    proto::append_number(file, terms.bytes);
    proto::append_number(file, std::uint32_t{0});
    proto::append_number(file, terms.sum);
    proto::append_number(file, checksum(as_bytes(file).subspan(begin), seed));
}

// bytes: a whole header. The terms of the record stay empty.
CatalogueRecord read_record_header(Bytes bytes, TermsPart& terms) {
    ByteReader reader(bytes.subspan(sizeof kRecordMagic + sizeof(std::uint16_t)));
    CatalogueRecord record;
    record.state = static_cast<SegmentState>(reader.u8());
    record.packets = static_cast<PacketsState>(reader.u8());
    for (std::uint32_t* number : {&record.table, &record.run, &record.owner_uid, &record.blocks})
        *number = reader.u32();
    record.counter = reader.u64();
    for (std::int64_t* time :
         {&record.created_ns, &record.closed_ns, &record.first_time_ns, &record.last_time_ns})
        *time = reader.i64();
    for (std::uint64_t* number : {&record.first_number, &record.last_number, &record.rows, &record.rows_bytes,
                                  &record.packets_bytes, &record.index_bytes})
        *number = reader.u64();
    terms.bytes = reader.u32();
    (void)reader.u32();
    terms.sum = reader.u64();
    return record;
}

bool begins_record(Bytes bytes, std::uint64_t seed) {
    return header_state(bytes, kRecordMagic, kRecordHeaderBytes, seed) == HeaderState::whole;
}

}  // namespace

base::Result<void> append_record(std::string& file, const CatalogueRecord& record, std::uint64_t seed) {
    if (!record_within_limits(record))
        return base::fail(base::ErrorCode::internal, "a record exceeds a limit of the spool's format");
    std::string terms = record.terms;
    terms.resize(padded(terms.size()));
    append_record_header(file, record,
                         {static_cast<std::uint32_t>(record.terms.size()), checksum(as_bytes(terms), seed)},
                         seed);
    file += terms;
    return {};
}

base::Result<CatalogueReader> CatalogueReader::open(Bytes file) {
    const auto header = read_file_header(file, FileKind::catalogue);
    if (!header) return std::unexpected(header.error());
    return CatalogueReader(file, *header);
}

UnreadableRecords CatalogueReader::skip_to(std::uint64_t end) {
    end = std::min<std::uint64_t>(end, file_.size());
    const UnreadableRecords skipped{.offset = at_, .bytes = end - at_};
    at_ = end;
    return skipped;
}

std::optional<std::expected<CatalogueRecord, UnreadableRecords>> CatalogueReader::next() {
    if (at_ >= file_.size()) return std::nullopt;
    const Bytes left = file_.subspan(at_);
    if (!begins_record(left, seed_)) {
        std::uint64_t end = at_ + 8;
        while (end < file_.size() && !begins_record(file_.subspan(end), seed_)) end += 8;
        return std::unexpected(skip_to(end));
    }
    TermsPart terms;
    CatalogueRecord record = read_record_header(left, terms);
    const std::uint64_t size = header_length(left) + padded(terms.bytes);
    if (size > left.size()) return std::unexpected(skip_to(at_ + size));
    const Bytes padded_terms = left.subspan(header_length(left), padded(terms.bytes));
    record.terms = as_text(padded_terms.first(terms.bytes));
    if (checksum(padded_terms, seed_) != terms.sum || !record_within_limits(record))
        return std::unexpected(skip_to(at_ + size));
    at_ += size;
    return record;
}

}  // namespace packetsentry::spool
