// Accepts connections. A client that may not connect is told why, and its connection is closed before a byte
// is read from it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/control/session.h"
#include "daemon/control/shared.h"
#include "proto/link/channel.h"

namespace packetsentry::control {

class Listener {
  public:
    // socket: is listening and non-blocking, and belongs to the caller. The Listener outlives every session.
    Listener(const boost::asio::any_io_executor& executor, Shared& shared, int socket);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    // Accepts connections until close(). If it cannot accept any, it pauses, and logs this once.
    [[nodiscard]] boost::asio::awaitable<void> run();
    void close();  // accepts no further connection; sessions continue

    // Returns the user of each session; a user who has several sessions is named several times.
    [[nodiscard]] std::vector<uid_t> users() const;

    // Tells whether no session is answering a request or has anything left to send.
    [[nodiscard]] bool at_rest() const;
    void close_sessions();

    // Disconnects clients that let the daemon wait too long. Call this about once a second.
    void look_after_sessions(quota::ClientTimeouts::Time now);

  private:
    // Error (unreachable): no connection can be accepted now.
    [[nodiscard]] base::Result<void> accept_one();
    void admit(base::UniqueFd socket);
    [[nodiscard]] boost::asio::awaitable<void> admit_later(base::UniqueFd socket, policy::Peer peer);
    [[nodiscard]] boost::asio::awaitable<void> ask_again(uid_t user);
    void count(int socket, const policy::Peer& peer);
    void let_in(base::UniqueFd socket, const policy::Peer& presented);
    void turn_away(base::UniqueFd socket, const policy::Peer& peer, quota::Refusal kind,
                   const base::Error& error);
    [[nodiscard]] boost::asio::awaitable<void> linger(std::unique_ptr<proto::Channel> channel);
    void begin_session(base::UniqueFd socket, const policy::Peer& peer, quota::Charge place);

    boost::asio::any_io_executor executor_;
    Shared& shared_;
    boost::asio::posix::stream_descriptor descriptor_;
    std::vector<std::weak_ptr<Session>> sessions_;
    std::uint32_t lingering_ = 0;  // connections turned away and not yet closed
    std::uint32_t waiting_ = 0;    // connections that wait for the user database
};

}  // namespace packetsentry::control
