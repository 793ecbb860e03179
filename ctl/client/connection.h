// A client's connection to the control socket: connects, sends hello and requests, and reads replies and
// streams.
//
// Replies and items of streams arrive on one socket, in any order. A reply has the id of its request, and an
// item has the id of the request that started its stream. Each is kept until it is asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "ctl/client/stream_queue.h"
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
    // such. descriptors travel with it and stay the caller's. Items of streams that come meanwhile are kept
    // for next_item().
    [[nodiscard]] base::Result<wire::Reply> ask(wire::Request request, std::span<const int> descriptors = {});
    // Sends only; gives the request's id, for take_reply().
    [[nodiscard]] base::Result<std::uint64_t> send(wire::Request request,
                                                   std::span<const int> descriptors = {});

    // The reply to a request that was only sent, an error in it too; each is given once. None: it has not
    // come. It comes among the items of streams: next_item() and ask() are what reads it.
    [[nodiscard]] std::optional<wire::Reply> take_reply(std::uint64_t id);
    // The next item of the stream that the request with this id began, valid until the next call. Null:
    // channel() has received no more of it. Error: internal (a message that cannot be read, or too many of
    // another stream).
    [[nodiscard]] base::Result<const wire::StreamItem*> next_item(std::uint64_t follow);

    // The id of the latest request, by which StreamItem.follow names it.
    [[nodiscard]] std::uint64_t last_id() const { return last_id_; }
    [[nodiscard]] proto::Channel& channel() { return channel_; }

  private:
    Connection(std::string socket_path, proto::Channel channel, std::chrono::milliseconds patience)
        : socket_path_(std::move(socket_path)), channel_(std::move(channel)), patience_(patience) {}
    [[nodiscard]] base::Result<wire::Reply> reply_to(std::uint64_t id);
    [[nodiscard]] std::optional<wire::Reply> find_reply(std::uint64_t id);
    [[nodiscard]] base::Result<void> read(std::string_view frame);
    [[nodiscard]] base::Result<void> put_aside(std::size_t bytes);

    std::string socket_path_;
    proto::Channel channel_;
    std::chrono::milliseconds patience_;
    std::uint64_t last_id_ = 0;
    wire::FromDaemon message_;                      // the latest
    wire::StreamItem item_;                         // the latest that had waited
    std::set<std::uint64_t> unanswered_;            // requests whose reply has not come
    std::map<std::uint64_t, wire::Reply> replies_;  // that wait, by the id of their request
    std::map<std::uint64_t, StreamQueue> streams_;  // that have not ended, by the id of their request
};

// One connection, one question.
[[nodiscard]] base::Result<wire::Reply> ask_daemon(const std::string& socket_path, wire::Request request,
                                                   std::chrono::milliseconds patience = kPatience);

}  // namespace packetsentry::ctl
