// A whole daemon on a real socket, with fake_worker in the worker's place.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "daemon/service/daemon.h"
#include "proto/messages/batch.pb.h"
#include "tests/unit/daemon/control/test_client.h"

namespace packetsentry::control {

inline config::Config small_config(const std::string& directory) {
    config::Config config;
    config.socket = directory + "/control.sock";
    config.state_dir = directory;
    config.max_jobs = 6;
    config.max_clients = 12;
    config.max_clients_per_user = 10;
    config.max_streams_per_user = 20;
    config.window_bytes = 64 * 1024;
    return config;
}

inline std::string made_directory() {
    std::string pattern = testing::TempDir() + "daemon-XXXXXX";
    return ::mkdtemp(pattern.data());
}

struct DaemonTest : testing::Test {
    explicit DaemonTest(policy::Rules rules = {::geteuid(), std::nullopt, "packetsentry"})
        : directory(made_directory()),
          config(small_config(directory)),
          made{service::ControlSocket::open(config.socket, std::nullopt, ::geteuid()).value(),
               std::move(rules),
               base::StateDirectory::open(directory, ::geteuid(), ::getegid()).value(),
               {}},
          reread(config),
          daemon(config, made, FAKE_WORKER,
                 [this] {
                     ++rereads;
                     return reread;
                 }),
          thread([this] { daemon.run(); }) {}
    ~DaemonTest() override {
        daemon.stop();
        if (thread.joinable()) thread.join();
        std::filesystem::remove_all(directory);
    }

    static wire::Request start(const std::string& behaviour, bool foreground = false,
                               const std::string& name = "") {
        wire::Request request;
        auto& job = *request.mutable_start();
        job.mutable_capture()->add_interface("lo");
        job.mutable_capture()->mutable_filter()->set_bpf(behaviour);
        job.set_foreground(foreground);
        job.set_name(name);
        return request;
    }
    static wire::Request stop(const std::string& job) {
        wire::Request request;
        request.mutable_stop()->add_job(job);
        return request;
    }
    static wire::Request show(const std::string& job) {
        wire::Request request;
        request.mutable_show()->set_job(job);
        return request;
    }
    static wire::Request follow(const std::string& job, std::uint64_t from, bool kept_only) {
        wire::Request request;
        request.mutable_follow()->set_job(job);
        request.mutable_follow()->set_from_sequence(from);
        request.mutable_follow()->set_kept_only(kept_only);
        return request;
    }
    static wire::Request list() {
        wire::Request request;
        request.mutable_list();
        return request;
    }
    static wire::Request status() {
        wire::Request request;
        request.mutable_status();
        return request;
    }
    static wire::Request change(const std::string& job, const std::string& behaviour) {
        wire::Request request;
        request.mutable_filter()->set_job(job);
        request.mutable_filter()->mutable_filter()->set_bpf(behaviour);
        return request;
    }
    std::size_t open_descriptors() const {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
    // What is asked afterwards is answered after it: one loop does both, and a reload that finds something
    // wrong does not wait.
    void reload_in_vain() {
        const int before = rereads;
        ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
        until([&](TestClient&) { return rereads > before; });
    }
    // Asked again and again by a client of its own.
    void until(const std::function<bool(TestClient&)>& condition) {
        TestClient client(config.socket);
        client.hello();
        for (int i = 0; i < 1000; ++i) {
            if (condition(client)) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        ADD_FAILURE() << "it never came true";
    }

    std::string directory;
    config::Config config;
    service::Started made;
    base::Result<config::Config> reread;  // what the next reload finds
    std::atomic<int> rereads = 0;
    service::Daemon daemon;
    std::thread thread;
};

// What a stream brought, rows and gaps joined.
struct Stream {
    std::uint64_t next = 1;
    std::uint64_t rows = 0;
    std::uint64_t lost = 0;
    wire::Job ended;

    void read(TestClient& client, std::uint64_t follow) {
        while (const auto item = client.item()) {
            EXPECT_EQ(item->follow(), follow);
            if (item->has_rows()) take(item->rows());
            if (item->has_gap()) take(item->gap());
            if (!item->has_ended()) continue;
            ended = item->ended();
            return;
        }
        ADD_FAILURE() << "the stream has no end";
    }
    void take(const wire::Rows& message) {
        wire::Batch batch;
        ASSERT_TRUE(batch.ParseFromString(message.batch()));
        EXPECT_EQ(message.first_sequence(), next);
        rows += batch.rows();
        next += batch.rows();
    }
    void take(const wire::Gap& gap) {
        EXPECT_EQ(gap.first(), next);
        lost += gap.last() - gap.first() + 1;
        next = gap.last() + 1;
    }
};

}  // namespace packetsentry::control
