// The control socket, from a client's side: connect, say hello, ask.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "daemon/base/result.h"
#include "proto/link/channel.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl {

inline constexpr std::chrono::milliseconds kPatience{30'000};

class Connection {
  public:
    // Connected, checked and greeted. patience: how long to wait for the connection, and for each reply.
    // Errors: those of connect() and hello().
    [[nodiscard]] static base::Result<Connection> open(const std::string& socket_path,
                                                       std::chrono::milliseconds patience = kPatience);
    // The two steps of it. connect() sends nothing. Its errors: unreachable (with the command that starts the
    // daemon), not_permitted (with the one that lets the user in), timed_out.
    [[nodiscard]] static base::Result<Connection> connect(const std::string& socket_path,
                                                          std::chrono::milliseconds patience = kPatience);
    // Who listens there is checked before the first byte is sent. Errors: those of check_listener(), those of
    // ask(), internal (another protocol).
    [[nodiscard]] base::Result<void> hello();
    // Error: unreachable (somebody listens whom the client does not trust).
    [[nodiscard]] base::Result<void> check_listener() const;

    // Sends a request (its id is set here) and waits for its reply; an error in the reply is returned as
    // such. descriptors travel with it and stay the caller's. Frames after the reply stay in channel().
    [[nodiscard]] base::Result<wire::Reply> ask(wire::Request request, std::span<const int> descriptors = {});
    // Sends only; gives the request's id.
    [[nodiscard]] base::Result<std::uint64_t> send(wire::Request request,
                                                   std::span<const int> descriptors = {});

    // The id of the latest request, by which StreamItem.follow names it.
    [[nodiscard]] std::uint64_t last_id() const { return last_id_; }
    [[nodiscard]] proto::Channel& channel() { return channel_; }

  private:
    Connection(std::string socket_path, proto::Channel channel, std::chrono::milliseconds patience)
        : socket_path_(std::move(socket_path)), channel_(std::move(channel)), patience_(patience) {}
    [[nodiscard]] base::Result<wire::Reply> reply_to(std::uint64_t id);

    std::string socket_path_;
    proto::Channel channel_;
    std::chrono::milliseconds patience_;
    std::uint64_t last_id_ = 0;
};

// One connection, one question.
[[nodiscard]] base::Result<wire::Reply> ask_daemon(const std::string& socket_path, wire::Request request,
                                                   std::chrono::milliseconds patience = kPatience);

}  // namespace packetsentry::ctl
