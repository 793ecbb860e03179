#include "daemon/worker/keeping.h"

#include <algorithm>
#include <utility>

#include "daemon/spool/format/file_header.h"
#include "proto/link/ledger.h"
#include "proto/link/worker_reader.h"
#include "proto/words/table_names.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::chrono::seconds kUsualSyncInterval{10};
// A report has one entry for each of them at most.
static_assert(static_cast<int>(Keeping::kSegments * proto::kTableNames.size()) <=
              proto::WorkerReader::kSegmentLimit);

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

// Returns what a user is told about rows of a table that are not kept, or are kept again. of: " of flows", or
// nothing for packets.
std::optional<std::string> news_of(KeptTable& table, SlowOutput& slow, Keeping::Clock::time_point now,
                                   const std::string& of) {
    const auto news = slow.news(now, table.not_kept());
    if (!news) return std::nullopt;
    if (!news->over)
        return "rows" + of + " are not kept in the spool until it accepts more: " + table.take_reason();
    return "rows" + of + " are kept in the spool again; " + std::to_string(news->lost) +
           (news->lost == 1 ? " row" + of + " is" : " rows" + of + " are") + " not in it";
}

}  // namespace

SegmentThreads SegmentThreads::start(const wire::Keep& keep) {
    SegmentThreads threads;
    for (const wire::Table table : proto::kept_tables(keep)) {
        if (table == wire::TABLE_PACKETS)
            threads.packets = std::make_unique<spool::SegmentThread>();
        else
            threads.derived.emplace(table, std::make_unique<spool::SegmentThread>(kDerivedBacklog));
    }
    return threads;
}

void Keeping::start(SegmentThreads threads, const wire::Begin& begin) {
    limits_ = limits_of(begin.keep());
    const KeptTable::Settings settings{.segment_bytes = limits_.bytes,
                                       .sync_interval = sync_interval_of(begin)};
    if (threads.packets) packets_.emplace(std::move(threads.packets), settings);
    for (auto& [table, thread] : threads.derived) derived_.emplace_back(table, std::move(thread), settings);
}

void Keeping::take_rows_of(wire::Table table, record::DerivedBatchBuilder& block) {
    if (Derived* const derived = find(table)) derived->block = &block;
}

Keeping::Derived* Keeping::find(wire::Table table) {
    const auto found = std::ranges::find(derived_, table, &Derived::table);
    return found == derived_.end() ? nullptr : &*found;
}

Result<void> Keeping::take(const wire::NextSegment& next, std::vector<base::UniqueFd> files) {
    const auto header = spool::read_file_header(spool::as_bytes(next.header()), spool::FileKind::rows);
    if (!header) return std::unexpected(header.error());
    const bool of_packets = header->table == wire::TABLE_PACKETS;
    Derived* const derived = wire::Table_IsValid(static_cast<int>(header->table))
                                 ? find(static_cast<wire::Table>(header->table))
                                 : nullptr;
    KeptTable* const table = of_packets && packets_ ? &*packets_
                             : derived != nullptr   ? &derived->kept
                                                    : nullptr;
    if (table == nullptr || table->has_next()) return wrong("a segment for which it did not ask");
    if (files.empty() || files.size() > (of_packets ? kFilesOfSegment : 1))
        return wrong("a segment without its files");
    table->take(*header, std::move(files));
    return {};
}

void Keeping::begin(std::uint32_t run, Clock::time_point now) {
    if (packets_) {
        packets_->begin(packet_writer_.emplace(packets_->output(), run, limits_), now);
        packet_writer_->take_rows_of(*batch_);
        if (names_ != nullptr) packet_writer_->take_names_from(*names_);
    }
    for (Derived& derived : derived_)
        if (derived.block != nullptr)
            derived.kept.begin(derived.writer.emplace(*derived.block, derived.kept.output(), run, limits_),
                               now);
}

void Keeping::append(const spool::BatchedPacket& batched) {
    KeptTable& table = *packets_;
    if (!table.admits_row()) return;
    spool::BatchedPacket kept = batched;
    if (!table.with_packets()) kept.stored_limit = 0;
    table.add_row([&] { packet_writer_->append(kept, table.now()); });
}

void Keeping::take_rows() {
    if (packets_ && packets_->open()) packets_->with_writer([this] { packet_writer_->take_rows(); });
}

void Keeping::look(Clock::time_point now) {
    each([now](KeptTable& table) { table.look(now); });
}

void Keeping::end_block() {
    each([](KeptTable& table) { table.end_block(kMoment); });
}

void Keeping::end() {
    each([](KeptTable& table) { table.end(); });
}

bool Keeping::settled() {
    bool settled = true;
    each([&](KeptTable& table) { settled = table.settled() && settled; });
    return settled;
}

std::uint64_t Keeping::bytes_waiting() const {
    std::uint64_t bytes = packets_ ? packets_->bytes_waiting() : 0;
    for (const Derived& derived : derived_) bytes += derived.kept.bytes_waiting();
    return bytes;
}

void Keeping::go_on(std::chrono::milliseconds time) {
    each([time](KeptTable& table) { table.go_on(time); });
}

void Keeping::give_up() {
    each([](KeptTable& table) { table.give_up(); });
}

bool Keeping::runs_short() const {
    return (packets_ && packets_->runs_short()) ||
           std::ranges::any_of(derived_, [](const Derived& derived) { return derived.kept.runs_short(); });
}

void Keeping::report(google::protobuf::RepeatedPtrField<wire::SegmentReport>& reports) {
    each([&](KeptTable& table) { table.report(reports); });
}

std::optional<std::string> Keeping::take_news(Clock::time_point now) {
    if (packets_)
        if (auto news = news_of(*packets_, slow_, now, "")) return news;
    for (Derived& derived : derived_) {
        const std::string of = " of " + std::string(proto::many_of_table(derived.table));
        if (auto news = news_of(derived.kept, derived.slow, now, of)) return news;
    }
    return std::nullopt;
}

void Keeping::count(wire::Ledger& ledger) const {
    if (packets_) ledger.set_not_kept(packets_->not_kept());
    for (const Derived& derived : derived_)
        proto::mutable_counts_of(ledger, derived.table).set_not_kept(derived.kept.not_kept());
}

}  // namespace packetsentry::worker
