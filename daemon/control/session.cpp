#include "daemon/control/session.h"

#include <poll.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/control/follower.h"
#include "daemon/control/replies.h"
#include "daemon/control/requests.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"
#include "daemon/quota/refusal.h"
#include "proto/link/channel.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kClientShown = 64;
constexpr std::chrono::seconds kForLastWord{1};
constexpr std::chrono::seconds kToClose{1};
constexpr std::chrono::milliseconds kStep{10};

const base::Error kGreetFirst{ErrorCode::usage,
                              "say hello with version 2 first; this is packetsentryd " PACKETSENTRY_VERSION};
const base::Error kNoHello{ErrorCode::usage, "no hello came within 10 s"};
const base::Error kSlowMessage{ErrorCode::usage, "a message was not completed within 10 s"};
const base::Error kNoRequest{ErrorCode::usage, "the message is not a request with an id"};

base::Error other_version(const wire::Hello& hello) {
    const std::string client =
        hello.client().empty() ? "this client" : hello.client().substr(0, kClientShown);
    return {ErrorCode::usage, client + " speaks version " + std::to_string(hello.version()) +
                                  " of the protocol, and packetsentryd " PACKETSENTRY_VERSION
                                  " speaks version 2; install the same version of both"};
}

// What a request is worth in turns: one that starts a process or has to reach the disk is dearer, and each
// job is looked for.
std::uint32_t turns_of(const wire::Request& request) {
    constexpr std::uint32_t kDear = 10;
    if (request.has_stop())
        return static_cast<std::uint32_t>(std::clamp(request.stop().job_size(), 1, kJobsToStop));
    const bool dear = request.has_start() || request.has_filter() || request.has_renew() ||
                      request.has_search() || request.has_purge();
    return dear ? kDear : 1;
}

}  // namespace

Session::Session(const asio::any_io_executor& executor, Shared& shared, base::UniqueFd socket,
                 policy::Peer peer, quota::Charge place)
    : executor_(executor),
      shared_(shared),
      presented_(std::move(peer)),
      peer_(shared_.complete(presented_)),
      place_(std::move(place)),
      bytes_(place_.account(), quota::Held::byte, 0),
      channel_(std::make_shared<loop::AsyncChannel>(
          executor, proto::Channel(std::move(socket), proto::kRequestLimit, 0))),
      room_of_user_(account().room().subscribe([this] { channel_->changed().notify(); })),
      timeouts_(base::SteadyClock::now()) {
    channel_->count_arrivals(account().files());
    channel_->read_after([this] { return may_read(); });
    channel_->charge_to([this](std::size_t bytes) { bytes_.set(bytes); });
}

asio::awaitable<void> Session::run() {
    // Apart: GCC 12 miscompiles two awaits in one statement.
    const bool greeted = co_await greet();
    if (greeted) co_await serve();
    leave();
}

asio::awaitable<bool> Session::greet() {
    std::vector<base::UniqueFd> descriptors;
    const auto request = co_await next_request(descriptors);
    if (!request) co_return false;
    co_await turn(*request);
    if (!request->has_hello() || request->hello().version() != kVersion) {
        const base::Error error = request->has_hello() ? other_version(request->hello()) : kGreetFirst;
        co_await last_word(quota::Refusal::greeting, error, request->id());
        co_return false;
    }
    log::tell(log::Event::detail, {log::uid_field(peer_.uid)}, "uid {} connected with {}", peer_.uid,
              request->hello().client());
    wire::Reply reply = reply_to(*request);
    reply.mutable_hello()->set_version(kVersion);
    reply.mutable_hello()->set_daemon("packetsentryd " PACKETSENTRY_VERSION);
    send(message_of(std::move(reply)));
    co_return open();
}

asio::awaitable<void> Session::serve() {
    for (;;) {
        co_await room();
        std::vector<base::UniqueFd> descriptors;
        const auto request = co_await next_request(descriptors);
        if (!request) co_return;
        co_await turn(*request);
        complete_peer();
        answering_ = true;
        Answer answer = co_await answer_request(*this, *request, std::move(descriptors));
        answering_ = false;
        send(message_of(std::move(answer.reply)));
        if (answer.afterwards) answer.afterwards();
    }
}

// None: the client is gone, or was sent away.
asio::awaitable<std::optional<wire::Request>> Session::next_request(
    std::vector<base::UniqueFd>& descriptors) {
    reading_ = true;
    auto frame = co_await channel_->next();
    reading_ = false;
    if (!frame) {
        const bool too_many = too_many_files_ || channel_->refused_descriptors();
        co_await last_word(too_many ? quota::Refusal::descriptors : quota::Refusal::message, frame.error(),
                           0);
        co_return std::nullopt;
    }
    if (!*frame) co_return std::nullopt;
    ++messages_;
    wire::Request request;
    const bool parsed =
        request.ParseFromArray((*frame)->bytes.data(), static_cast<int>((*frame)->bytes.size()));
    if (!parsed || request.id() == 0) {
        co_await last_word(quota::Refusal::message, kNoRequest, 0);
        co_return std::nullopt;
    }
    request.DiscardUnknownFields();  // of what a job keeps, nothing is without a limit
    descriptors = std::move((*frame)->descriptors);
    co_return request;
}

// Whatever comes, it could bring files. Those of an honest user close; where there are many, not all at once.
asio::awaitable<base::Result<void>> Session::may_read() {
    loop::Sleeper sleeper(executor_);
    const auto deadline = base::SteadyClock::now() + kToClose;
    auto may = account().may_bring_files();
    while (!may && open() && base::SteadyClock::now() < deadline) {
        co_await sleeper.sleep_until(base::SteadyClock::now() + kStep);
        may = account().may_bring_files();
    }
    too_many_files_ = !may;
    co_return may;
}

// A request costs its user's turns, so that whoever asks too much waits, and nobody else. Others have their
// turn between any two requests, however many a client has sent in advance.
asio::awaitable<void> Session::turn(const wire::Request& request) {
    const auto now = base::SteadyClock::now();
    const auto due = account().turn(now, turns_of(request));
    if (due <= now) co_return co_await asio::post(executor_, asio::use_awaitable);
    ++shared_.delayed_requests;
    loop::Sleeper sleeper(executor_);
    co_await sleeper.sleep_until(due);
}

// A client that has taken all there was is answered, whatever other clients of its user leave lying.
asio::awaitable<void> Session::room() {
    loop::Sleeper sleeper(executor_, channel_->changed());
    const auto may_go_on = [this] {
        return !open() || !channel_->sendable() || channel_->unsent() == 0 || has_room();
    };
    co_await sleeper.until(may_go_on);
    if (!channel_->sendable()) close();
}

bool Session::client_is_there() const {
    // Whoever only sends no more is there.
    pollfd end{channel_->fd(), 0, 0};
    return open() && (::poll(&end, 1, 0) <= 0 || (end.revents & (POLLHUP | POLLERR)) == 0);
}

void Session::tell_sent_away(quota::Refusal kind, const base::Error& error) {
    shared_.refusals.count(kind);
    log::tell(log::Event::refused, quota::refused_fields(peer_.uid, "connect"), "uid {} was disconnected: {}",
              peer_.uid, error.message);
}

asio::awaitable<void> Session::last_word(quota::Refusal kind, const base::Error& error,
                                         std::uint64_t request_id) {
    tell_sent_away(kind, error);
    send(message_of(error_reply(request_id, error)));
    loop::Sleeper sleeper(executor_, channel_->changed());
    const auto said = [this] { return !channel_->sendable() || channel_->unsent() == 0; };
    co_await sleeper.until(said, base::SteadyClock::now() + kForLastWord);
}

void Session::look_at_the_clock(quota::ClientTimeouts::Time now) {
    if (!open()) return;
    using Verdict = quota::ClientTimeouts::Verdict;
    const auto limit = shared_.config.reader_patience;
    const Verdict verdict = timeouts_.look(now,
                                           {.greeted = messages_ != 0,
                                            .reading = reading_,
                                            .messages = messages_,
                                            .unread = channel_->unread(),
                                            .sent = channel_->sent(),
                                            .unsent = channel_->unsent()},
                                           limit);
    if (verdict == Verdict::wait) return;
    if (verdict == Verdict::slow_reader) {
        tell_sent_away(quota::Refusal::slow_reader,
                       {ErrorCode::unreachable, "it read nothing for " + std::to_string(limit.count()) +
                                                    " s, although data waited for it"});
        return close();
    }
    const bool slow = verdict == Verdict::slow_message;
    const base::Error& error = slow ? kSlowMessage : kNoHello;
    tell_sent_away(slow ? quota::Refusal::slow_message : quota::Refusal::greeting, error);
    if (channel_->unsent() == 0) send(message_of(error_reply(0, error)));
    close();
}

base::Result<void> Session::may_follow_more() const {
    if (followers_ >= kFollowLimit)
        return base::fail(ErrorCode::usage, "too many streams on this connection");
    if (!account().has_room(quota::Held::stream))
        return base::fail(ErrorCode::usage, "you follow " +
                                                std::to_string(account().held(quota::Held::stream)) +
                                                " jobs already, which is the limit; end one of your clients");
    return {};
}

void Session::send(const wire::FromDaemon& message) {
    if (!channel_->send(message)) close();
}

void Session::follow(jobs::Supervisor::JobPtr job, std::uint64_t id, const wire::Follow& asked) {
    auto follower = std::make_unique<Follower>(shared_from_this(), std::move(job), id, asked);
    ++followers_;
    loop::spawn(
        executor_,
        [follower = std::move(follower), charge = quota::Charge(place_.account(), quota::Held::stream, 1)]()
            -> asio::awaitable<void> { co_await follower->run(); },
        [self = shared_from_this()] { --self->followers_; });
}

void Session::keep_in_foreground(jobs::Supervisor::JobPtr job) {
    std::erase_if(foreground_, [](const auto& one) { return jobs::is_over(one->state()); });
    foreground_.push_back(std::move(job));
}

jobs::Supervisor::JobPtr Session::foreground_job(std::string_view id) const {
    const auto found =
        std::ranges::find_if(foreground_, [id](const auto& one) { return std::to_string(one->id()) == id; });
    return found == foreground_.end() ? nullptr : *found;
}

bool Session::has_in_foreground(const jobs::Job& job) const {
    return std::ranges::any_of(foreground_, [&](const auto& one) { return one.get() == &job; });
}

void Session::leave() {
    close();
    if (foreground_.empty()) return;
    for (const auto& job : foreground_) shared_.supervisor.end_outputs(job);
    for (const auto& job : foreground_)
        if (job->ended_ns() == 0)
            log::tell(log::Event::client_gone, jobs::own_fields(*job),
                      "job {} (id {}) stops: its client is gone", job->label(), job->id());
    asio::co_spawn(executor_,
                   shared_.supervisor.stop(std::move(foreground_),
                                           {.because = "the packetsentryctl that it belonged to went away"}),
                   asio::detached);
}

}  // namespace packetsentry::control
