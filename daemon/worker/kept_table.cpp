#include "daemon/worker/kept_table.h"

#include <algorithm>
#include <utility>

namespace packetsentry::worker {

KeptTable::KeptTable(std::unique_ptr<spool::SegmentThread> thread, const Settings& settings)
    : thread_(std::move(thread)), settings_(settings) {}

void KeptTable::take(const spool::FileHeader& header, std::vector<base::UniqueFd> files) {
    next_.emplace(Ready{.header = header, .files = {.counter = header.counter}});
    next_->files.rows = std::move(files[0]);
    if (files.size() > 1) next_->files.packets = std::move(files[1]);
}

void KeptTable::begin(spool::TableWriter& writer, Clock::time_point now) {
    writer_ = &writer;
    now_ = now;
    sync_due_ = now + settings_.sync_interval;
}

bool KeptTable::admits_row() {
    if (next_ && (!open_ || writer_->full(now_))) begin_segment();
    if (open_ && thread_->has_room() &&
        writer_->bytes() < spool::crowded_segment_bytes(settings_.segment_bytes))
        return true;
    ++not_kept_;
    return false;
}

void KeptTable::begin_segment() {
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

bool KeptTable::runs_short() const {
    return open_ && !next_ && writer_->bytes() >= settings_.segment_bytes / 2 &&
           writer_->bytes() - told_bytes_ >= settings_.segment_bytes / 8;
}

void KeptTable::end_segment() {
    if (!std::exchange(open_, false)) return;
    end_open_block();
    thread_->end();
}

// Rows that are in no block are not among those that the segment may lose.
void KeptTable::end_open_block() {
    with_writer([this] { writer_->end_block(); });
}

void KeptTable::look(Clock::time_point now) {
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
    sync_due_ = now + settings_.sync_interval;
}

void KeptTable::end_block(std::chrono::milliseconds moment) {
    if (!open_) return;
    end_open_block();
    (void)thread_->done_within(moment);
}

void KeptTable::give_up() {
    thread_->give_up();
    given_up_ = true;
}

void KeptTable::report(google::protobuf::RepeatedPtrField<wire::SegmentReport>& reports) {
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
void KeptTable::settle(const spool::SegmentNews& news) {
    if (!news.failure.empty() && news.counter != failed_) failure_ = news.failure;
    if (open_ && begun_.back().counter == news.counter) end_segment();
    const auto begun = std::ranges::find(begun_, news.counter, &Begun::counter);
    if (begun == begun_.end()) return;
    not_kept_ += begun->rows - std::min(begun->rows, news.written.rows);
    begun_.erase(begun);
}

std::string KeptTable::take_reason() {
    std::string why = std::exchange(failure_, "");
    if (!why.empty()) return why;
    return open_ ? "its disk is too slow for what is captured" : "there is no new file in it yet";
}

}  // namespace packetsentry::worker
