#include "daemon/jobs/link_reader.h"

#include <algorithm>
#include <utility>

#include "daemon/jobs/ledger.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::jobs {
namespace {

std::unexpected<base::Error> breach(const std::string& what) {
    return base::fail(base::ErrorCode::internal, "the worker broke its protocol: " + what);
}

template <typename Message>
bool parse(Message& message, std::string_view bytes) {
    return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

base::Result<WorkerEvent> LinkReader::read(std::string_view frame, base::Pace::Time now) {
    wire::FromWorker message;
    if (!parse(message, frame)) return breach("a message that cannot be read");
    message.DiscardUnknownFields();  // notices and counts are kept, and passed on
    if (ended_) return breach("a message after its end");
    const auto kind = message.message_case();
    const bool may_be_first = kind == wire::FromWorker::kReady || kind == wire::FromWorker::kEnded;
    if (!ready_ && !may_be_first) return breach("its first message was not 'ready'");
    switch (kind) {
        case wire::FromWorker::kReady:
            return ready(std::move(*message.mutable_ready()));
        case wire::FromWorker::kBatch:
            return batch(std::move(*message.mutable_batch()));
        case wire::FromWorker::kReport:
            return report(std::move(*message.mutable_report()), now);
        case wire::FromWorker::kNotice:
            return notice(std::move(*message.mutable_notice()), now);
        case wire::FromWorker::kEnded:
            return ended(std::move(*message.mutable_ended()));
        case wire::FromWorker::MESSAGE_NOT_SET:
            break;
    }
    return breach("an empty message");
}

base::Result<WorkerEvent> LinkReader::ready(wire::Ready&& ready) {
    if (std::exchange(ready_, true)) return breach("it sent 'ready' twice");
    if (ready.filter().size() > kFilterLimit || ready.link_type_size() > kInterfaceLimit)
        return breach("a ready message that is too long");
    const auto too_long = [](std::uint32_t length) { return length > kInstructionLimit; };
    if (ready.filter_instructions_size() > kInterfaceLimit ||
        std::ranges::any_of(ready.filter_instructions(), too_long))
        return breach("filters longer than the kernel accepts");
    return ready;
}

base::Result<WorkerEvent> LinkReader::batch(std::string&& bytes) {
    if (!going_) return breach("rows before it was told to start");
    wire::Batch batch;
    if (!parse(batch, bytes)) return breach("a batch that cannot be read");
    const auto view = proto::BatchView::check(batch);
    if (!view) return breach(view.error().message);
    if (view->first_row() != rows_)
        return breach("a batch that begins with row " + std::to_string(view->first_row()) + " after " +
                      std::to_string(rows_));
    rows_ += view->rows();
    return Batch{std::move(bytes), view->rows(), view->time_ns(0), view->time_ns(view->rows() - 1)};
}

base::Result<WorkerEvent> LinkReader::report(wire::Report&& report, base::Pace::Time now) {
    if (reports_.take(now, 1, kReports) > now) return breach("a flood of reports");
    if (auto taken = take_ledger(report.ledger()); !taken) return std::unexpected(taken.error());
    return report;
}

base::Result<WorkerEvent> LinkReader::notice(wire::Notice&& notice, base::Pace::Time now) {
    if (notices_.take(now, 1, kNotices) > now) return breach("a flood of notices");
    if (notice.text().size() > kTextLimit || notice.interface().size() > kTextLimit)
        return breach("a notice that is too long");
    if (!wire::Notice::Kind_IsValid(notice.kind())) return breach("a notice of no known kind");
    return notice;
}

// Where the worker ended well, its count of rows is the one seen here.
base::Result<WorkerEvent> LinkReader::ended(wire::Ended&& ended) {
    ended_ = true;
    if (ended.error().message().size() > kTextLimit) return breach("an error message that is too long");
    if (auto taken = take_ledger(ended.ledger()); !taken) return std::unexpected(taken.error());
    if (ended.reason() != wire::END_FAILED && ledger_.recorded() != rows_)
        return breach("it recorded " + std::to_string(ledger_.recorded()) + " packets and sent " +
                      std::to_string(rows_));
    return ended;
}

base::Result<void> LinkReader::take_ledger(const wire::Ledger& ledger) {
    if (!has_only_grown(ledger_, ledger)) return breach("a count that became smaller");
    if (!is_possible(ledger)) return breach("a count that is impossibly high");
    if (!balances(ledger)) return breach("counts that do not balance");
    if (ledger.recorded() > rows_)
        return breach("it recorded " + std::to_string(ledger.recorded()) + " packets and sent " +
                      std::to_string(rows_));
    ledger_ = ledger;
    return {};
}

}  // namespace packetsentry::jobs
