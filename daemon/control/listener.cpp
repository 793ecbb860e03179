#include "daemon/control/listener.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/base/closing.h"
#include "daemon/base/syscall.h"
#include "daemon/control/replies.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"
#include "daemon/quota/refusal.h"
#include "proto/link/channel.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::chrono::milliseconds kPause{500};
constexpr std::uint32_t kWaiting = 64;

}  // namespace

Listener::Listener(const asio::any_io_executor& executor, Shared& shared, int socket)
    : executor_(executor), shared_(shared), descriptor_(executor, socket) {}

Listener::~Listener() {
    close();
}

void Listener::close() {
    if (descriptor_.is_open()) descriptor_.release();
}

// Accepts one connection at a time and then lets everybody else have a turn, so that a flood of connections
// delays nobody who is here.
asio::awaitable<void> Listener::run() {
    loop::Sleeper pause(executor_);
    bool told = false;
    while (descriptor_.is_open()) {
        boost::system::error_code error;
        co_await descriptor_.async_wait(asio::posix::descriptor_base::wait_read,
                                        asio::redirect_error(asio::use_awaitable, error));
        if (!descriptor_.is_open()) co_return;
        const auto accepted = accept_one();
        if (accepted) {
            told = false;
            continue;
        }
        if (!std::exchange(told, true))
            log::tell(log::Event::trouble, {}, "{}; new connections wait", accepted.error().message);
        co_await pause.sleep_until(base::SteadyClock::now() + kPause);
    }
}

base::Result<void> Listener::accept_one() {
    // While too many connections are being closed, none is accepted, not even to be refused: closing it may
    // take long too, if descriptors were sent to it.
    const auto closing = shared_.accounts.being_closed();
    if (closing >= quota::Accounts::kBeingClosed && base::takes_descriptors(descriptor_.native_handle()))
        return base::fail(ErrorCode::unreachable,
                          std::to_string(closing) + " connections are being closed, which takes long");
    base::UniqueFd socket(
        ::accept4(descriptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
        const bool scarce = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (scarce) return base::fail(ErrorCode::unreachable, base::syscall_text("accept a connection"));
        return {};
    }
    admit(std::move(socket));
    return {};
}

void Listener::admit(base::UniqueFd socket) {
    const auto peer = policy::peer_of(socket.get());
    if (!peer) {
        log::tell(log::Event::trouble, {}, peer.error().message);
        return;
    }
    if (shared_.unrestricted(peer->uid)) return let_in(std::move(socket), *peer);
    if (shared_.users.known(peer->uid) != nullptr) {
        if (!shared_.users.is_fresh(peer->uid, base::SteadyClock::now()))
            asio::co_spawn(executor_, ask_again(peer->uid), asio::detached);
        return let_in(std::move(socket), *peer);
    }
    if (waiting_ >= kWaiting) {
        count(socket.get(), *peer);
        return turn_away(
            std::move(socket), *peer, quota::Refusal::connections,
            {ErrorCode::unreachable,
             "the user database does not answer, and many clients wait for it; try again later"});
    }
    asio::co_spawn(executor_, admit_later(std::move(socket), *peer), asio::detached);
}

// Nothing of it is read before the database has said who this is, or has not answered in time.
asio::awaitable<void> Listener::admit_later(base::UniqueFd socket, policy::Peer peer) {
    ++waiting_;
    co_await shared_.users.look_up(peer.uid, UserDatabase::kFresh);
    --waiting_;
    if (descriptor_.is_open()) let_in(std::move(socket), peer);
}

asio::awaitable<void> Listener::ask_again(uid_t user) {
    co_await shared_.users.look_up(user, UserDatabase::kFresh);
}

// Counts the socket for the user whose limits its connection counts against.
void Listener::count(int socket, const policy::Peer& peer) {
    base::count_until_closed(socket, shared_.accounts.sockets(shared_.payer(peer.uid)));
}

void Listener::let_in(base::UniqueFd socket, const policy::Peer& presented) {
    count(socket.get(), presented);
    const policy::Peer peer = shared_.complete(presented);
    const auto verdict = policy::decide(peer, policy::Action::connect, nullptr, shared_.rules);
    if (!verdict.allowed)
        return turn_away(std::move(socket), peer, quota::Refusal::permission,
                         {ErrorCode::not_permitted, verdict.reason});
    auto place = shared_.accounts.connect(shared_.payer(peer.uid));
    if (!place) return turn_away(std::move(socket), peer, quota::Refusal::connections, place.error());
    begin_session(std::move(socket), presented, std::move(*place));
}

void Listener::turn_away(base::UniqueFd socket, const policy::Peer& peer, quota::Refusal kind,
                         const base::Error& error) {
    shared_.refusals.count(kind);
    log::tell(log::Event::refused, quota::refused_fields(peer.uid, "connect"), "refused uid {}: connect: {}",
              peer.uid, error.message);
    auto channel = std::make_unique<proto::Channel>(std::move(socket), 0, 0);
    // A fresh connection takes one line at once; whoever does not want it need not have it.
    (void)channel->send(message_of(error_reply(0, error)));
    if (lingering_ < quota::kTurnedAway)
        asio::co_spawn(executor_, linger(std::move(channel)), asio::detached);
}

// Keeps the socket open for a moment. If it were closed at once, the peer would fail to send its hello before
// it has read why it was refused.
asio::awaitable<void> Listener::linger(std::unique_ptr<proto::Channel> channel) {
    ++lingering_;
    loop::Sleeper sleeper(executor_);
    co_await sleeper.sleep_until(base::SteadyClock::now() + kPause);
    channel.reset();
    --lingering_;
}

void Listener::begin_session(base::UniqueFd socket, const policy::Peer& peer, quota::Charge place) {
    base::take_descriptors(socket.get(), true);
    const auto session =
        std::make_shared<Session>(executor_, shared_, std::move(socket), peer, std::move(place));
    std::erase_if(sessions_, [](const std::weak_ptr<Session>& old) { return old.expired(); });
    sessions_.push_back(session);
    loop::spawn(executor_, [session] { return session->run(); });
}

void Listener::look_after_sessions(quota::ClientTimeouts::Time now) {
    for (const std::weak_ptr<Session>& weak : sessions_)
        if (const auto session = weak.lock()) session->look_at_the_clock(now);
}

std::vector<uid_t> Listener::users() const {
    std::vector<uid_t> users;
    for (const std::weak_ptr<Session>& weak : sessions_)
        if (const auto session = weak.lock()) users.push_back(session->peer().uid);
    return users;
}

bool Listener::at_rest() const {
    return std::ranges::all_of(sessions_, [](const std::weak_ptr<Session>& weak) {
        const auto session = weak.lock();
        return !session || session->at_rest();
    });
}

void Listener::close_sessions() {
    for (const std::weak_ptr<Session>& weak : sessions_)
        if (const auto session = weak.lock()) session->close();
}

}  // namespace packetsentry::control
