// The segments of one job: its directory, the catalogue in it, and what is known in memory.
//
// A record of an open segment is on the disk before the segment's files are made, and a segment's files
// are gone before a record says so. Whenever the daemon is stopped in between, load() finds out what is
// left. No descriptor is held between two calls.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/catalogue/catalogue_file.h"
#include "daemon/spool/catalogue/directory.h"
#include "daemon/spool/catalogue/found_segment.h"
#include "daemon/spool/catalogue/index_making.h"
#include "daemon/spool/catalogue/readable_segment.h"
#include "daemon/spool/catalogue/removal.h"
#include "daemon/spool/catalogue/segment.h"
#include "daemon/spool/catalogue/segment_files.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {

struct NewSegment {
    std::uint64_t job = 0;
    std::uint32_t table = 0;  // wire::Table
    std::uint32_t run = 0;    // of the job, from 1
    std::uint32_t owner_uid = 0;
    std::string terms = {};     // a serialized wire::KeptJob
    bool with_packets = false;  // it has a pcapng
};

// What a worker needs to fill a segment.
struct BegunSegment {
    FileHeader header = {};  // of the rows file, which the worker writes first
    SegmentOutputs outputs = {};
};

// One thread. All calls may block on the disk. Times are what the wall clock says, in nanoseconds. Each
// error has the code file if nothing else is said. If only the record of a change cannot be written,
// because the disk is full, the change counts all the same, and the record is written with the next one.
class JobCatalogue {
  public:
    // Opens the directory of a job, or makes it, and finds out what is in it. identity: the spool and the
    // job. problems: what a person should know is appended. Error: the catalogue cannot be used.
    [[nodiscard]] static base::Result<JobCatalogue> load(const Directory& spool, const FileHeader& identity,
                                                         TermsPool& terms, std::int64_t now_ns,
                                                         std::vector<std::string>& problems);

    [[nodiscard]] std::uint64_t job() const { return identity_.job; }
    // In the order of their counters, also those that were removed. The next call of another function may
    // invalidate it.
    [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
    [[nodiscard]] const Segment* find(std::uint64_t counter) const;

    // Begins a segment. Error: its record or one of its files cannot be written, and then there is none.
    [[nodiscard]] base::Result<BegunSegment> begin(const NewSegment& wanted, const Terms& terms,
                                                   std::int64_t now_ns);
    // Keeps what the worker has reported in memory, unless somebody has removed a file. Error (internal): the
    // segment is not open, or it cannot have this after what was reported before, or its files are shorter;
    // the worker has broken its protocol then.
    [[nodiscard]] base::Result<void> note_progress(std::uint64_t counter, const SegmentProgress& progress);
    // Tells whether the files of a segment are as long as its worker says. False: somebody else has removed
    // or truncated one, so that nothing more can be found behind that.
    [[nodiscard]] bool has_written(std::uint64_t counter, const SegmentProgress& progress) const;
    // Closes an open segment, and truncates its files to what was reported. If it has no row, its files are
    // removed and it is forgotten. Error
    // (internal): as for note_progress(), and then the segment is still open.
    [[nodiscard]] base::Result<void> close(std::uint64_t counter, const SegmentProgress& progress,
                                           std::int64_t closed_ns);
    // Closes an open segment whose worker has not said how it ended: all whole frames in it count, and
    // its times are not known until its index has been made. If its rows were reported and are not there
    // any more, it becomes a removed one.
    [[nodiscard]] base::Result<void> abandon(std::uint64_t counter, std::int64_t now_ns);

    // Tells that rows of a segment cannot be read. They are made again from its packets with the next index,
    // if there are any, and if that was not tried before.
    void miss_rows(std::uint64_t counter);
    // Begins the index of a closed segment, from the start if it was begun before, and with it the rows if
    // some are missing.
    [[nodiscard]] base::Result<BegunIndex> begin_index(std::uint64_t counter);
    // Puts the index in its place, and before that new rows, if the worker has made any. bytes, rows_bytes:
    // the lengths of both files; 0: there are no new rows. found: what the worker has found in the rows file.
    // It is used for new rows, and for a segment whose rows are not known, except for its lengths. Error: a
    // file is shorter, or the segment was removed meanwhile; with the code internal, no segment can have what
    // was found, or it has fewer rows than before. There is no new index then.
    [[nodiscard]] base::Result<void> end_index(std::uint64_t counter, std::uint64_t bytes,
                                               const SegmentProgress& found, std::uint64_t rows_bytes = 0);
    // Gives up an index that was begun.
    void discard_index(std::uint64_t counter);

    // Error: the segment was removed, or its files cannot be opened.
    [[nodiscard]] base::Result<ReadableSegment> open_to_read(std::uint64_t counter) const;
    // Looks at the lengths of the files, which count from then on, also if the worker has reported less. 0
    // for what is not there.
    [[nodiscard]] base::Result<WrittenBytes> look(std::uint64_t counter);
    // Tells whether some process can still write to a file of the segment.
    [[nodiscard]] bool is_being_written(std::uint64_t counter) const;
    // The length of an index that was begun; 0: there is none.
    [[nodiscard]] base::Result<std::uint64_t> index_written(std::uint64_t counter) const;

    // Removes closed segments, or their packets, and adds to total what that freed. removals: of this
    // job. Segments that are open, or that are gone already, are passed over.
    void remove(std::span<const Removal> removals, RemovedTotal& total);

    // Tells whether no file of a segment is left.
    [[nodiscard]] bool is_empty() const;
    // Removes the catalogue and the directory of a job that is empty. Error: there are other files in it,
    // which stay, or it cannot be removed.
    [[nodiscard]] base::Result<void> remove_all();

    // Writes the catalogue if a change has not been written yet.
    [[nodiscard]] base::Result<void> save();

  private:
    JobCatalogue(Directory spool, const FileHeader& identity, const CatalogueFile& file)
        : spool_(std::move(spool)), identity_(identity), file_(file) {}

    [[nodiscard]] base::Result<Directory> directory() const;
    // Makes it, if somebody has removed it together with all that the job had kept.
    [[nodiscard]] base::Result<Directory> made_directory() const;
    [[nodiscard]] Segment* mutable_find(std::uint64_t counter);
    // Error (internal): it is not open.
    [[nodiscard]] base::Result<Segment*> find_open(std::uint64_t counter);
    // Error: it is not closed, or not there.
    [[nodiscard]] base::Result<Segment*> find_closed(std::uint64_t counter);

    void count_given(const CatalogueContents& contents, const std::vector<FoundSegment>& found);
    void take_over(const Directory& directory, const std::vector<FoundSegment>& found, std::int64_t now_ns,
                   std::vector<std::string>& problems);
    // Returns segments whose files have no record.
    [[nodiscard]] std::vector<Segment> adopt_unknown(const Directory& directory,
                                                     const std::vector<FoundSegment>& found,
                                                     std::int64_t now_ns) const;
    void forget(const Directory& directory, std::uint64_t counter);

    // Writes records of changed segments, and the whole catalogue if records are missing in it or most
    // were replaced. It may invalidate pointers to segments.
    base::Result<void> record(const Directory& directory, std::span<const Segment> changed);
    base::Result<void> rewrite(const Directory& directory);

    Directory spool_;
    FileHeader identity_;
    CatalogueFile file_;
    Terms no_terms_;
    std::vector<Segment> segments_;
    std::uint64_t next_counter_ = 1;
};

}  // namespace packetsentry::spool
