// A client of the control socket that waits for what it expects, at most ten seconds.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "proto/link/channel.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// The calling thread alone, while it lives, as somebody whom quotas hold: root is nobody, others stay.
inline constexpr uid_t kSomebody = 65534;

class AsSomebody {
  public:
    AsSomebody() { be(kSomebody); }
    ~AsSomebody() { be(0); }
    AsSomebody(const AsSomebody&) = delete;
    AsSomebody& operator=(const AsSomebody&) = delete;

  private:
    void be(uid_t uid) const {
        if (root_) (void)::syscall(SYS_setresuid, -1, uid, -1);
    }
    bool root_ = ::geteuid() == 0;
};

class TestClient {
  public:
    explicit TestClient(const std::string& path) : channel_(connected(path), proto::kBatchFrameLimit, 0) {}

    void send(const wire::Request& request, std::span<const int> descriptors = {}) {
        (void)channel_.send(request, descriptors);
    }
    void send_raw(const std::string& bytes) {
        (void)!::send(channel_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    // The next message; none: the daemon closed the connection.
    std::optional<wire::FromDaemon> next() {
        for (;;) {
            if (const auto frame = channel_.next()) {
                wire::FromDaemon message;
                EXPECT_TRUE(message.ParseFromArray(frame->data(), static_cast<int>(frame->size())));
                return message;
            }
            const auto readable = channel_.wait_readable(10'000);
            if (!readable || !*readable) {
                ADD_FAILURE() << "nothing came";
                return std::nullopt;
            }
            const auto open = channel_.receive();
            if (!open || !*open) return std::nullopt;
        }
    }

    // The reply with this id; stream items that come before it wait for item().
    wire::Reply reply(std::uint64_t id) {
        while (auto message = next()) {
            if (message->has_reply() && message->reply().id() == id) return message->reply();
            if (message->has_item()) items_.push_back(message->item());
        }
        ADD_FAILURE() << "closed before the reply";
        return {};
    }
    wire::Reply ask(wire::Request request, std::span<const int> descriptors = {}) {
        request.set_id(++last_id_);
        send(request, descriptors);
        return reply(last_id_);
    }
    wire::Reply hello() {
        wire::Request request;
        request.mutable_hello()->set_version(2);
        request.mutable_hello()->set_client("test");
        return ask(request);
    }

    // The next item of any stream, none where the connection is closed.
    std::optional<wire::StreamItem> item() {
        if (!items_.empty()) {
            auto first = items_.front();
            items_.pop_front();
            return first;
        }
        while (auto message = next())
            if (message->has_item()) return message->item();
        return std::nullopt;
    }

    [[nodiscard]] std::uint64_t last_id() const { return last_id_; }
    [[nodiscard]] int fd() const { return channel_.fd(); }

  private:
    static base::UniqueFd connected(const std::string& path) {
        base::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.data(), path.size());
        EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        return socket;
    }

    proto::Channel channel_;
    std::uint64_t last_id_ = 0;
    std::deque<wire::StreamItem> items_;
};

}  // namespace packetsentry::control
