// The file with the records of one job (FORMAT.md, "Catalogue").
//
// Records are appended, and a later one replaces an earlier one with the same counter. When most records
// have been replaced, the file is written anew. If a record cannot be appended, because the disk is full,
// memory knows more than the file; the next attempt then writes the whole file anew, so that nothing is
// missing in it for longer than necessary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/segment.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

// A longer catalogue is not read: nobody has made it by recording.
inline constexpr std::size_t kCatalogueLimit = 256U << 20;

// What was read from a catalogue.
struct CatalogueContents {
    std::vector<Segment> segments = {};  // the last record of each counter, in the order of counters
    std::uint64_t lost = 0;              // at most this number of records could not be read
    std::string problem = {};            // what a person should know; "" if nothing
};

// One thread. All calls may block on the disk.
class CatalogueFile {
  public:
    // Reads the file in the directory of a job, or makes it. header: what the file must begin with,
    // except for its time, which is used if the file is made. A damaged catalogue is renamed, and a new
    // one is made: contents.problem says so. Error (file): it was made for another spool or job, has a
    // newer version, or cannot be read or written. It is not changed then.
    [[nodiscard]] static base::Result<CatalogueFile> open(const Directory& directory,
                                                          const FileHeader& header, TermsPool& terms,
                                                          CatalogueContents& contents);

    // Appends a record for each of these segments, and waits until they are on the disk. Error (file):
    // the file has not all of them, and complete() is false until replace() succeeds.
    [[nodiscard]] base::Result<void> append(const Directory& directory, std::span<const Segment> segments);
    // Writes the file anew. segments: all.
    [[nodiscard]] base::Result<void> replace(const Directory& directory, std::span<const Segment> segments);

    [[nodiscard]] bool complete() const { return complete_; }
    // The number of records in the file, also of those that were replaced.
    [[nodiscard]] std::uint64_t records() const { return records_; }

  private:
    explicit CatalogueFile(const FileHeader& header) : header_(header) {}

    void read(const Directory& directory, std::string_view bytes, TermsPool& terms,
              CatalogueContents& contents);
    [[nodiscard]] base::Result<void> truncate(const Directory& directory, std::size_t present) const;

    FileHeader header_;
    std::uint64_t bytes_ = 0;  // up to the end of the last record that can be read
    std::uint64_t records_ = 0;
    bool complete_ = true;
};

}  // namespace packetsentry::spool
