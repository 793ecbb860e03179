// One client's connection: its hello, its requests one after the other, its streams.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/control/shared.h"
#include "daemon/loop/async_channel.h"
#include "daemon/policy/peer.h"
#include "daemon/quota/account.h"
#include "daemon/quota/client_timeouts.h"
#include "daemon/quota/refusals.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// Always held by a shared_ptr. The data that waits to be sent to the client is bounded: while it exceeds
// kRoom, or the limit of the client's user, no further request is read and no stream item is made.
class Session : public std::enable_shared_from_this<Session> {
  public:
    static constexpr std::size_t kRoom = 256 * 1024;
    static constexpr int kFollowLimit = 16;

    // peer: as the kernel reports it; it must already be permitted to connect. place: the charge for the
    // connection.
    Session(const boost::asio::any_io_executor& executor, Shared& shared, base::UniqueFd socket,
            policy::Peer peer, quota::Charge place);

    // Returns when the client has disconnected or has been disconnected. Its jobs in the foreground are
    // stopped then.
    [[nodiscard]] boost::asio::awaitable<void> run();

    [[nodiscard]] Shared& shared() { return shared_; }
    // Returns the peer, with what the user database said about it at the last complete_peer().
    [[nodiscard]] const policy::Peer& peer() const { return peer_; }
    // Adds to the peer what the user database has said since.
    void complete_peer() { peer_ = shared_.complete(presented_); }
    [[nodiscard]] const boost::asio::any_io_executor& executor() const { return executor_; }

    // Queues a message. Closes the session if the client cannot be sent anything any more.
    void send(const wire::FromDaemon& message);
    [[nodiscard]] bool open() const { return !channel_->closed(); }
    [[nodiscard]] bool has_room() const {
        return channel_->unsent() < kRoom && account().has_room(quota::Held::byte);
    }
    [[nodiscard]] loop::ChangeEvent& changed() { return channel_->changed(); }
    // The client has not closed its end, as far as the kernel knows now.
    [[nodiscard]] bool client_is_there() const;
    void close() {
        channel_->close();
        bytes_.set(0);
    }

    // Sends a client away that lets the daemon wait. To be called about once a second.
    void look_at_the_clock(quota::ClientTimeouts::Time now);

    // Nothing is under way or waits to be sent.
    [[nodiscard]] bool at_rest() const { return followers_ == 0 && !answering_ && channel_->unsent() == 0; }

    // Streams rows to the client as follow id. Error (usage): there are too many.
    [[nodiscard]] base::Result<void> may_follow_more() const;
    void follow(jobs::Supervisor::JobPtr job, std::uint64_t id, const wire::Follow& asked);
    // The job ends when this session does.
    void keep_in_foreground(jobs::Supervisor::JobPtr job);
    // The one of these that has this id; null where none has.
    [[nodiscard]] jobs::Supervisor::JobPtr foreground_job(std::string_view id) const;
    [[nodiscard]] bool has_in_foreground(const jobs::Job& job) const;

  private:
    [[nodiscard]] boost::asio::awaitable<void> serve();
    [[nodiscard]] boost::asio::awaitable<std::optional<wire::Request>> next_request(
        std::vector<base::UniqueFd>& descriptors);
    [[nodiscard]] boost::asio::awaitable<bool> greet();
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> may_read();
    [[nodiscard]] boost::asio::awaitable<void> room();
    [[nodiscard]] boost::asio::awaitable<void> turn(const wire::Request& request);
    [[nodiscard]] boost::asio::awaitable<void> last_word(quota::Refusal kind, const base::Error& error,
                                                         std::uint64_t request_id);
    void tell_sent_away(quota::Refusal kind, const base::Error& error);
    void leave();
    [[nodiscard]] quota::Account& account() const { return *place_.account(); }

    boost::asio::any_io_executor executor_;
    Shared& shared_;
    policy::Peer presented_;
    policy::Peer peer_;
    quota::Charge place_;
    quota::Charge bytes_;
    std::shared_ptr<loop::AsyncChannel> channel_;
    loop::ChangeEvent::Subscription room_of_user_;
    quota::ClientTimeouts timeouts_;
    std::uint64_t messages_ = 0;  // whole ones received
    bool reading_ = false;        // the rest of one is waited for
    std::vector<jobs::Supervisor::JobPtr> foreground_;
    bool too_many_files_ = false;  // of its user: nothing more is read
    int followers_ = 0;
    bool answering_ = false;
};

}  // namespace packetsentry::control
