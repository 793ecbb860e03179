#include "daemon/workers/question_worker.h"

#include <array>
#include <csignal>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/base/closing.h"
#include "proto/link/channel.h"
#include "proto/link/peer_error.h"
#include "proto/link/start_worker.h"

namespace packetsentry::workers {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::chrono::seconds kToUnderstand{10};
constexpr std::chrono::seconds kToExit{1};

std::unexpected<base::Error> broken(const std::string& what) {
    return base::fail(ErrorCode::internal, "the worker that answers " + what);
}

}  // namespace

base::Result<std::unique_ptr<QuestionWorker>> QuestionWorker::start(const asio::any_io_executor& executor,
                                                                    const std::string& path,
                                                                    const wire::Ask& ask, int pipe,
                                                                    int output,
                                                                    std::shared_ptr<const void> place) {
    auto process = proto::start_worker(path);
    if (!process) return std::unexpected(process.error());
    auto worker =
        std::make_unique<QuestionWorker>(executor, std::move(process->link), process->pid, ask.streams());
    worker->child_.hold(std::make_shared<base::Counted>(base::count_of(pipe)));
    worker->child_.hold(std::make_shared<base::Counted>(base::count_of(output)));
    worker->child_.hold(std::move(place));
    // A worker that an attacker has taken over could send them back.
    worker->link_->count_arrivals(base::count_of(pipe));
    wire::ToWorker message;
    *message.mutable_ask() = ask;
    const std::array<int, 2> descriptors{pipe, output};
    if (!worker->link_->send(message, std::span(descriptors).first(output < 0 ? 1 : 2)))
        return broken("could not be asked");
    return worker;
}

QuestionWorker::QuestionWorker(const asio::any_io_executor& executor, base::UniqueFd link, pid_t pid,
                               std::uint32_t streams)
    : link_(std::make_shared<loop::AsyncChannel>(executor,
                                                 proto::Channel(std::move(link), proto::kRequestLimit, 0))),
      child_(executor, pid),
      deadline_(executor),
      streams_(streams),
      at_end_(streams),
      may_ask_again_(streams, false) {}

asio::awaitable<base::Result<void>> QuestionWorker::ready() {
    deadline_.expires_after(kToUnderstand);
    deadline_.async_wait([link = std::weak_ptr(link_)](const boost::system::error_code& error) {
        const auto still = link.lock();
        if (!error && still) still->close();
    });
    auto message = co_await receive();
    deadline_.cancel();
    if (!message) co_return std::unexpected(message.error());
    if (message->has_ended()) co_return std::unexpected(proto::from_wire(message->ended().error()));
    if (!message->has_ready()) co_return broken("did not say that it is ready");
    co_return base::Result<void>{};
}

asio::awaitable<base::Result<QuestionWorker::Wish>> QuestionWorker::next() {
    auto message = co_await receive();
    if (!message) co_return std::unexpected(message.error());
    if (message->has_ended() && message->ended().damaged_segment() != 0)
        damaged_.emplace(message->ended().damaged_job(), message->ended().damaged_segment());
    if (message->has_ended()) co_return Wish(Done{});
    if (!message->has_want() || !may_want(message->want()))
        co_return broken("asked for something that there is not");
    // What it was sent before lies unread.
    if (link_->unsent() != 0) co_return broken("asked for more than it reads");
    asked_ = message->want().stream();
    if (message->want().damaged_segment() != 0)
        damaged_.emplace(message->want().damaged_job(), message->want().damaged_segment());
    if (message->want().again()) may_ask_again_[asked_] = false;
    co_return Wish(Segment{.stream = asked_, .again = message->want().again()});
}

bool QuestionWorker::may_want(const wire::WantSegment& want) const {
    if (want.stream() >= streams_) return false;
    return want.again() ? may_ask_again_[want.stream()] : !at_end_[want.stream()];
}

asio::awaitable<base::Result<wire::FromWorker>> QuestionWorker::receive() {
    const auto frame = co_await link_->next();
    if (!frame) co_return broken("broke its protocol");
    if (!*frame) {
        const auto exit = co_await child_.ended(base::SteadyClock::now() + kToExit);
        const std::string how = exit ? "it " + exit->how : "it does not exit";
        was_killed_ = to_be_killed_ && (!exit || exit->signal == SIGKILL);
        co_return broken("has ended before its answer was complete: " + how);
    }
    wire::FromWorker message;
    if (!message.ParseFromArray((*frame)->bytes.data(), static_cast<int>((*frame)->bytes.size())))
        co_return broken("sent a message that cannot be read");
    co_return message;
}

void QuestionWorker::send(const wire::SegmentToRead& segment, std::span<const int> descriptors) {
    wire::ToWorker message;
    *message.mutable_segment() = segment;
    at_end_[asked_] = segment.none();
    if (!link_->send(message, descriptors)) kill();
}

void QuestionWorker::kill() {
    to_be_killed_ = true;
    child_.kill();
    link_->close();
}

}  // namespace packetsentry::workers
