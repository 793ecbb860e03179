#include "proto/link/worker_reader.h"

#include <algorithm>
#include <utility>

#include "proto/link/ledger.h"
#include "proto/words/table_names.h"

namespace packetsentry::proto {
namespace {

std::unexpected<base::Error> breach(const std::string& what) {
    return base::fail(base::ErrorCode::internal, "the worker broke its protocol: " + what);
}

template <typename Message>
bool parse(Message& message, std::string_view bytes) {
    return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

bool passes_nothing(const wire::PassedState& passed) {
    return passed.flows().empty() && passed.names().empty() && passed.questions().empty() &&
           passed.requests().empty();
}

base::Result<WorkerEvent> WorkerReader::read(std::string_view frame, base::Pace::Time now) {
    if (!parse(message_, frame)) return breach("it sent a message that cannot be read");
    message_.DiscardUnknownFields();  // notices and counts are kept, and passed on
    if (ended_) return breach("it sent a message after its end");
    const auto kind = message_.message_case();
    const bool may_be_first = kind == wire::FromWorker::kReady || kind == wire::FromWorker::kEnded;
    if (!ready_ && !may_be_first) return breach("its first message was not 'ready'");
    switch (kind) {
        case wire::FromWorker::kReady:
            return ready(std::move(*message_.mutable_ready()));
        case wire::FromWorker::kRows:
            return rows(message_.rows());
        case wire::FromWorker::kReport:
            return report(std::move(*message_.mutable_report()), now);
        case wire::FromWorker::kNotice:
            return notice(std::move(*message_.mutable_notice()), now);
        case wire::FromWorker::kEnded:
            return ended(std::move(*message_.mutable_ended()));
        case wire::FromWorker::kWant:
            return breach("it asked for a segment to read");
        case wire::FromWorker::kWantOutput:
            return want_output(std::move(*message_.mutable_want_output()));
        case wire::FromWorker::kPassed:
            return passed(std::move(*message_.mutable_passed()));
        case wire::FromWorker::MESSAGE_NOT_SET:
            break;
    }
    return breach("it sent an empty message");
}

base::Result<WorkerEvent> WorkerReader::ready(wire::Ready&& ready) {
    if (std::exchange(ready_, true)) return breach("it sent 'ready' twice");
    if (ready.filter().size() > kFilterLimit || ready.link_type_size() > kInterfaceLimit)
        return breach("it sent a ready message that is too long");
    const auto too_long = [](std::uint32_t length) { return length > kInstructionLimit; };
    if (ready.filter_instructions_size() > kInterfaceLimit ||
        std::ranges::any_of(ready.filter_instructions(), too_long))
        return breach("it reported filters longer than the kernel accepts");
    return ready;
}

base::Result<WorkerEvent> WorkerReader::rows(const wire::NewRows& rows) {
    if (!going_) return breach("it sent rows before it was told to start");
    view_.reset();
    if (!parse(batch_, rows.batch())) return breach("it sent a batch that cannot be read");
    auto view = BatchView::check(batch_);
    if (!view) return breach(view.error().message);
    view_.emplace(std::move(*view));
    if (!expected_[static_cast<std::size_t>(view_->table())])
        return breach("it sent rows of a table that nobody has asked for");
    if (view_->leaves_rows_out()) return breach("it sent a batch whose numbers have holes");
    if (auto checked = check_numbers(rows.ledger()); !checked) return std::unexpected(checked.error());
    if (auto taken = take_ledger(rows.ledger()); !taken) return std::unexpected(taken.error());
    return NewRows{view_->table(), view_->first_number(), view_->rows(), view_->time_ns(0),
                   view_->time_ns(view_->rows() - 1)};
}

// Rows that were numbered and then shed leave a hole, which is no larger than the count of what was shed.
base::Result<void> WorkerReader::check_numbers(const wire::Ledger& ledger) {
    Numbers& numbers = numbers_[static_cast<std::size_t>(view_->table())];
    const std::uint64_t first = view_->first_number();
    const std::uint64_t shed = first - 1 - numbers.rows;  // in all, if first is not below what has come
    const bool packets = view_->table() == wire::TABLE_PACKETS;
    if (first < numbers.next || shed > (packets ? ledger.shed() : counts_of(ledger, view_->table()).shed()))
        return breach("it sent a batch that begins with row " + std::to_string(first) + ", not " +
                      std::to_string(numbers.next));
    numbers.next = first + view_->rows();
    numbers.rows += view_->rows();
    return {};
}

base::Result<WorkerEvent> WorkerReader::report(wire::Report&& report, base::Pace::Time now) {
    if (reports_.take(now, 1, kReports) > now) return breach("it sent a flood of reports");
    if (report.segment_size() > kSegmentLimit) return breach("it reported more segments than it can have");
    if (auto taken = take_ledger(report.ledger()); !taken) return std::unexpected(taken.error());
    return report;
}

base::Result<WorkerEvent> WorkerReader::notice(wire::Notice&& notice, base::Pace::Time now) {
    if (notices_.take(now, 1, kNotices) > now) return breach("it sent a flood of notices");
    if (notice.text().size() > kTextLimit || notice.interface().size() > kTextLimit)
        return breach("it sent a notice that is too long");
    if (!wire::Notice::Kind_IsValid(notice.kind())) return breach("it sent a notice of no known kind");
    return notice;
}

base::Result<WorkerEvent> WorkerReader::want_output(wire::WantOutput&& want) {
    if (!going_ || !std::exchange(may_want_output_, false)) return breach("it asked for an output file");
    return std::move(want);
}

base::Result<WorkerEvent> WorkerReader::passed(wire::PassedState&& passed) {
    const std::size_t size = passed.ByteSizeLong();
    passed_bytes_ += std::max<std::uint64_t>(size, kLeastPassed);
    if (!may_pass_on_ || passes_nothing(passed) || size > kPassedLimit ||
        passed.interface_size() > kInterfaceLimit || passed_bytes_ > kAllPassedLimit)
        return breach("it passed on what nobody has asked for, or too much");
    return std::move(passed);
}

base::Result<WorkerEvent> WorkerReader::ended(wire::Ended&& ended) {
    ended_ = true;
    if (ended.segment_size() > kSegmentLimit) return breach("it reported more segments than it can have");
    if (ended.error().message().size() > kTextLimit)
        return breach("it sent an error message that is too long");
    if (auto taken = take_ledger(ended.ledger()); !taken) return std::unexpected(taken.error());
    return ended;
}

// Counts come with the rows that they count, so both always agree.
base::Result<void> WorkerReader::take_ledger(const wire::Ledger& ledger) {
    if (!has_only_grown(ledger_, ledger)) return breach("it sent a count that became smaller");
    if (!is_possible(ledger)) return breach("it sent a count that is impossibly high");
    if (!balances(ledger)) return breach("it sent counts that do not balance");
    if (auto checked = check_counts(ledger); !checked) return checked;
    ledger_ = ledger;
    return {};
}

// Packets are counted also where nobody has asked for their rows.
base::Result<void> WorkerReader::check_counts(const wire::Ledger& ledger) const {
    const std::uint64_t packets = numbers_[wire::TABLE_PACKETS].rows;
    if (expected_[wire::TABLE_PACKETS] && ledger.recorded() != packets)
        return breach("it recorded " + std::to_string(ledger.recorded()) + " packets and sent " +
                      std::to_string(packets));
    for (const DerivedTable& derived : kDerivedTables) {
        const std::uint64_t counted = (ledger.*derived.counts)().rows();
        const std::uint64_t sent = numbers_[static_cast<std::size_t>(derived.table)].rows;
        if (counted != sent)
            return breach("it counted " + count_of_rows(derived.table, counted) + " and sent " +
                          std::to_string(sent));
    }
    return {};
}

void WorkerReader::expect_tables(const wire::CaptureSpec& capture) {
    if (capture.table().empty()) return;
    expected_ = {};
    for (const int table : capture.table())
        if (wire::Table_IsValid(table)) expected_[static_cast<std::size_t>(table)] = true;
}

}  // namespace packetsentry::proto
