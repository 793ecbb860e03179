// Records of a catalogue: what the control process knows of a segment (FORMAT.md, "Catalogue").
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

inline constexpr std::size_t kTermsLimit = 64 * 1024;

// The owner of a segment whose record was lost. Nobody but root may see such a segment.
inline constexpr std::uint32_t kUnknownOwner = 0xFFFF'FFFF;

// The header of a record has at least as many bytes.
inline constexpr std::size_t kRecordHeaderBytes = 136;

enum class SegmentState : std::uint8_t {
    open = 1,     // a worker writes it, and the lengths are older than what it has reported since
    closed = 2,   // the lengths are final, except that the index is made then
    removed = 3,  // taken by retention or by somebody; the record says what was there
};

enum class PacketsState : std::uint8_t {
    none = 0,     // the segment was begun without a pcapng
    kept = 1,     // it has one
    removed = 2,  // it had one, which was removed while its rows stayed
};

struct CatalogueRecord {
    SegmentState state = SegmentState::open;
    PacketsState packets = PacketsState::none;
    std::uint32_t table = 0;  // wire::Table
    std::uint32_t run = 0;    // of the job
    std::uint32_t owner_uid = 0;
    std::uint64_t counter = 0;    // the segment's, unique in its job
    std::int64_t created_ns = 0;  // wall clock; with the counter it gives the name of the files
    std::int64_t closed_ns = 0;   // wall clock; 0: open
    // These are about its rows, and 0 while there are none.
    std::int64_t first_time_ns = 0;
    std::int64_t last_time_ns = 0;
    std::uint64_t first_number = 0;
    std::uint64_t last_number = 0;
    std::uint64_t rows = 0;  // fewer than the numbers, where rows were shed
    std::uint32_t blocks = 0;
    // Readers stop there, whatever was written behind it.
    std::uint64_t rows_bytes = 0;
    std::uint64_t packets_bytes = 0;
    std::uint64_t index_bytes = 0;  // 0: there is no index
    std::string terms = {};         // a serialized wire::KeptJob, which this library does not read

    bool operator==(const CatalogueRecord&) const = default;
};

// Appends a record, which replaces an earlier one with its counter. seed: that of the catalogue's header.
// Error (internal): a limit is exceeded; nothing was appended then.
[[nodiscard]] base::Result<void> append_record(std::string& file, const CatalogueRecord& record,
                                               std::uint64_t seed);

// Bytes of a catalogue that give no record.
struct UnreadableRecords {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;

    bool operator==(const UnreadableRecords&) const = default;
};

// Walks through a catalogue, and around what is damaged in it.
class CatalogueReader {
  public:
    // file: the whole catalogue, which must outlive the reader. Error: as for read_file_header().
    [[nodiscard]] static base::Result<CatalogueReader> open(Bytes file);

    [[nodiscard]] const FileHeader& header() const { return header_; }

    // Returns the next record, or the next bytes that are none; nothing at the end.
    [[nodiscard]] std::optional<std::expected<CatalogueRecord, UnreadableRecords>> next();

  private:
    CatalogueReader(Bytes file, const FileHeader& header)
        : file_(file), header_(header), seed_(header.seed()), at_(kFileHeaderBytes) {}

    [[nodiscard]] UnreadableRecords skip_to(std::uint64_t end);

    Bytes file_;
    FileHeader header_;
    std::uint64_t seed_;
    std::uint64_t at_;
};

}  // namespace packetsentry::spool
