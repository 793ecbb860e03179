#include "daemon/spool/catalogue/job_catalogue.h"

#include <algorithm>

#include "daemon/spool/catalogue/removed_segments.h"
#include "daemon/spool/catalogue/segment_recovery.h"

namespace packetsentry::spool {
namespace {

using base::ErrorCode;

// A catalogue is written anew when it has this number of replaced records more than it has others.
constexpr std::uint64_t kSpareRecords = 256;

std::string segment_text(std::uint64_t job, std::uint64_t counter) {
    return "segment " + std::to_string(counter) + " of job " + std::to_string(job);
}

base::Error impossible_progress(std::uint64_t job, std::uint64_t counter) {
    return {.code = ErrorCode::internal,
            .message = "a worker has told numbers that are not possible about " + segment_text(job, counter)};
}

// Returns a record that only tells that a counter was given.
Segment only_counted(const Segment& segment) {
    Segment gone = segment;
    gone.state = SegmentState::removed;
    gone.progress = {};
    gone.index_bytes = 0;
    return gone;
}

// The segment has its progress from the worker that made its index.
void learn_rows(Segment& segment, const SegmentProgress& found) {
    const SegmentProgress lengths = segment.progress;
    segment.progress = found;
    segment.progress.rows_bytes = lengths.rows_bytes;
    segment.progress.packets_bytes = lengths.packets_bytes;
}

// The index of the rows that were there before is not about these.
void take_new_rows(Segment& segment, const SegmentProgress& found, std::uint64_t rows_bytes) {
    learn_rows(segment, found);
    segment.progress.rows_bytes = rows_bytes;
    segment.index_bytes = 0;
}

// A worker that has been taken over may write more than it reports.
void set_unreported(Segment& segment, const WrittenBytes& written) {
    const SegmentProgress& told = segment.progress;
    segment.unreported = {.rows = written.rows - std::min(written.rows, told.rows_bytes),
                          .packets = written.packets - std::min(written.packets, told.packets_bytes)};
}

// Returns the bytes that this frees.
base::Result<std::uint64_t> remove_part(const Directory& directory, Segment& segment, RemovedPart part) {
    const std::uint64_t packets = segment.packets_on_disk();
    const std::uint64_t rows = segment.rows_on_disk();
    const bool whole = part == RemovedPart::whole;
    auto removed =
        whole ? remove_files(directory, segment) : remove_file(directory, segment, SegmentFile::packets);
    if (removed && whole) removed = remove_begun_index(directory, segment);
    if (!removed) return std::unexpected(removed.error());
    if (segment.packets == PacketsState::kept) segment.packets = PacketsState::removed;
    if (whole) segment.state = SegmentState::removed;
    return whole ? rows + packets : packets;
}

}  // namespace

base::Result<JobCatalogue> JobCatalogue::load(const Directory& spool, const FileHeader& identity,
                                              TermsPool& terms, std::int64_t now_ns,
                                              std::vector<std::string>& problems) {
    const auto directory = spool.make_subdirectory(std::to_string(identity.job));
    if (!directory) return std::unexpected(directory.error());
    CatalogueContents contents;
    const FileHeader header{
        .kind = FileKind::catalogue, .spool = identity.spool, .job = identity.job, .created_ns = now_ns};
    auto file = CatalogueFile::open(*directory, header, terms, contents);
    if (!file) return std::unexpected(file.error());
    if (!contents.problem.empty()) problems.push_back(contents.problem);
    const auto found = find_segments(*directory);
    if (!found) return std::unexpected(found.error());
    JobCatalogue job(spool, header, *file);
    job.count_given(contents, *found);
    job.segments_ = std::move(contents.segments);
    job.no_terms_ = terms.share("");
    job.take_over(*directory, *found, now_ns, problems);
    return job;
}

// Whatever has been given a counter is counted, also if its record cannot be read.
void JobCatalogue::count_given(const CatalogueContents& contents, const std::vector<FoundSegment>& found) {
    std::uint64_t highest = 0;
    if (!contents.segments.empty()) highest = contents.segments.back().counter;
    if (!found.empty()) highest = std::max(highest, found.back().name.counter);
    next_counter_ = highest + contents.lost + 1;
}

void JobCatalogue::take_over(const Directory& directory, const std::vector<FoundSegment>& found,
                             std::int64_t now_ns, std::vector<std::string>& problems) {
    std::vector<Segment> changed;
    for (Segment& segment : segments_) {
        const auto files = std::ranges::lower_bound(found, segment.name(), {}, &FoundSegment::name);
        const bool present = files != found.end() && files->name == segment.name();
        const auto reconciled =
            reconcile(directory, segment, present ? *files : FoundSegment{.name = segment.name()}, now_ns);
        if (!reconciled) problems.push_back(reconciled.error().message);
        if (reconciled.value_or(false)) changed.push_back(segment);
    }
    const std::vector<Segment> adopted = adopt_unknown(directory, found, now_ns);
    changed.insert(changed.end(), adopted.begin(), adopted.end());
    segments_.insert(segments_.end(), adopted.begin(), adopted.end());
    std::ranges::sort(segments_, {}, &Segment::counter);
    std::erase_if(segments_, only_counts);
    if (changed.empty()) return;
    if (auto recorded = record(directory, changed); !recorded) problems.push_back(recorded.error().message);
}

std::vector<Segment> JobCatalogue::adopt_unknown(const Directory& directory,
                                                 const std::vector<FoundSegment>& found,
                                                 std::int64_t now_ns) const {
    std::vector<Segment> adopted;
    for (const FoundSegment& files : found) {
        const std::uint64_t counter = files.name.counter;
        if (find(counter) != nullptr || (!adopted.empty() && adopted.back().counter == counter)) continue;
        auto segment = adopt(directory, files, identity_, no_terms_, now_ns);
        if (segment) adopted.push_back(std::move(*segment));
    }
    return adopted;
}

base::Result<Directory> JobCatalogue::directory() const {
    return spool_.subdirectory(std::to_string(job()));
}

base::Result<Directory> JobCatalogue::made_directory() const {
    return spool_.make_subdirectory(std::to_string(job()));
}

const Segment* JobCatalogue::find(std::uint64_t counter) const {
    const auto found = std::ranges::lower_bound(segments_, counter, {}, &Segment::counter);
    return found != segments_.end() && found->counter == counter ? &*found : nullptr;
}

Segment* JobCatalogue::mutable_find(std::uint64_t counter) {
    return const_cast<Segment*>(find(counter));
}

base::Result<Segment*> JobCatalogue::find_open(std::uint64_t counter) {
    Segment* const segment = mutable_find(counter);
    if (segment != nullptr && segment->state == SegmentState::open) return segment;
    return base::fail(ErrorCode::internal, segment_text(job(), counter) + " is not open");
}

base::Result<Segment*> JobCatalogue::find_closed(std::uint64_t counter) {
    Segment* const segment = mutable_find(counter);
    if (segment != nullptr && segment->state == SegmentState::closed) return segment;
    return base::fail(ErrorCode::file, segment_text(job(), counter) + " is not closed, or is no longer kept");
}

base::Result<BegunSegment> JobCatalogue::begin(const NewSegment& wanted, const Terms& terms,
                                               std::int64_t now_ns) {
    if (next_counter_ > kCounterLimit)
        return base::fail(
            ErrorCode::file,
            "job " + std::to_string(job()) + " has had all segments that a job can have; start another job");
    const auto directory = made_directory();
    if (!directory) return std::unexpected(directory.error());
    const Segment segment{.packets = wanted.with_packets ? PacketsState::kept : PacketsState::none,
                          .table = wanted.table,
                          .run = wanted.run,
                          .owner_uid = wanted.owner_uid,
                          .counter = next_counter_++,
                          .created_ns = now_ns,
                          .terms = terms};
    segments_.push_back(segment);
    if (auto recorded = record(*directory, {&segment, 1}); !recorded) {
        segments_.pop_back();
        return std::unexpected(recorded.error());
    }
    auto outputs = make_files(*directory, segment);
    if (!outputs) {
        forget(*directory, segment.counter);
        return std::unexpected(outputs.error());
    }
    return BegunSegment{.header = rows_header(identity_, segment), .outputs = std::move(*outputs)};
}

base::Result<void> JobCatalogue::note_progress(std::uint64_t counter, const SegmentProgress& progress) {
    const auto segment = find_open(counter);
    if (!segment) return std::unexpected(segment.error());
    if (!may_follow(progress, (*segment)->progress))
        return std::unexpected(impossible_progress(job(), counter));
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    const auto written = written_bytes(*directory, **segment);
    if (!written) return std::unexpected(written.error());
    if (!written->complete) return {};
    if (written->rows < progress.rows_bytes || written->packets < progress.packets_bytes)
        return std::unexpected(impossible_progress(job(), counter));
    (*segment)->progress = progress;
    set_unreported(**segment, *written);
    return {};
}

bool JobCatalogue::has_written(std::uint64_t counter, const SegmentProgress& progress) const {
    const Segment* const segment = find(counter);
    if (segment == nullptr) return true;
    const std::string folder = std::to_string(job()) + "/";
    const SegmentName name = segment->name();
    return spool_.has_bytes(folder + file_name(name, SegmentFile::rows), progress.rows_bytes) &&
           (progress.packets_bytes == 0 ||
            spool_.has_bytes(folder + file_name(name, SegmentFile::packets), progress.packets_bytes));
}

base::Result<void> JobCatalogue::close(std::uint64_t counter, const SegmentProgress& progress,
                                       std::int64_t closed_ns) {
    const auto segment = find_open(counter);
    if (!segment) return std::unexpected(segment.error());
    if (!may_follow(progress, (*segment)->progress))
        return std::unexpected(impossible_progress(job(), counter));
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    if (progress.rows == 0) {
        if (auto removed = remove_files(*directory, **segment); !removed) return removed;
        forget(*directory, counter);
        return {};
    }
    const auto written = written_bytes(*directory, **segment);
    if (!written) return std::unexpected(written.error());
    Segment& closed = **segment;
    closed.state = SegmentState::closed;
    closed.closed_ns = closed_ns;
    closed.progress = progress;
    closed.progress.rows_bytes = std::min(progress.rows_bytes, written->rows);
    closed.progress.packets_bytes = std::min(progress.packets_bytes, written->packets);
    set_unreported(closed, *written);
    if (truncate_files(*directory, closed)) closed.unreported = {};
    (void)record(*directory, std::vector{closed});
    return {};
}

base::Result<void> JobCatalogue::abandon(std::uint64_t counter, std::int64_t now_ns) {
    const auto segment = find_open(counter);
    if (!segment) return std::unexpected(segment.error());
    const auto directory = made_directory();
    if (!directory) return std::unexpected(directory.error());
    Segment closed = **segment;
    if (auto done = close_by_files(*directory, closed, now_ns); !done) return done;
    if (!closed.kept() && (*segment)->rows_known()) {
        closed.progress = (*segment)->progress;
    } else if (!closed.kept()) {
        forget(*directory, counter);
        return {};
    }
    closed.unreported = {};
    **segment = closed;
    (void)record(*directory, {&closed, 1});
    return {};
}

// The record stays until the catalogue is written anew, so that the counter is not given again.
void JobCatalogue::forget(const Directory& directory, std::uint64_t counter) {
    const Segment gone = only_counted(*find(counter));
    std::erase_if(segments_, [counter](const Segment& segment) { return segment.counter == counter; });
    (void)record(directory, {&gone, 1});
}

void JobCatalogue::miss_rows(std::uint64_t counter) {
    if (Segment* const segment = mutable_find(counter)) segment->rows_missing = true;
}

base::Result<BegunIndex> JobCatalogue::begin_index(std::uint64_t counter) {
    const auto segment = find_closed(counter);
    if (!segment) return std::unexpected(segment.error());
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    auto begun = begin_index_file(*directory, **segment);
    if (!begun || !(*segment)->needs_repair()) return begun;
    (*segment)->repair_tried = true;
    auto repair = begin_rows_file(*directory, identity_, **segment, segments_);
    if (repair) begun->repair = std::move(*repair);
    return begun;
}

base::Result<void> JobCatalogue::end_index(std::uint64_t counter, std::uint64_t bytes,
                                           const SegmentProgress& found, std::uint64_t rows_bytes) {
    const auto segment = find_closed(counter);
    if (!segment) return std::unexpected(segment.error());
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    Segment& indexed = **segment;
    base::Result<void> ended;
    if (!is_possible(found) || (rows_bytes != 0 && found.rows < indexed.progress.rows))
        ended = std::unexpected(impossible_progress(job(), counter));
    if (ended && rows_bytes != 0) {
        ended = finish_file(*directory, indexed, SegmentFile::rows, rows_bytes);
        if (ended) take_new_rows(indexed, found, rows_bytes);
    }
    if (ended) ended = finish_file(*directory, indexed, SegmentFile::index, bytes);
    (void)remove_begun_index(*directory, indexed);
    if (ended) {
        indexed.index_bytes = bytes;
        if (!indexed.rows_known()) learn_rows(indexed, found);
        indexed.rows_missing = found.rows < indexed.progress.rows;
    }
    if (ended || rows_bytes != 0) (void)record(*directory, std::vector{indexed});
    return ended;
}

void JobCatalogue::discard_index(std::uint64_t counter) {
    const Segment* const segment = find(counter);
    const auto directory = this->directory();
    if (segment != nullptr && directory) (void)remove_begun_index(*directory, *segment);
}

base::Result<ReadableSegment> JobCatalogue::open_to_read(std::uint64_t counter) const {
    const Segment* const segment = find(counter);
    if (segment == nullptr || !segment->kept())
        return base::fail(ErrorCode::file, segment_text(job(), counter) + " is no longer kept");
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    return open_segment(*directory, identity_, *segment);
}

base::Result<WrittenBytes> JobCatalogue::look(std::uint64_t counter) {
    Segment* const segment = mutable_find(counter);
    if (segment == nullptr || !segment->kept()) return WrittenBytes{};
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    const auto written = written_bytes(*directory, *segment);
    if (written) set_unreported(*segment, *written);
    return written;
}

bool JobCatalogue::is_being_written(std::uint64_t counter) const {
    const Segment* const segment = find(counter);
    if (segment == nullptr || !segment->kept()) return false;
    const auto directory = this->directory();
    return directory && spool::is_being_written(*directory, *segment);
}

base::Result<std::uint64_t> JobCatalogue::index_written(std::uint64_t counter) const {
    const Segment* const segment = find(counter);
    if (segment == nullptr) return 0;
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    return begun_index_bytes(*directory, *segment);
}

void JobCatalogue::remove(std::span<const Removal> removals, RemovedTotal& total) {
    const auto directory = this->directory();
    if (!directory) {
        total.problems.push_back(directory.error().message);
        return;
    }
    std::vector<Segment> changed;
    for (const Removal& removal : removals) {
        Segment* const segment = mutable_find(removal.counter);
        if (segment == nullptr || segment->state != SegmentState::closed) continue;
        const auto freed = remove_part(*directory, *segment, removal.part);
        if (!freed) {
            total.problems.push_back(freed.error().message);
            continue;
        }
        ++total.segments;
        total.bytes += *freed;
        total.files.push_back({.job = job(), .counter = removal.counter, .bytes = *freed});
        changed.push_back(*segment);
    }
    if (!changed.empty()) (void)record(*directory, changed);
}

bool JobCatalogue::is_empty() const {
    return std::ranges::none_of(segments_, &Segment::kept);
}

base::Result<void> JobCatalogue::remove_all() {
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    const auto names = directory->names();
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names)
        if (name != "." && name != ".." && name != kCatalogueName)
            return base::fail(ErrorCode::file, "'" + directory->path_of(name) + "' is not of the spool");
    if (auto removed = directory->remove(kCatalogueName); !removed) return removed;
    return spool_.remove_subdirectory(std::to_string(job()));
}

base::Result<void> JobCatalogue::save() {
    if (file_.complete()) return {};
    const auto directory = this->directory();
    if (!directory) return std::unexpected(directory.error());
    return rewrite(*directory);
}

base::Result<void> JobCatalogue::record(const Directory& directory, std::span<const Segment> changed) {
    base::Result<void> appended;
    if (file_.complete()) appended = file_.append(directory, changed);
    const bool mostly_replaced = file_.records() > 2 * segments_.size() + kSpareRecords;
    if (file_.complete() && !mostly_replaced) return {};
    const auto rewritten = rewrite(directory);
    return file_.complete() ? base::Result<void>() : rewritten;
}

base::Result<void> JobCatalogue::rewrite(const Directory& directory) {
    merge_removed(segments_);
    std::vector<Segment> all = segments_;
    const std::uint64_t highest = next_counter_ - 1;
    if (highest != 0 && (all.empty() || all.back().counter != highest))
        all.push_back({.state = SegmentState::removed, .counter = highest, .terms = no_terms_});
    return file_.replace(directory, all);
}

}  // namespace packetsentry::spool
