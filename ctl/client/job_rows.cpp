#include "ctl/client/job_rows.h"

#include <memory>
#include <span>

#include "proto/link/peer_error.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

base::Result<wire::Job> only_job(const base::Result<wire::Reply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    if (reply->jobs().job_size() != 1)
        return base::fail(ErrorCode::internal, "packetsentryd answered without naming the job");
    return reply->jobs().job(0);
}

End end_of(const wire::Job& job) {
    End end{job.ledger(), std::nullopt};
    if (job.has_error()) end.error = proto::from_wire(job.error());
    return end;
}

}  // namespace

base::Result<std::unique_ptr<JobRows>> JobRows::start(Connection connection, wire::StartJob request,
                                                      int output) {
    wire::Request message;
    *message.mutable_start() = std::move(request);
    const std::span<const int> descriptors(&output, output >= 0 ? 1 : 0);
    auto job = only_job(connection.ask(std::move(message), descriptors));
    if (!job) return std::unexpected(job.error());
    return std::unique_ptr<JobRows>(new JobRows(std::move(connection), std::move(*job), true, false));
}

base::Result<std::unique_ptr<JobRows>> JobRows::follow(Connection connection, wire::Follow request) {
    const bool from_start = request.from_sequence() != 0;
    wire::Request message;
    *message.mutable_follow() = std::move(request);
    auto job = only_job(connection.ask(std::move(message)));
    if (!job) return std::unexpected(job.error());
    return std::unique_ptr<JobRows>(new JobRows(std::move(connection), std::move(*job), false, from_start));
}

base::Result<std::optional<Event>> JobRows::next() {
    for (;;) {
        const auto item = connection_.next_item(stream_);
        if (!item) return std::unexpected(item.error());
        if (given_ != 0 && connection_.take_reply(given_)) given_ = 0;
        if (const auto refusal = refusal_to_stop()) return not_stopped(*refusal);
        if (*item == nullptr) return std::nullopt;
        auto event = event_of(**item);
        if (!event || *event) return event;
    }
}

base::Result<std::optional<Event>> JobRows::event_of(const wire::StreamItem& item) {
    switch (item.item_case()) {
        case wire::StreamItem::kRows:
            return event_of(item.rows());
        case wire::StreamItem::kGap:
            return item.gap();
        case wire::StreamItem::kUpdate:
            ledger_ = item.update().ledger();
            return Counts{ledger_, 0, item.update().state() == wire::JOB_WAITING};
        case wire::StreamItem::kNotice:
            return item.notice();
        case wire::StreamItem::kWantOutput:
            return WantsFile{item.want_output().file()};
        case wire::StreamItem::kEnded:
            return end_of(item.ended());
        default:
            return std::nullopt;
    }
}

base::Result<std::optional<Event>> JobRows::event_of(const wire::Rows& rows) {
    const auto view = batch_.read(rows.batch(), "packetsentryd");
    if (!view) return std::unexpected(view.error());
    return Rows{rows.first_sequence(), *view, job_.id()};
}

// What the daemon says against a file ends saving, and comes as a notice.
base::Result<void> JobRows::give_output(std::uint64_t number, int output, const std::string& name,
                                        const std::string& failure) {
    wire::Request request;
    wire::GiveOutput& give = *request.mutable_give_output();
    give.set_job(job_.id());
    give.set_file(number);
    give.set_output_name(name);
    give.set_failure(failure);
    const std::span<const int> descriptors(&output, output >= 0 ? 1 : 0);
    const auto sent = connection_.send(std::move(request), descriptors);
    if (!sent && sent.error().code != ErrorCode::unreachable) return std::unexpected(sent.error());
    given_ = connection_.last_id();
    return {};
}

// A daemon that has gone shows when its channel is read, with all it sent before; not here.
base::Result<bool> JobRows::stop() {
    if (!owned_) return false;
    wire::Request request;
    request.mutable_stop()->add_job(std::to_string(job_.id()));
    const auto sent = connection_.send(std::move(request));
    if (!sent && sent.error().code != ErrorCode::unreachable) return std::unexpected(sent.error());
    stop_ = connection_.last_id();
    return true;
}

// A job that is no longer known has ended, and its end is among what still comes.
std::optional<wire::Error> JobRows::refusal_to_stop() {
    if (stop_ == 0) return std::nullopt;
    const auto reply = connection_.take_reply(stop_);
    if (!reply || !reply->has_error()) return std::nullopt;
    if (proto::from_wire(reply->error()).code == ErrorCode::no_such_job) return std::nullopt;
    return reply->error();
}

// The job is ours, so it ends with the connection.
End JobRows::not_stopped(const wire::Error& why) const {
    base::Error error = proto::from_wire(why);
    error.message = "packetsentryd could not stop the capture properly: " + error.message +
                    "; the capture ends with this client, and its last packets are not shown";
    return End{ledger_, std::move(error)};
}

// The whole of an own capture and of what is kept is asked for, so nothing was before.
wire::Ledger JobRows::before() const {
    return owned_ || from_start_ ? wire::Ledger() : job_.ledger();
}

base::Error JobRows::lost() {
    return {ErrorCode::unreachable,
            "the connection to packetsentryd broke; packets that arrived before that are not lost"};
}

}  // namespace packetsentry::ctl
