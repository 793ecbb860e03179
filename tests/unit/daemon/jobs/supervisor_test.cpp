// Real processes: fake_worker.cpp in the worker's place, which misbehaves as its filter says.
#include "daemon/jobs/supervisor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "daemon/base/clock.h"
#include "daemon/base/local_file.h"
#include "daemon/jobs/job_state.h"
#include "daemon/loop/sleeper.h"
#include "tests/unit/daemon/jobs/until.h"

namespace packetsentry::jobs {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using JobPtr = Supervisor::JobPtr;

CheckedStart order(const std::string& behaviour, std::uint64_t packets = 0) {
    CheckedStart start;
    start.order.capture.add_interface("lo");
    start.order.capture.mutable_filter()->set_bpf(behaviour);
    start.order.capture.mutable_until()->set_packets(packets);
    return start;
}

wire::Filter filter(const std::string& behaviour) {
    wire::Filter filter;
    filter.set_bpf(behaviour);
    return filter;
}

struct SupervisorTest : testing::Test {
    void run(std::function<asio::awaitable<void>()> body) {
        asio::co_spawn(loop, std::move(body), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        loop.run_for(20s);
        EXPECT_TRUE(loop.stopped()) << "something still runs";
    }
    asio::awaitable<void> until(std::function<bool()> condition) {
        return jobs::until(loop.get_executor(), std::move(condition));
    }
    // Like until(), and a pause between two workers of the job passes at once. A notice tells that one
    // begins.
    asio::awaitable<void> until_without_pauses(JobPtr job, std::function<bool()> condition) {
        std::uint64_t notices = 0;
        return until([this, job = std::move(job), condition = std::move(condition), notices]() mutable {
            if (job->state() == wire::JOB_WAITING && job->notice_count() != notices) {
                notices = job->notice_count();
                clocks.advance(2s);
            }
            return condition();
        });
    }
    asio::awaitable<JobPtr> started(CheckedStart start) {
        auto job = co_await supervisor.start(std::move(start));
        EXPECT_TRUE(job) << job.error().message;
        co_return job.value_or(nullptr);
    }
    asio::awaitable<void> stop(JobPtr job) {
        std::vector<JobPtr> jobs{std::move(job)};
        const Ending ending{.by = 1000};
        co_await supervisor.stop(std::move(jobs), ending);
    }
    asio::awaitable<void> over(JobPtr job) {
        co_await until([&] { return is_over(job->state()); });
    }
    // Rows are contiguous, as many as counted, and all still there.
    static void expect_whole(const Job& job) {
        EXPECT_EQ(job.window().evicted(), 0U);
        EXPECT_EQ(job.window().kept(), job.ledger().recorded());
        std::uint64_t next = 1;
        while (const stream::Sealed* batch = job.window().find(next)) next = batch->end_sequence();
        EXPECT_EQ(next, job.window().next_sequence());
    }

    base::MovableClocks clocks;
    asio::io_context loop{1};
    Supervisor supervisor{loop.get_executor(), Registry({.live = 8, .live_per_user = 8}, IdCounter({})),
                          FAKE_WORKER};
};

TEST_F(SupervisorTest, RunsAndStops) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("normal"));
        EXPECT_EQ(job->state(), wire::JOB_RUNNING);
        EXPECT_EQ(job->describe(now()).filter_text(), "text of normal");
        co_await until([&] { return job->window().kept() >= 50; });
        co_await stop(job);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        EXPECT_EQ(job->describe(now()).end_reason(), wire::END_ASKED);
        expect_whole(*job);
        co_await stop(job);  // again: nothing happens
    });
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);  // every child is reaped
    EXPECT_EQ(errno, ECHILD);
}

TEST_F(SupervisorTest, AConditionEndsTheJob) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("condition"));
        co_await over(job);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        EXPECT_EQ(job->describe(now()).end_reason(), wire::END_CONDITION);
        expect_whole(*job);
    });
}

struct Misstart {
    const char* behaviour;
    base::ErrorCode code;
    const char* message;
};

TEST_F(SupervisorTest, AStartThatFailsLeavesNothing) {
    const std::array kCases = {
        Misstart{"refuse", base::ErrorCode::filter, "no such filter"},
        Misstart{"silent exit", base::ErrorCode::internal,
                 "the worker exited with status 3; what it had not sent is lost"},
        Misstart{"rows first", base::ErrorCode::internal,
                 "the worker broke its protocol: its first message was not 'ready'"},
        Misstart{"notice first", base::ErrorCode::internal,
                 "the worker broke its protocol: its first message was not 'ready'"},
        Misstart{"garbage", base::ErrorCode::internal,
                 "the worker broke its protocol: it sent a message that cannot be read"},
        Misstart{"empty", base::ErrorCode::internal,
                 "the worker broke its protocol: its first message was not 'ready'"},
        Misstart{"huge", base::ErrorCode::internal,
                 "the worker broke its protocol: a message of 4294967295 bytes; at most 4194304 are allowed"},
    };
    run([&]() -> asio::awaitable<void> {
        for (const Misstart& wanted : kCases) {
            CheckedStart start = order(wanted.behaviour);
            const auto job = co_await supervisor.start(std::move(start));
            EXPECT_FALSE(job) << wanted.behaviour;
            if (job) continue;
            EXPECT_EQ(job.error().code, wanted.code) << wanted.behaviour;
            EXPECT_EQ(job.error().message, wanted.message);
        }
        EXPECT_EQ(supervisor.registry().live() + supervisor.registry().finished(), 0U);
        EXPECT_EQ(supervisor.worker_failures(), kCases.size() - 1);
    });
}

// A file stands for the interface: the worker captures once it is there.
struct BeginsWaiting : SupervisorTest {
    CheckedStart waiting_order() const {
        CheckedStart start = order("fails without " + file_);
        start.order.wait = start.order.begin_waiting = true;
        return start;
    }
    void make_file() const { const base::UniqueFd made(::open(file_.c_str(), O_CREAT | O_WRONLY, 0600)); }
    void TearDown() override { ::unlink(file_.c_str()); }

    const std::string file_ = testing::TempDir() + "interface-" + std::to_string(::getpid());
};

TEST_F(BeginsWaiting, ForAnInterfaceThatIsNotThere) {
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = waiting_order();
        start.order.capture.mutable_filter()->set_port(7);
        const JobPtr job = co_await started(std::move(start));
        EXPECT_EQ(job->state(), wire::JOB_WAITING);
        EXPECT_EQ(job->describe(now()).filter_text(), "(port 7) and (fails without " + file_ + ")");
        co_await stop(job);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        EXPECT_EQ(job->describe(now()).notice(0), "no interface 'lo'; the capture waits for it");
    });
}

TEST_F(BeginsWaiting, AndCapturesOnceItIsThere) {
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = waiting_order();
        start.order.capture.mutable_until()->set_duration_ns(3'600'000'000'000);
        const JobPtr job = co_await started(std::move(start));
        const std::int64_t ordered = job->describe(now()).started_ns();
        make_file();
        co_await until([&] { return job->window().kept() >= 50; });
        EXPECT_EQ(job->state(), wire::JOB_RUNNING);
        EXPECT_GT(job->describe(now()).started_ns(), ordered);
        co_await stop(job);
        EXPECT_EQ(job->describe(now()).notice(1), "the capture begins");
        EXPECT_EQ(job->describe(now()).losses(), 0U);
        expect_whole(*job);
    });
}

TEST_F(BeginsWaiting, OnlyWhereItWasOrderedTo) {
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = waiting_order();
        start.order.begin_waiting = false;
        const auto job = co_await supervisor.start(std::move(start));
        EXPECT_FALSE(job);
    });
}

struct Misdeed {
    const char* behaviour;
    const char* message;
};

TEST_F(SupervisorTest, AMisbehavingWorkerIsFollowedByAnother) {
    const std::array kCases = {
        Misdeed{"ready twice", "the worker broke its protocol: it sent 'ready' twice"},
        Misdeed{"no rows", "the worker broke its protocol: "},
        Misdeed{"skips rows",
                "the worker broke its protocol: it sent a batch that begins with row 12, not 11"},
        Misdeed{"forged batch", "the worker broke its protocol: "},
        Misdeed{"counts back", "the worker broke its protocol: it sent a count that became smaller"},
        Misdeed{"no balance", "the worker broke its protocol: it sent counts that do not balance"},
        Misdeed{"long notice", "the worker broke its protocol: it sent a notice that is too long"},
        Misdeed{"wrong sum", "the worker broke its protocol: it recorded 11 packets and sent 10"},
        Misdeed{"killed", "the worker was killed by signal 9 (Killed); what it had not sent is lost"},
        Misdeed{"exits", "the worker exited with status 3; what it had not sent is lost"},
    };
    run([&]() -> asio::awaitable<void> {
        const JobPtr bystander = co_await started(order("normal"));
        for (const Misdeed& wanted : kCases) {
            const JobPtr job = co_await started(order(wanted.behaviour));
            // Its word, that it goes on, its successor's.
            co_await until_without_pauses(job, [&] { return job->notice_count() >= 3; });
            EXPECT_EQ(job->notice(0).text().substr(0, std::string(wanted.message).size()), wanted.message);
            EXPECT_EQ(job->notice(1).text(), "the capture goes on");
            const wire::Job told = job->describe(now());
            EXPECT_EQ(told.loss(0).cause(), wire::Loss::WORKER_DIED) << wanted.behaviour;
            EXPECT_TRUE(told.loss(0).at_most());
            EXPECT_GE(told.worker_restarts(), 2U);
            if (std::string(wanted.behaviour) != "ready twice") {
                EXPECT_GE(job->window().kept(), 20U) << wanted.behaviour;
            }
            co_await stop(job);
            EXPECT_EQ(job->state(), wire::JOB_FINISHED) << wanted.behaviour;
        }
        EXPECT_EQ(bystander->state(), wire::JOB_RUNNING);
        co_await stop(bystander);
        EXPECT_EQ(bystander->state(), wire::JOB_FINISHED);
    });
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(SupervisorTest, AnInterfaceThatIsGoneEndsTheJobOrIsWaitedFor) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr ends = co_await started(order("fails"));
        co_await over(ends);
        EXPECT_EQ(ends->state(), wire::JOB_FAILED);
        EXPECT_EQ(ends->error().message, "the interface has gone");
        CheckedStart patient = order("fails");
        patient.order.wait = true;
        const JobPtr waits = co_await started(std::move(patient));
        // The second worker has failed as well.
        co_await until_without_pauses(
            waits, [&] { return waits->window().kept() >= 20 && waits->state() == wire::JOB_WAITING; });
        EXPECT_EQ(waits->describe(now()).loss(0).cause(), wire::Loss::INTERFACE_GONE);
        co_await stop(waits);
        EXPECT_EQ(waits->state(), wire::JOB_FINISHED);
    });
}

TEST_F(SupervisorTest, ADeafWorkerIsKilled) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("deaf"));
        asio::co_spawn(loop, stop(job), asio::detached);
        co_await until([&] { return job->state() == wire::JOB_STOPPING; });
        clocks.advance(1s);
        loop::Sleeper sleeper(loop.get_executor());
        co_await sleeper.sleep_until(base::SteadyClock::now() + 50ms);
        EXPECT_EQ(job->state(), wire::JOB_STOPPING) << "it has two seconds";
        clocks.advance(1s);
        co_await over(job);
        EXPECT_EQ(job->state(), wire::JOB_FAILED);
        EXPECT_EQ(job->error().message,
                  "the worker did not end within 2 s and was killed; what it had not sent is lost");
        EXPECT_EQ(job->window().kept(), 10U);
    });
}

TEST_F(SupervisorTest, StopWhileStarting) {
    run([&]() -> asio::awaitable<void> {
        bool ended = false;
        asio::co_spawn(
            loop,
            [&]() -> asio::awaitable<void> {
                CheckedStart start = order("hang before ready");
                const auto job = co_await supervisor.start(std::move(start));
                EXPECT_FALSE(job);
                ended = true;
            },
            [](const std::exception_ptr&) {});
        co_await until([&] { return supervisor.registry().live() == 1; });
        const auto all = supervisor.registry().all([](const Job&) { return true; });
        co_await stop(all.front());
        co_await until([&] { return ended; });
        EXPECT_EQ(supervisor.registry().live() + supervisor.registry().finished(), 0U);
    });
}

TEST_F(SupervisorTest, AFilterChangeHandsOver) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("first"));
        co_await until([&] { return job->window().kept() >= 30; });
        const auto changed = co_await supervisor.change_filter(job, filter("second"));
        EXPECT_TRUE(changed);
        EXPECT_EQ(job->state(), wire::JOB_RUNNING);
        EXPECT_EQ(job->describe(now()).filter_text(), "text of second");
        EXPECT_EQ(job->capture().filter().bpf(), "second");
        const auto before = job->window().next_sequence();
        co_await until([&] { return job->window().next_sequence() >= before + 30; });
        co_await stop(job);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        expect_whole(*job);
    });
}

TEST_F(SupervisorTest, ABadFilterLeavesTheJobAsItWas) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("first"));
        for (const char* behaviour : {"refuse", "silent exit", "garbage"}) {
            const auto changed = co_await supervisor.change_filter(job, filter(behaviour));
            EXPECT_FALSE(changed) << behaviour;
            EXPECT_EQ(job->state(), wire::JOB_RUNNING);
        }
        wire::Filter unknown;
        unknown.add_protocol("nonsense");
        const auto changed = co_await supervisor.change_filter(job, unknown);
        EXPECT_EQ(changed.error().code, base::ErrorCode::filter);
        EXPECT_EQ(job->describe(now()).filter_text(), "text of first");
        const auto before = job->window().next_sequence();
        co_await until([&] { return job->window().next_sequence() > before; });
        co_await stop(job);
        expect_whole(*job);
    });
}

// What happens while a change waits for a worker that never gets ready.
struct ChangeTest : SupervisorTest {
    void during_change(const std::string& first, std::function<asio::awaitable<void>(JobPtr)> meanwhile) {
        run([&]() -> asio::awaitable<void> {
            const JobPtr job = co_await started(order(first));
            bool ended = false;
            asio::co_spawn(
                loop,
                [&]() -> asio::awaitable<void> {
                    const auto changed = co_await supervisor.change_filter(job, filter("hang before ready"));
                    EXPECT_FALSE(changed);
                    if (!changed) error = changed.error();
                    ended = true;
                },
                [](const std::exception_ptr&) {});
            co_await until([&] { return job->state() == wire::JOB_CHANGING; });
            co_await meanwhile(job);
            co_await until([&] { return ended; });
        });
    }
    base::Error error;
};

TEST_F(ChangeTest, StopDuringAChange) {
    during_change("first", [&](JobPtr job) -> asio::awaitable<void> {
        co_await stop(job);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        expect_whole(*job);
    });
    EXPECT_NE(error.message.find("ended while its filter was being changed"), std::string::npos);
}

// However long that takes: the present worker captures all the while.
TEST_F(ChangeTest, WhoMayNotHaveItAnyMoreLosesItDuringAChange) {
    during_change("first", [&](JobPtr job) -> asio::awaitable<void> {
        supervisor.set_policy([](const Order&) { return policy::Verdict{.reason = "rule 1 is against it"}; });
        supervisor.apply_policy();
        co_await over(job);
        EXPECT_EQ(job->describe(now()).notice(0), "the job ends: rule 1 is against it");
    });
}

TEST_F(ChangeTest, ASecondChangeIsRefused) {
    during_change("first", [&](JobPtr job) -> asio::awaitable<void> {
        const auto second = co_await supervisor.change_filter(job, filter("other"));
        EXPECT_EQ(second.error().code, base::ErrorCode::usage);
        EXPECT_EQ(second.error().message, "job 1 is changing its filter; try again later");
        co_await stop(job);
    });
}

TEST_F(SupervisorTest, TheWorkerMayDieDuringAChange) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("late and mortal"));
        for (const char* behaviour : {"ready late", "hang before ready"}) {
            co_await until_without_pauses(job, [&] { return job->state() == wire::JOB_RUNNING; });
            const auto changed = co_await supervisor.change_filter(job, filter(behaviour));
            EXPECT_FALSE(changed);
            if (changed) continue;
            EXPECT_EQ(changed.error().message, "job 1 is waiting; try again later");
            EXPECT_EQ(job->state(), wire::JOB_WAITING);
        }
        const auto kept = job->window().kept();
        co_await until_without_pauses(
            job, [&] { return job->state() == wire::JOB_RUNNING && job->window().kept() > kept; });
        EXPECT_EQ(job->describe(now()).filter_text(), "text of late and mortal");
        co_await stop(job);
        expect_whole(*job);
    });
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a worker is left";
}

TEST_F(SupervisorTest, TheInterfaceMayGoDuringAChange) {
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = order("fails late");
        start.order.wait = true;
        const JobPtr job = co_await started(std::move(start));
        const auto changed = co_await supervisor.change_filter(job, filter("second"));
        EXPECT_FALSE(changed);
        EXPECT_EQ(job->state(), wire::JOB_WAITING);
        co_await until_without_pauses(job, [&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->describe(now()).filter_text(), "text of fails late");
        co_await stop(job);
    });
}

// The policy of now is the next worker's; the change has nobody to follow.
TEST_F(SupervisorTest, OneThatWaitsIsNotEndedByAnotherPolicy) {
    run([&]() -> asio::awaitable<void> {
        policy::Verdict verdict{.allowed = true, .rule = "rule 1"};
        supervisor.set_policy([&](const Order&) { return verdict; });
        CheckedStart start = order("fails");
        start.order.wait = true;
        const JobPtr job = co_await started(std::move(start));
        co_await until([&] { return job->state() == wire::JOB_WAITING; });
        verdict.terms.filter = "udp";
        supervisor.apply_policy();
        co_await until([&] { return job->terms().required_filter() == "udp"; });
        co_await until([&] {
            for (auto n = job->first_notice(); n < job->notice_count(); ++n)
                if (job->notice(n).text() == "the policy has changed: rule 1: only what passes 'udp'")
                    return true;
            return false;
        });
        EXPECT_FALSE(is_over(job->state()));
        verdict = {.reason = "rule 1 is against it"};
        supervisor.apply_policy();
        co_await over(job);
    });
}

TEST_F(SupervisorTest, TheConditionMayBeMetDuringAChange) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("first", 100));
        const auto changed = co_await supervisor.change_filter(job, filter("hang before ready"));
        EXPECT_FALSE(changed);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        EXPECT_EQ(job->window().kept(), 100U);
    });
}

TEST_F(SupervisorTest, PacketsLeftCountAcrossWorkers) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("quiet", 40));
        co_await until([&] { return job->window().kept() == 10; });
        const auto changed = co_await supervisor.change_filter(job, filter("second"));
        EXPECT_TRUE(changed);
        co_await over(job);
        EXPECT_EQ(job->describe(now()).end_reason(), wire::END_CONDITION);
        EXPECT_EQ(job->window().kept(), 40U);
    });
}

TEST_F(SupervisorTest, SuccessorsShareTheOutput) {
    const base::UniqueFd file(::open(testing::TempDir().c_str(), O_TMPFILE | O_RDWR, 0600));
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = order("first");
        start.output.reset(::dup(file.get()));
        start.order.capture.mutable_save()->set_format(wire::SAVE_PCAP);
        const JobPtr job = co_await started(std::move(start));
        co_await until([&] { return job->window().kept() > 10; });
        const auto changed = co_await supervisor.change_filter(job, filter("second"));
        EXPECT_TRUE(changed);
        const auto before = job->window().next_sequence();
        co_await until([&] { return job->window().next_sequence() > before + 10; });
        co_await stop(job);
    });
    std::array<char, 64> text{};
    const ssize_t size = ::pread(file.get(), text.data(), text.size(), 0);
    EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(size)), "firstsecond");
}

TEST_F(SupervisorTest, ASuccessorDoesNotWriteWhatFailedInTheHandover) {
    const base::UniqueFd file(::open(testing::TempDir().c_str(), O_TMPFILE | O_RDWR, 0600));
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = order("fails to save");
        start.output.reset(::dup(file.get()));
        start.order.capture.mutable_save()->set_format(wire::SAVE_PCAP);
        const JobPtr job = co_await started(std::move(start));
        co_await until([&] { return job->window().kept() > 10; });
        const auto changed = co_await supervisor.change_filter(job, filter("second"));
        EXPECT_TRUE(changed);
        const auto before = job->window().next_sequence();
        co_await until([&] { return job->window().next_sequence() > before + 10; });
        EXPECT_TRUE(job->saving_ended());
        co_await stop(job);
    });
    std::array<char, 64> text{};
    const ssize_t size = ::pread(file.get(), text.data(), text.size(), 0);
    EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(size)), "fails to save");
}

// A file below the directory for tests, with the name that a user would have given it.
struct NamedFile {
    explicit NamedFile(const char* name)
        : path(testing::TempDir() + name + std::to_string(::getpid())),
          fd(::open(path.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600)) {}
    ~NamedFile() { ::unlink(path.c_str()); }
    CheckedStart start(const std::string& behaviour) const {
        CheckedStart start = order(behaviour);
        start.output.reset(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        start.order.output_name = path;
        start.order.owner = 1000;
        start.order.capture.mutable_save()->set_format(wire::SAVE_PCAP);
        return start;
    }
    std::string path;
    base::UniqueFd fd;
};

TEST_F(SupervisorTest, AFileIsWrittenByOneJobAtATime) {
    const NamedFile file("shared");
    const NamedFile other("another");
    run([&]() -> asio::awaitable<void> {
        const JobPtr first = co_await started(file.start("first"));
        CheckedStart again = file.start("second");
        const auto refused = co_await supervisor.start(std::move(again));
        const base::Error error = refused ? base::Error() : refused.error();
        EXPECT_EQ(error.code, base::ErrorCode::file);
        EXPECT_EQ(error.message,
                  "cannot save to '" + file.path + "': job 1 is writing that file; choose another name");
        // By another name, and by another user, who is not told whose job it is.
        const std::string link = file.path + ".link";
        EXPECT_EQ(::link(file.path.c_str(), link.c_str()), 0);
        CheckedStart linked = file.start("second");
        linked.output.reset(::open(link.c_str(), O_WRONLY | O_CLOEXEC));
        linked.order.owner = 1001;
        const auto refused_too = co_await supervisor.start(std::move(linked));
        ::unlink(link.c_str());
        const std::string message = refused_too ? "" : refused_too.error().message;
        EXPECT_NE(message.find("another job is writing"), std::string::npos) << message;
        const JobPtr apart = co_await started(other.start("other"));
        co_await stop(first);
        const JobPtr next = co_await started(file.start("next"));
        co_await stop(next);
        co_await stop(apart);
    });
}

TEST_F(SupervisorTest, NothingIsSavedIntoAFileThatWasRemoved) {
    const NamedFile file("removed");
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(file.start("normal"));
        co_await until([&] { return job->window().kept() > 10; });
        supervisor.look_at_outputs();
        EXPECT_FALSE(job->saving_ended());
        ::unlink(file.path.c_str());
        supervisor.look_at_outputs();
        EXPECT_TRUE(job->saving_ended());
        const wire::Job told = job->describe(now());
        EXPECT_EQ(told.saving_end().reason(), "the output file was removed");
        EXPECT_EQ(told.output_name(), file.path);
        // Another worker, which is given no output, takes over, and what it records counts as not saved.
        co_await until([&] { return job->ledger().not_saved() > 10; });
        EXPECT_EQ(job->state(), wire::JOB_RUNNING);
        co_await stop(job);
    });
}

TEST_F(SupervisorTest, AFileThatWasMovedIsSavedIntoAndHasItsNewName) {
    const NamedFile file("moving");
    if (!base::is_local(file.fd.get())) GTEST_SKIP() << "nobody knows who answers for files here";
    const std::string name = std::filesystem::canonical(file.path);
    const std::string moved = name + ".moved";
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = file.start("normal");
        start.order.output_name = name;
        const JobPtr job = co_await started(std::move(start));
        co_await until([&] { return job->window().kept() > 10; });
        supervisor.look_at_outputs();
        EXPECT_EQ(job->notice_count(), 0U);
        EXPECT_EQ(std::rename(name.c_str(), moved.c_str()), 0);
        supervisor.look_at_outputs();
        supervisor.look_at_outputs();
        EXPECT_EQ(job->notice_count(), 1U);
        EXPECT_EQ(job->describe(now()).notice(0), "the output file was moved to '" + moved + "'");
        EXPECT_EQ(job->describe(now()).output_name(), moved);
        // In the very moment of the stop.
        EXPECT_EQ(std::rename(moved.c_str(), name.c_str()), 0);
        co_await stop(job);
        EXPECT_EQ(job->describe(now()).output_name(), name);
        EXPECT_FALSE(job->saving_ended());
    });
}

TEST_F(SupervisorTest, AJobThatIsStoppedTellsThatItsFileWasRemovedAMomentBefore) {
    const NamedFile file("removed-last");
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(file.start("normal"));
        co_await until([&] { return job->window().kept() > 10; });
        ::unlink(file.path.c_str());
        co_await stop(job);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        EXPECT_EQ(job->describe(now()).saving_end().reason(), "the output file was removed");
    });
}

TEST_F(SupervisorTest, TellsByWhomOrWhyAJobEnded) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr stopped = co_await started(order("normal"));
        co_await stop(stopped);
        EXPECT_EQ(stopped->describe(now()).ended_by(), 1000U);
        const JobPtr done = co_await started(order("condition"));
        co_await over(done);
        EXPECT_FALSE(done->describe(now()).has_ended_by());
        EXPECT_EQ(done->describe(now()).ended_because(), "it reached its time limit");
        const JobPtr suspended = co_await started(order("normal"));
        supervisor.suspend();
        co_await over(suspended);
        EXPECT_TRUE(suspended->ends_with_daemon());
        EXPECT_FALSE(stopped->ends_with_daemon());
    });
}

// Whether the job goes on with another worker or ends for it.
TEST_F(SupervisorTest, EachWorkerThatFailedIsCounted) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr job = co_await started(order("killed"));
        co_await until([&] { return job->describe(now()).worker_restarts() >= 1; });
        EXPECT_GE(supervisor.worker_failures(), 1U);
        co_await stop(job);
        EXPECT_GE(supervisor.worker_failures(), job->describe(now()).worker_restarts());
    });
}

TEST_F(SupervisorTest, AnInterfaceDownDegrades) {
    run([&]() -> asio::awaitable<void> {
        const JobPtr down = co_await started(order("down"));
        co_await until([&] { return down->state() == wire::JOB_DEGRADED; });
        const JobPtr up = co_await started(order("down and up"));
        co_await until([&] { return up->notice_count() == 2; });
        EXPECT_EQ(up->state(), wire::JOB_RUNNING);
        std::vector<JobPtr> both{down, up};
        const Ending ending{.by = 1000};
        co_await supervisor.stop(both, ending);
    });
}

TEST_F(SupervisorTest, NoWorkerNoJob) {
    Supervisor lost(loop.get_executor(), Registry({}, IdCounter({})), "/nonexistent/packetsentry-worker");
    run([&]() -> asio::awaitable<void> {
        CheckedStart start = order("normal");
        const auto job = co_await lost.start(std::move(start));
        const std::string message = job ? "" : job.error().message;
        EXPECT_EQ(message, "cannot start /nonexistent/packetsentry-worker: No such file or directory");
    });
}

}  // namespace
}  // namespace packetsentry::jobs
