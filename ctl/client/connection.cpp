#include "ctl/client/connection.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "ctl/client/connection_error.h"
#include "ctl/client/listener_trust.h"
#include "daemon/base/syscall.h"
#include "proto/link/peer_error.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kProtocolVersion = 2;
// The id of a reply that is about the connection itself, which then ends.
constexpr std::uint64_t kNoRequest = 0;

// connect() waits while the daemon's queue is full; EAGAIN tells that this took too long.
void limit_waiting(int fd, std::chrono::milliseconds patience) {
    timeval limit{};
    limit.tv_sec = patience.count() / 1000;
    limit.tv_usec = patience.count() % 1000 * 1000;
    (void)::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

base::Result<base::UniqueFd> connected_socket(const std::string& path, std::chrono::milliseconds patience) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return base::fail(ErrorCode::usage, "the socket's path is too long: " + path);
    std::memcpy(address.sun_path, path.data(), path.size());
    base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd) return base::fail(ErrorCode::internal, base::syscall_text("make a socket"));
    limit_waiting(fd.get(), patience);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return std::unexpected(connection_error(path, errno));
    if (auto done = base::set_nonblocking(fd.get()); !done) return std::unexpected(done.error());
    return fd;
}

bool begins_stream(const wire::Request& request) {
    return request.has_follow() || request.has_start();
}

std::unexpected<base::Error> closed_by_daemon() {
    return base::fail(ErrorCode::unreachable, "packetsentryd closed the connection; its log says why");
}

}  // namespace

base::Result<Connection> Connection::open(const std::string& socket_path,
                                          std::chrono::milliseconds patience) {
    auto connection = connect(socket_path, patience);
    if (!connection) return connection;
    if (auto greeted = connection->hello(); !greeted) return std::unexpected(greeted.error());
    return connection;
}

base::Result<Connection> Connection::connect(const std::string& socket_path,
                                             std::chrono::milliseconds patience) {
    auto fd = connected_socket(socket_path, patience);
    if (!fd) return std::unexpected(fd.error());
    return Connection(socket_path, proto::Channel(std::move(*fd), proto::kBatchFrameLimit, 0), patience);
}

base::Result<void> Connection::check_listener() const {
    return ctl::check_listener(channel_.fd(), socket_path_);
}

base::Result<void> Connection::hello() {
    if (auto checked = check_listener(); !checked) return checked;
    wire::Request request;
    request.mutable_hello()->set_version(kProtocolVersion);
    request.mutable_hello()->set_client("packetsentryctl " PACKETSENTRY_VERSION);
    const auto reply = ask(std::move(request));
    if (!reply) return std::unexpected(reply.error());
    if (reply->hello().version() != kProtocolVersion)
        return base::fail(ErrorCode::internal,
                          "packetsentryd speaks version " + std::to_string(reply->hello().version()) +
                              " of the protocol, this client version 2; install the same version of both");
    return {};
}

base::Result<std::uint64_t> Connection::send(wire::Request request, std::span<const int> descriptors) {
    request.set_id(++last_id_);
    unanswered_.insert(last_id_);
    if (begins_stream(request)) streams_.try_emplace(last_id_);
    if (const auto sent = channel_.send(request, descriptors); !sent) return std::unexpected(sent.error());
    return last_id_;
}

base::Result<wire::Reply> Connection::ask(wire::Request request, std::span<const int> descriptors) {
    const auto id = send(std::move(request), descriptors);
    // A daemon that sends us away says why and closes: that word may be there although nothing can be sent.
    if (!id && id.error().code != ErrorCode::unreachable) return std::unexpected(id.error());
    return reply_to(last_id_);
}

base::Result<wire::Reply> Connection::reply_to(std::uint64_t id) {
    const auto deadline = Clock::now() + patience_;
    for (;;) {
        if (auto reply = find_reply(id)) {
            if (reply->has_error()) return std::unexpected(proto::from_wire(reply->error()));
            return std::move(*reply);
        }
        if (const auto frame = channel_.next()) {
            if (auto done = read(*frame); !done) return std::unexpected(done.error());
            if (auto aside = put_aside(frame->size()); !aside) return std::unexpected(aside.error());
            continue;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) {
            unanswered_.erase(id);
            return base::fail(ErrorCode::timed_out, "packetsentryd did not answer within " +
                                                        std::to_string(patience_.count() / 1000) +
                                                        " seconds");
        }
        const auto ready = channel_.wait_readable(static_cast<int>(left.count()));
        if (!ready) return std::unexpected(ready.error());
        if (!*ready) continue;
        const auto open = channel_.receive();
        if (!open) return std::unexpected(open.error());
        if (!*open) return closed_by_daemon();
    }
}

std::optional<wire::Reply> Connection::find_reply(std::uint64_t id) {
    auto reply = take_reply(id);
    return reply ? std::move(reply) : take_reply(kNoRequest);
}

std::optional<wire::Reply> Connection::take_reply(std::uint64_t id) {
    auto found = replies_.extract(id);
    if (found.empty()) return std::nullopt;
    return std::move(found.mapped());
}

base::Result<const wire::StreamItem*> Connection::next_item(std::uint64_t follow) {
    if (const auto stream = streams_.find(follow); stream != streams_.end() && !stream->second.empty()) {
        item_ = stream->second.take();
        if (item_.has_ended()) streams_.erase(stream);
        return &item_;
    }
    while (const auto frame = channel_.next()) {
        if (auto done = read(*frame); !done) return std::unexpected(done.error());
        // Mostly it is of the stream that is read, and need not wait.
        if (message_.has_item() && message_.item().follow() == follow && streams_.contains(follow)) {
            if (message_.item().has_ended()) streams_.erase(follow);
            return &message_.item();
        }
        if (auto aside = put_aside(frame->size()); !aside) return std::unexpected(aside.error());
    }
    return nullptr;
}

base::Result<void> Connection::read(std::string_view frame) {
    if (message_.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return {};
    return base::fail(ErrorCode::internal, "packetsentryd sent a message this client cannot read");
}

// Where the reader of the message finds it. What nobody asked for is discarded.
base::Result<void> Connection::put_aside(std::size_t bytes) {
    if (message_.has_item()) {
        const auto stream = streams_.find(message_.item().follow());
        if (stream == streams_.end()) return {};
        return stream->second.put(std::move(*message_.mutable_item()), bytes);
    }
    if (!message_.has_reply()) return {};
    const std::uint64_t id = message_.reply().id();
    if (id != kNoRequest && unanswered_.erase(id) == 0) return {};
    if (message_.reply().has_error()) streams_.erase(id);
    replies_[id] = std::move(*message_.mutable_reply());
    return {};
}

base::Result<wire::Reply> ask_daemon(const std::string& socket_path, wire::Request request,
                                     std::chrono::milliseconds patience) {
    auto connection = Connection::open(socket_path, patience);
    if (!connection) return std::unexpected(connection.error());
    return connection->ask(std::move(request));
}

}  // namespace packetsentry::ctl
