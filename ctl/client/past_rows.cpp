#include "ctl/client/past_rows.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "daemon/base/syscall.h"
#include "proto/link/peer_error.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

// The most that any user may have. The worker then waits less often for the client.
constexpr int kPipeBytes = 1 << 20;

struct AnswerPipe {
    base::UniqueFd reading;
    base::UniqueFd writing;
};

base::Result<AnswerPipe> make_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return base::fail(ErrorCode::internal, base::syscall_text("make a pipe for the answer"));
    AnswerPipe pipe{base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
    if (auto done = base::set_nonblocking(pipe.reading.get()); !done) return std::unexpected(done.error());
    // A user who has many pipes gets a smaller one, which is slower and no error.
    (void)::fcntl(pipe.writing.get(), F_SETPIPE_SZ, kPipeBytes);
    return pipe;
}

using Namesakes = std::map<std::string_view, std::size_t>;  // how many jobs have each name

Namesakes namesakes_of(const wire::SearchScope& scope) {
    Namesakes namesakes;
    for (const wire::KeptJobName& job : scope.job()) ++namesakes[job.name()];
    return namesakes;
}

// A job without a name, and one whose name another one has too, is called by its number.
std::string name_among(const Namesakes& namesakes, const wire::KeptJobName& job) {
    const bool by_number = job.name().empty() || namesakes.at(job.name()) > 1;
    return by_number ? std::to_string(job.id()) : job.name();
}

}  // namespace

PastRows::PastRows(Connection connection, base::UniqueFd pipe, wire::Question question,
                   wire::SearchScope scope)
    : connection_(std::move(connection)),
      channel_(std::move(pipe), proto::kBatchFrameLimit, 0),
      question_(std::move(question)),
      scope_(std::move(scope)),
      reader_(question_, scope_) {
    const Namesakes namesakes = namesakes_of(scope_);
    for (const wire::KeptJobName& job : scope_.job())
        jobs_[job.id()].shown_name = scope_.job_size() > 1 ? name_among(namesakes, job) : "";
}

base::Result<std::unique_ptr<PastRows>> PastRows::start(Connection connection, wire::Search request,
                                                        int output) {
    auto pipe = make_pipe();
    if (!pipe) return std::unexpected(pipe.error());
    wire::Question question = request.question();
    wire::Request message;
    *message.mutable_search() = std::move(request);
    std::vector<int> descriptors = {pipe->writing.get()};
    if (output >= 0) descriptors.push_back(output);
    auto reply = connection.ask(std::move(message), descriptors);
    pipe->writing.reset();  // so that the end of the worker is the end of the answer
    if (!reply) return std::unexpected(reply.error());
    if (!reply->has_scope())
        return base::fail(ErrorCode::internal, "packetsentryd answered without saying what is searched");
    return std::unique_ptr<PastRows>(new PastRows(std::move(connection), std::move(pipe->reading),
                                                  std::move(question), std::move(*reply->mutable_scope())));
}

std::map<std::uint64_t, std::uint64_t> PastRows::found() const {
    std::map<std::uint64_t, std::uint64_t> found;
    for (const auto& [id, job] : jobs_) found[id] = job.found;
    return found;
}

base::Result<std::optional<Event>> PastRows::next() {
    while (const auto frame = channel_.next()) {
        auto read = reader_.read(*frame);
        if (!read) return std::unexpected(read.error());
        auto event = std::visit([this](const auto& one) { return take(one); }, *read);
        if (!event || *event) return event;
    }
    return std::nullopt;
}

// The number of a row is counted in its run, and stands for its place in the sequence of the job.
base::Result<std::optional<Event>> PastRows::take(const FoundBatch& found) {
    if (!first_found_) first_found_ = std::chrono::steady_clock::now();
    SearchedJob& job = jobs_.at(found.job);
    (found.context ? context_ : job.found) += found.view->rows();
    if (question_.with_bytes() && !found.view->has_captured()) without_bytes_ += found.view->rows();
    return Rows{found.view->first_number(), found.view, found.job, job.shown_name, found.context};
}

base::Result<std::optional<Event>> PastRows::take(const wire::SearchProgress& progress) {
    return Counts{{}, progress.bytes()};
}

base::Result<std::optional<Event>> PastRows::take(const wire::SearchNote& note) {
    if (notes_.size() < kNotesKept)
        notes_.push_back(note);
    else
        ++more_notes_;
    return std::nullopt;
}

base::Result<std::optional<Event>> PastRows::take(const wire::SearchEnd& end) {
    if (channel_.unread() != 0)
        return base::fail(ErrorCode::internal,
                          "the worker that searches broke its protocol: it sent a message after its end");
    counts_ = end.counts();
    complete_ = end.error() == 0;
    End last;
    if (complete_) return last;
    wire::Error error;
    error.set_code(end.error());
    error.set_message(end.message());
    last.error = proto::from_wire(error);
    return last;
}

// The daemon ends the worker when it sees that the client has gone.
base::Result<bool> PastRows::stop() {
    channel_ = proto::Channel(base::UniqueFd(), proto::kBatchFrameLimit, 0);
    connection_.reset();
    return false;
}

base::Error PastRows::lost() {
    if (auto told = told_by_daemon()) return *std::move(told);
    return {ErrorCode::internal,
            "the worker that searched died before it had searched everything; what it had found before that "
            "was shown"};
}

// What the daemon says about the connection as a whole, before it closes that.
std::optional<base::Error> PastRows::told_by_daemon() {
    constexpr std::uint64_t kWholeConnection = 0;
    if (!connection_) return std::nullopt;
    const auto open = connection_->channel().receive();
    (void)connection_->next_item(kWholeConnection);
    const auto reply = connection_->take_reply(kWholeConnection);
    if (reply && reply->has_error()) return proto::from_wire(reply->error());
    if (open && *open) return std::nullopt;
    return base::Error{ErrorCode::unreachable,
                       "packetsentryd closed the connection, so the search ended early; what had been found "
                       "before that was shown"};
}

}  // namespace packetsentry::ctl
