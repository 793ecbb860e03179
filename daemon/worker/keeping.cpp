#include "daemon/worker/keeping.h"

#include <algorithm>
#include <utility>

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::chrono::seconds kUsualSyncInterval{10};
// look() comes so much too late at most.
constexpr std::chrono::milliseconds kLookEvery{500};
// Somebody asks about the past. If the disk needs longer, they do not find the newest rows.
constexpr std::chrono::milliseconds kMoment{5};

spool::SegmentLimits limits_of(const wire::Keep& keep) {
    spool::SegmentLimits limits;
    if (keep.segment_bytes() != 0) limits.bytes = std::min(limits.bytes, keep.segment_bytes());
    // Only blocks that have ended are reported, and the next segment is sent when half of this one is.
    limits.block_packet_bytes = std::min(limits.block_packet_bytes, limits.bytes / 4);
    return limits;
}

// Returns the time from one sync to the next. A power cut costs at most what comes in the interval, so the
// time is shorter by what look() may come too late.
Keeping::Clock::duration sync_interval_of(const wire::Begin& begin) {
    constexpr std::uint64_t kSecond = 1'000'000'000, kDay = 86'400 * kSecond;
    if (begin.sync_interval_ns() == 0) return kUsualSyncInterval - kLookEvery;
    return std::chrono::nanoseconds(std::clamp(begin.sync_interval_ns(), kSecond, kDay)) - kLookEvery;
}

std::unexpected<base::Error> wrong(const char* what) {
    return base::fail(ErrorCode::usage, std::string("the worker was sent ") + what);
}

}  // namespace

void Keeping::start(std::unique_ptr<spool::SegmentThread> thread, const wire::Begin& begin) {
    thread_ = std::move(thread);
    limits_ = limits_of(begin.keep());
    sync_interval_ = sync_interval_of(begin);
}

Result<void> Keeping::take(const wire::NextSegment& next, std::vector<base::UniqueFd> files) {
    if (!thread_ || next_) return wrong("a segment for which it did not ask");
    if (files.empty() || files.size() > kFilesOfSegment) return wrong("a segment without its files");
    const auto header = spool::read_file_header(spool::as_bytes(next.header()), spool::FileKind::rows);
    if (!header) return std::unexpected(header.error());
    next_.emplace(Ready{.header = *header, .files = {.counter = header->counter}});
    next_->files.rows = std::move(files[0]);
    if (files.size() > 1) next_->files.packets = std::move(files[1]);
    return {};
}

void Keeping::begin(std::uint32_t run, Clock::time_point now) {
    if (!thread_) return;
    writer_.emplace(*thread_, run, limits_);
    writer_->take_rows_of(*batch_);
    now_ = now;
    sync_due_ = now + sync_interval_;
}

template <typename Work>
void Keeping::with_writer(Work work) {
    const std::uint64_t refused_before = writer_->rows_refused();
    work(*writer_);
    std::uint64_t& rows = begun_.back().rows;
    rows -= std::min(rows, writer_->rows_refused() - refused_before);
}

void Keeping::append(const spool::BatchedPacket& batched) {
    if (next_ && (!open_ || writer_->full(now_))) begin_segment();
    if (!open_ || !thread_->has_room() || writer_->bytes() >= spool::crowded_segment_bytes(limits_.bytes)) {
        ++not_kept_;
        return;
    }
    spool::BatchedPacket kept = batched;
    if (!with_packets_) kept.stored_limit = 0;
    begun_.back().rows += 1;
    with_writer([&](spool::SegmentWriter& writer) { writer.append(kept, now_); });
}

void Keeping::take_rows() {
    if (open_) with_writer([](spool::SegmentWriter& writer) { writer.take_rows(); });
}

void Keeping::begin_segment() {
    end_segment();
    with_packets_ = next_->files.packets.get() >= 0;
    begun_.push_back({.counter = next_->files.counter});
    thread_->begin(std::move(next_->files));
    writer_->begin(next_->header, now_);
    next_.reset();
    failure_.clear();  // what it has cost was told
    open_ = true;
    told_bytes_ = 0;
}

bool Keeping::runs_short() const {
    return open_ && !next_ && writer_->bytes() >= limits_.bytes / 2 &&
           writer_->bytes() - told_bytes_ >= limits_.bytes / 8;
}

void Keeping::end_segment() {
    if (!std::exchange(open_, false)) return;
    end_open_block();
    thread_->end();
}

// Rows that are in no block are not among those that the segment may lose.
void Keeping::end_open_block() {
    with_writer([](spool::SegmentWriter& writer) { writer.end_block(); });
}

void Keeping::look(Clock::time_point now) {
    now_ = now;
    if (!open_) return;
    if (auto failure = thread_->failure()) {
        // The first row that is not kept is told with it, which may be before the segment is reported.
        failure_ = std::move(*failure);
        failed_ = begun_.back().counter;
        return end_segment();
    }
    if (next_ && writer_->full(now)) return end_segment();
    if (const auto due = writer_->block_due(); due && now >= *due) end_open_block();
    if (now < sync_due_) return;
    end_open_block();  // what waits in it would be lost as well
    thread_->ask_sync();
    sync_due_ = now + sync_interval_;
}

void Keeping::end_block() {
    if (!open_) return;
    end_open_block();
    (void)thread_->done_within(kMoment);
}

void Keeping::end() {
    end_segment();
}

void Keeping::give_up() {
    if (thread_) thread_->give_up();
    given_up_ = true;
}

void Keeping::report(google::protobuf::RepeatedPtrField<wire::SegmentReport>& reports) {
    if (!thread_) return;
    if (open_) told_bytes_ = writer_->bytes();
    for (const spool::SegmentNews& news : thread_->take_news()) {
        const spool::SegmentProgress& written = news.written;
        wire::SegmentReport& report = *reports.Add();
        report.set_counter(news.counter);
        report.set_rows_bytes(written.rows_bytes);
        report.set_packets_bytes(written.packets_bytes);
        report.set_blocks(written.blocks);
        report.set_rows(written.rows);
        report.set_first_number(written.first_number);
        report.set_last_number(written.last_number);
        report.set_first_time_ns(written.first_time_ns);
        report.set_last_time_ns(written.last_time_ns);
        report.set_ended(news.ended);
        report.set_failure(news.failure);
        if (news.ended || given_up_) settle(news);
    }
}

// The segment gets no more rows. If it has failed, that was perhaps not noticed yet.
void Keeping::settle(const spool::SegmentNews& news) {
    if (!news.failure.empty() && news.counter != failed_) failure_ = news.failure;
    if (open_ && begun_.back().counter == news.counter) end_segment();
    const auto begun = std::ranges::find(begun_, news.counter, &Begun::counter);
    if (begun == begun_.end()) return;
    not_kept_ += begun->rows - std::min(begun->rows, news.written.rows);
    begun_.erase(begun);
}

std::optional<std::string> Keeping::take_news(Clock::time_point now) {
    if (!thread_) return std::nullopt;
    const auto news = slow_.news(now, not_kept_ + refused());
    if (!news) return std::nullopt;
    if (news->over)
        return "rows are kept in the spool again; " + std::to_string(news->lost) +
               (news->lost == 1 ? " row is" : " rows are") + " not in it";
    const std::string why = std::exchange(failure_, "");
    const char* const otherwise =
        open_ ? "its disk is too slow for what is captured" : "there is no new file in it yet";
    return "rows are not kept in the spool until it accepts more: " + (why.empty() ? otherwise : why);
}

}  // namespace packetsentry::worker
