// A daemon with one client, on a socket of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"
#include "proto/link/channel.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl {

// Answers each request as the test says.
class ScriptedDaemon {
  public:
    using Answer = std::function<void(ScriptedDaemon&, const wire::Request&)>;

    explicit ScriptedDaemon(Answer answer) : answer_(std::move(answer)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        ::unlink(path.c_str());
        listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listener_.get(), 1), 0);
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedDaemon() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
        ::unlink(path.c_str());
    }
    ScriptedDaemon(const ScriptedDaemon&) = delete;
    ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;

    void say(const wire::FromDaemon& message) { EXPECT_TRUE(channel_->send(message)); }
    void reply(std::uint64_t id, const std::function<void(wire::Reply&)>& fill) {
        wire::FromDaemon message;
        message.mutable_reply()->set_id(id);
        fill(*message.mutable_reply());
        say(message);
    }
    void reply_job(std::uint64_t id) {
        reply(id, [](wire::Reply& reply) { reply.mutable_jobs()->add_job()->set_id(7); });
    }
    void item(std::uint64_t stream, const std::function<void(wire::StreamItem&)>& fill) {
        wire::FromDaemon message;
        message.mutable_item()->set_follow(stream);
        fill(*message.mutable_item());
        say(message);
    }
    // After what is being answered.
    void hang_up() { gone_ = true; }
    [[nodiscard]] std::size_t descriptors() { return take_descriptors().size(); }
    [[nodiscard]] std::vector<base::UniqueFd> take_descriptors() { return channel_->take_descriptors(); }

    const std::string path = testing::TempDir() + "scripted-" + std::to_string(::getpid()) + ".sock";

  private:
    void serve() {
        base::UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
        if (!client) return;
        EXPECT_TRUE(base::set_nonblocking(client.get()));
        channel_.emplace(std::move(client), proto::kRequestLimit, 0);
        for (;;) {
            while (const auto frame = channel_->next()) answer(*frame);
            if (gone_) break;
            if (!channel_->wait_readable(-1)) break;
            const auto open = channel_->receive();
            if (!open || !*open) break;
        }
        if (gone_) channel_.reset();
    }
    void answer(std::string_view frame) {
        wire::Request request;
        EXPECT_TRUE(request.ParseFromArray(frame.data(), static_cast<int>(frame.size())));
        if (!request.has_hello()) return answer_(*this, request);
        reply(request.id(), [this](wire::Reply& reply) { reply.mutable_hello()->set_version(version); });
    }

    Answer answer_;
    base::UniqueFd listener_;
    std::optional<proto::Channel> channel_;
    bool gone_ = false;
    std::thread thread_;

  public:
    std::uint32_t version = 2;
};

}  // namespace packetsentry::ctl
