#include "daemon/control/session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <utility>

#include "daemon/control/follower.h"
#include "daemon/control/refusal.h"
#include "daemon/control/replies.h"
#include "daemon/control/requests.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/log/log.h"
#include "daemon/stream/wake.h"
#include "proto/channel.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::chrono::seconds kToGreet{10};
constexpr std::chrono::seconds kForLastWord{1};

const base::Error kGreetFirst{ErrorCode::usage,
                              "say hello with version 1 first; this is packetsentryd " PACKETSENTRY_VERSION};
const base::Error kNoRequest{ErrorCode::usage, "a message that is no request with an id"};

}  // namespace

Session::Session(const asio::any_io_executor& executor, Shared& shared, base::UniqueFd socket,
                 policy::Peer peer)
    : executor_(executor),
      shared_(shared),
      peer_(std::move(peer)),
      channel_(std::make_shared<stream::AsyncChannel>(
          executor, proto::Channel(std::move(socket), proto::kRequestLimit, 0))) {}

asio::awaitable<void> Session::run() {
    // Apart: GCC 12 miscompiles two awaits in one statement.
    const bool greeted = co_await greet();
    if (greeted) co_await serve();
    leave();
}

// The hello must come soon: a connection that says nothing holds a place others could use.
asio::awaitable<bool> Session::greet() {
    asio::steady_timer deadline(executor_, kToGreet);
    deadline.async_wait([channel = std::weak_ptr(channel_)](const boost::system::error_code& cancelled) {
        const auto alive = channel.lock();
        if (!cancelled && alive) alive->close();
    });
    std::vector<base::UniqueFd> descriptors;
    const auto request = co_await next_request(descriptors);
    deadline.cancel();
    if (!request) co_return false;
    if (!request->has_hello() || request->hello().version() != kVersion) {
        co_await last_word(kGreetFirst, request->id());
        co_return false;
    }
    log::tell(log::Event::detail, {log::uid_field(peer_.uid)}, "uid {} is here with {}", peer_.uid,
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
    auto frame = co_await channel_->next();
    if (!frame) {
        co_await last_word(frame.error(), 0);
        co_return std::nullopt;
    }
    if (!*frame) co_return std::nullopt;
    wire::Request request;
    const bool parsed =
        request.ParseFromArray((*frame)->bytes.data(), static_cast<int>((*frame)->bytes.size()));
    if (!parsed || request.id() == 0) {
        co_await last_word(kNoRequest, 0);
        co_return std::nullopt;
    }
    descriptors = std::move((*frame)->descriptors);
    co_return request;
}

asio::awaitable<void> Session::room() {
    stream::Wake wake(executor_);
    const auto changed = channel_->changed().subscribe([&] { wake.call(); });
    while (open() && channel_->sendable() && !has_room()) co_await wake.forever();
    if (!channel_->sendable()) close();
}

asio::awaitable<void> Session::last_word(const base::Error& error, std::uint64_t request_id) {
    ++shared_.refused;
    log::tell(log::Event::refused, refused_fields(peer_.uid, "connect"), "uid {} was sent away: {}",
              peer_.uid, error.message);
    send(message_of(error_reply(request_id, error)));
    stream::Wake wake(executor_);
    const auto changed = channel_->changed().subscribe([&] { wake.call(); });
    const auto deadline = std::chrono::steady_clock::now() + kForLastWord;
    while (channel_->sendable() && channel_->unsent() > 0 && std::chrono::steady_clock::now() < deadline)
        co_await wake.until(deadline);
}

void Session::send(const wire::FromDaemon& message) {
    if (!channel_->send(message)) close();
}

void Session::follow(jobs::Supervisor::JobPtr job, std::uint64_t id, std::uint64_t from_sequence,
                     bool kept_only) {
    auto follower =
        std::make_unique<Follower>(shared_from_this(), std::move(job), id, from_sequence, kept_only);
    ++followers_;
    asio::co_spawn(
        executor_, [follower = std::move(follower)]() -> asio::awaitable<void> { co_await follower->run(); },
        [self = shared_from_this()](const std::exception_ptr& error) {
            --self->followers_;
            if (error) std::rethrow_exception(error);
        });
}

void Session::leave() {
    close();
    if (foreground_.empty()) return;
    for (const auto& job : foreground_)
        if (job->ended_ns() == 0)
            log::tell(log::Event::client_gone, jobs::own_fields(*job),
                      "job {} (id {}) stops: its client is gone", job->label(), job->id());
    asio::co_spawn(executor_, shared_.supervisor.stop(std::move(foreground_)), asio::detached);
}

}  // namespace packetsentry::control
