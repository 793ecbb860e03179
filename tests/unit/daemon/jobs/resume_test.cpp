// Jobs in the background come back when the daemon is started again.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "daemon/base/clock.h"
#include "daemon/base/local_file.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/supervisor.h"
#include "daemon/loop/sleeper.h"
#include "tests/unit/daemon/jobs/state.h"
#include "tests/unit/daemon/jobs/until.h"

namespace packetsentry::jobs {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using JobPtr = Supervisor::JobPtr;

struct ResumeTest : testing::Test {
    ResumeTest() {
        std::string pattern = testing::TempDir() + "resume-XXXXXX";
        directory = ::mkdtemp(pattern.data());
    }
    ~ResumeTest() override { std::filesystem::remove_all(directory); }

    struct Life;
    using Body = std::function<asio::awaitable<void>(Life&)>;
    // One life of the daemon.
    struct Life {
        explicit Life(const std::string& directory, const char* worker = FAKE_WORKER)
            : supervisor(loop.get_executor(),
                         Registry({.live = 8, .live_per_user = 8}, IdCounter(opened(directory))), worker,
                         JobStore(opened(directory),
                                  {.keep = [this](std::uint64_t job, int) { kept.insert(job); },
                                   .forget = [this](std::uint64_t job) { forgotten.insert(job); }})) {}
        asio::awaitable<void> until(std::function<bool()> condition) {
            return jobs::until(loop.get_executor(), std::move(condition));
        }
        std::vector<JobPtr> all() {
            return supervisor.registry().all([](const Job&) { return true; });
        }
        asio::awaitable<void> end() {
            supervisor.suspend();
            co_await until([&] { return supervisor.registry().live() == 0; });
        }
        asio::io_context loop{1};
        std::set<std::uint64_t> kept, forgotten;  // outputs
        Supervisor supervisor;
    };
    void live(Body body, const char* worker = FAKE_WORKER) {
        Life life(directory, worker);
        asio::co_spawn(
            life.loop, [&]() -> asio::awaitable<void> { co_await body(life); },
            [](const std::exception_ptr& error) {
                if (error) std::rethrow_exception(error);
            });
        life.loop.run_for(20s);
        EXPECT_TRUE(life.loop.stopped()) << "something still runs";
    }
    static CheckedStart order(const std::string& behaviour, const std::string& name,
                              bool foreground = false) {
        CheckedStart start;
        start.order.capture.add_interface("lo");
        start.order.capture.mutable_filter()->set_bpf(behaviour);
        start.order.name = name;
        start.order.foreground = foreground;
        start.order.owner = 1000;
        return start;
    }
    // A life that ends with three jobs: in the background, in the foreground, and one stopped before.
    void first_life() {
        live([&](Life& life) -> asio::awaitable<void> {
            const auto night = co_await life.supervisor.start(order("normal", "night"));
            const auto front = co_await life.supervisor.start(order("normal", "front", true));
            const auto gone = co_await life.supervisor.start(order("normal", "gone"));
            EXPECT_TRUE(night && front && gone);
            std::vector<JobPtr> stopped{*gone};
            co_await life.supervisor.stop(std::move(stopped), by_owner);
            co_await life.until([&] { return (*night)->window().kept() >= 50; });
            co_await life.end();
            recorded = (*night)->ledger().recorded();
        });
    }

    // A life that ends with a job whose packets are saved.
    void life_that_saves() {
        live([&](Life& life) -> asio::awaitable<void> {
            auto saving = order("normal", "night");
            saving.order.capture.mutable_save()->set_format(wire::SAVE_PCAP);
            saving.order.output_name = "night.pcap";
            EXPECT_TRUE(co_await life.supervisor.start(std::move(saving)));
            co_await life.end();
        });
    }

    // A life that ends with a job which has saved so many bytes, and their file.
    void life_that_has_saved(std::uint64_t bytes) {
        life_that_saves();
        wire::StoredJob stored = JobStore(opened(directory), {}).load().jobs.at(0);
        stored.mutable_ledger()->set_saved_bytes(bytes);
        std::ofstream(directory + "/jobs/1", std::ios::binary) << stored.SerializeAsString();
        std::ofstream(saved_path()) << std::string(bytes, 'x');
    }
    std::string saved_path() const { return directory + "/night.pcap"; }
    Supervisor::Outputs saved_output() const {
        Supervisor::Outputs outputs;
        outputs.emplace(1, ::open(saved_path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
        return outputs;
    }
    bool files_are_local() const {
        return base::is_local(base::UniqueFd(::open(directory.c_str(), O_TMPFILE | O_RDWR, 0600)).get());
    }

    std::string directory;
    std::uint64_t recorded = 0;
    const Ending by_owner{.by = 1000};
};

TEST_F(ResumeTest, AJobInTheBackgroundGoesOnCounting) {
    first_life();
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume({});
        const auto jobs = life.all();
        EXPECT_EQ(jobs.size(), 1U) << "neither the one in the foreground nor the one that was stopped";
        const JobPtr job = jobs.at(0);
        EXPECT_EQ(job->label(), "night");
        EXPECT_EQ(job->order().owner, 1000U);
        EXPECT_EQ(job->id(), 1U);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        co_await life.until([&] { return job->window().kept() >= 20; });
        EXPECT_EQ(job->window().first_sequence(), recorded + 1);
        EXPECT_EQ(job->ledger().recorded(), recorded + job->window().kept());
        EXPECT_NE(job->describe(now()).notice(0).find("packetsentryd was started again"), std::string::npos);
        const auto next = co_await life.supervisor.start(order("normal", ""));
        EXPECT_EQ((*next)->id(), 4U);
        co_await life.end();
    });
}

// The daemon was killed before it had stored that there was another worker, whose rows the spool has.
TEST_F(ResumeTest, NoRunOfWhichTheSpoolHasRowsIsGivenAgain) {
    first_life();
    const Supervisor::LastRuns newer{{1, 7}, {99, 20}};
    const Supervisor::LastRuns older{{1, 3}};
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume({}, newer);
        const auto jobs = life.all();
        EXPECT_EQ(jobs.size(), 1U);
        const JobPtr job = jobs.at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->run(), 8U);
        co_await life.end();
    });
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume({}, older);
        const auto jobs = life.all();
        const JobPtr job = jobs.at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->run(), 9U) << "what was stored is newer";
        co_await life.end();
    });
}

// Written when its counts change, and not again for a while, whatever becomes of them.
TEST_F(ResumeTest, ProgressIsStoredNowAndThen) {
    live([&](Life& life) -> asio::awaitable<void> {
        const auto started = co_await life.supervisor.start(order("normal", "night"));
        EXPECT_TRUE(started);
        const auto stored = [&] {
            return JobStore(opened(directory), {}).load().jobs.at(0).ledger().recorded();
        };
        EXPECT_EQ(stored(), 0U);
        co_await life.until([&] { return (*started)->ledger().delivered() >= 50; });
        life.supervisor.store_progress();
        co_await life.until([&] { return stored() >= 50; });  // in a moment, by a thread
        const std::uint64_t first = stored();
        co_await life.until([&] { return (*started)->ledger().recorded() > first; });
        life.supervisor.store_progress();
        EXPECT_EQ(stored(), first);
        co_await life.end();
        co_await life.until([&] { return stored() > first; });  // in a moment, once its worker has ended
    });
}

TEST_F(ResumeTest, WhatIsStoppedForGoodStaysAway) {
    first_life();
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume({});
        auto jobs = life.all();
        co_await life.until([&] { return jobs.at(0)->state() == wire::JOB_RUNNING; });
        co_await life.supervisor.stop(std::move(jobs), by_owner);
    });
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume({});
        EXPECT_TRUE(life.all().empty());
        co_return;
    });
}

TEST_F(ResumeTest, OneWhoseEndTheDaemonDoesNotAwaitStaysAwayToo) {
    live([&](Life& life) -> asio::awaitable<void> {
        const auto started = co_await life.supervisor.start(order("deaf", "night"));
        EXPECT_TRUE(started);
        std::vector<JobPtr> stopped{*started};
        asio::co_spawn(life.loop, life.supervisor.stop(std::move(stopped), by_owner), asio::detached);
        co_await life.until([&] { return (*started)->state() == wire::JOB_STOPPING; });
        EXPECT_TRUE(JobStore(opened(directory), {}).load().jobs.empty());
        life.supervisor.store_progress();
        co_await life.end();
        EXPECT_TRUE(JobStore(opened(directory), {}).load().jobs.empty());
    });
}

// It would go on at a place of before, and cut off what was saved since.
TEST_F(ResumeTest, AnOutputWhoseCutCannotBeStoredIsNotGoneOnIn) {
    live([&](Life& life) -> asio::awaitable<void> {
        CheckedStart saving = order("killed", "night");
        saving.order.capture.mutable_save()->set_format(wire::SAVE_PCAP);
        saving.output.reset(::memfd_create("output", MFD_CLOEXEC));
        std::filesystem::create_directory(directory + "/jobs/1.new");  // in the way
        const auto started = co_await life.supervisor.start(std::move(saving));
        EXPECT_TRUE(started);
        co_await life.until([&] { return life.forgotten.contains(1); });
        EXPECT_FALSE(is_over((*started)->state()));
        life.kept.clear();
        std::filesystem::remove(directory + "/jobs/1.new");
        co_await life.until([&] { return life.kept.contains(1); });
        co_await life.end();
    });
}

TEST_F(ResumeTest, OneThatCannotBeginWaitsAndCanBeGivenUp) {
    first_life();
    live(
        [&](Life& life) -> asio::awaitable<void> {
            life.supervisor.resume({});
            auto jobs = life.all();
            const JobPtr job = jobs.at(0);
            co_await life.until([&] { return job->state() == wire::JOB_WAITING; });
            loop::Sleeper sleeper(life.loop.get_executor());
            co_await sleeper.sleep_until(base::SteadyClock::now() + 100ms);
            EXPECT_EQ(job->state(), wire::JOB_WAITING);
            co_await life.supervisor.stop(std::move(jobs), by_owner);
            EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        },
        "/nonexistent/worker");
}

TEST_F(ResumeTest, OneThatWaitsWhenTheDaemonEndsComesBackLater) {
    first_life();
    live(
        [&](Life& life) -> asio::awaitable<void> {
            life.supervisor.resume({});
            co_await life.end();
        },
        "/nonexistent/worker");
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume({});
        const auto jobs = life.all();
        EXPECT_EQ(jobs.size(), 1U);
        co_await life.until([&] { return jobs.at(0)->state() == wire::JOB_RUNNING; });
        co_await life.end();
    });
}

TEST_F(ResumeTest, AnOutputThatWasRemovedMeanwhileIsNotGoneOnIn) {
    life_that_saves();
    live([&](Life& life) -> asio::awaitable<void> {
        Supervisor::Outputs outputs;
        const std::string path = directory + "/night.pcap";
        outputs.emplace(1, ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        ::unlink(path.c_str());
        life.supervisor.resume(std::move(outputs));
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->describe(now()).saving_end().reason(), "the output file was removed");
        co_await life.end();
    });
}

TEST_F(ResumeTest, AnOutputThatWasTruncatedMeanwhileIsNotGoneOnIn) {
    if (!files_are_local()) GTEST_SKIP() << "nobody knows who answers for files here";
    life_that_has_saved(100);
    EXPECT_EQ(::truncate(saved_path().c_str(), 99), 0);
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume(saved_output());
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->describe(now()).saving_end().reason(), workers::kOutputTruncated);
        co_await life.end();
    });
}

TEST_F(ResumeTest, NothingIsSavedIntoAFileThatWasTruncated) {
    if (!files_are_local()) GTEST_SKIP() << "nobody knows who answers for files here";
    life_that_has_saved(100);
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume(saved_output());
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->window().kept() >= 20; });
        life.supervisor.look_at_outputs();
        EXPECT_FALSE(job->saving_ended());
        EXPECT_EQ(::truncate(saved_path().c_str(), 0), 0);
        life.supervisor.look_at_outputs();
        EXPECT_EQ(job->describe(now()).saving_end().reason(), workers::kOutputTruncated);
        co_await life.until([&] { return job->ledger().not_saved() > 10; });
        // Meanwhile a worker that does not have the file may take over.
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        co_await life.end();
    });
}

TEST_F(ResumeTest, AJobThatIsStoppedTellsThatItsFileWasTruncatedAMomentBefore) {
    if (!files_are_local()) GTEST_SKIP() << "nobody knows who answers for files here";
    life_that_has_saved(100);
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume(saved_output());
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->window().kept() >= 20; });
        EXPECT_EQ(::truncate(saved_path().c_str(), 0), 0);
        std::vector<JobPtr> stopped{job};
        co_await life.supervisor.stop(std::move(stopped), by_owner);
        EXPECT_EQ(job->state(), wire::JOB_FINISHED);
        EXPECT_EQ(job->describe(now()).saving_end().reason(), workers::kOutputTruncated);
    });
}

// Each life goes on with the name that the file has got in the one before.
TEST_F(ResumeTest, AnOutputThatWasMovedHasItsPresentNameAfterARestart) {
    if (!files_are_local()) GTEST_SKIP() << "nobody knows who answers for files here";
    const std::string path = std::filesystem::canonical(directory) / "night.pcap";
    const auto moved = [&path](int times) { return path + "." + std::to_string(times); };
    live([&](Life& life) -> asio::awaitable<void> {
        auto saving = order("normal", "night");
        saving.order.capture.mutable_save()->set_format(wire::SAVE_PCAP);
        saving.order.output_name = path;
        saving.output.reset(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        const auto started = co_await life.supervisor.start(std::move(saving));
        EXPECT_TRUE(started);
        EXPECT_EQ(::rename(path.c_str(), moved(1).c_str()), 0);
        life.supervisor.look_at_outputs();
        EXPECT_EQ((*started)->describe(now()).output_name(), moved(1));
        co_await life.end();
    });
    live([&](Life& life) -> asio::awaitable<void> {
        Supervisor::Outputs outputs;
        outputs.emplace(1, ::open(moved(1).c_str(), O_WRONLY | O_CLOEXEC));
        life.supervisor.resume(std::move(outputs));
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->describe(now()).output_name(), moved(1));
        EXPECT_EQ(::rename(moved(1).c_str(), moved(2).c_str()), 0);
        life.supervisor.look_at_outputs();
        EXPECT_EQ(job->describe(now()).output_name(), moved(2));
        co_await life.end();
    });
}

TEST_F(ResumeTest, AnOutputThatIsGoneIsTold) {
    std::int64_t ended_ns = 0;
    life_that_saves();
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.resume({});
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->capture().save().format(), wire::SAVE_NONE);
        EXPECT_EQ(job->describe(now()).notice(1),
                  "the output file did not stay open when packetsentryd restarted");
        EXPECT_TRUE(job->saving_ended());
        // What had been saved until then, and when that was, stays to be seen.
        EXPECT_EQ(job->describe(now()).saving_end().reason(),
                  "the output file did not stay open when packetsentryd restarted");
        ended_ns = job->describe(now()).saving_end().at_ns();
        EXPECT_LT(ended_ns, job->describe(now()).notice_ns(1));
        co_await life.end();
    });
    live([&](Life& life) -> asio::awaitable<void> {  // and once
        life.supervisor.resume({});
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_TRUE(job->saving_ended());
        const wire::Job told = job->describe(now());
        for (const std::string& notice : told.notice())
            EXPECT_EQ(notice.find("did not stay open"), std::string::npos);
        EXPECT_EQ(told.output_name(), "night.pcap");
        EXPECT_EQ(told.saving_end().reason(),
                  "the output file did not stay open when packetsentryd restarted");
        EXPECT_EQ(told.saving_end().at_ns(), ended_ns);
        co_await life.end();
    });
}

// The policy of now decides, by what was known of the owner.
TEST_F(ResumeTest, AJobThatThePolicyForbidsMeanwhileDoesNotComeBack) {
    live([&](Life& life) -> asio::awaitable<void> {
        CheckedStart start = order("normal", "night");
        start.order.owner_groups = {100, 7};
        const auto started = co_await life.supervisor.start(std::move(start));
        EXPECT_TRUE(started);
        co_await life.end();
    });
    live([&](Life& life) -> asio::awaitable<void> {
        std::vector<gid_t> groups;
        life.supervisor.set_policy([&](const Order& order) {
            groups = order.owner_groups;
            return policy::Verdict{.reason = "rule 1 is against it"};
        });
        life.supervisor.resume({});
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return is_over(job->state()); });
        EXPECT_EQ(groups, (std::vector<gid_t>{100, 7}));
        EXPECT_EQ(job->error().code, base::ErrorCode::not_permitted);
        EXPECT_EQ(job->error().message, "the policy does not allow job night any more: rule 1 is against it");
        EXPECT_TRUE(JobStore(opened(directory), {}).load().jobs.empty());
    });
}

TEST_F(ResumeTest, TheTermsOfNowAreInForceAfterAnotherPolicy) {
    live([&](Life& life) -> asio::awaitable<void> {
        policy::Verdict verdict{.allowed = true, .terms = {.filter = "udp"}};
        life.supervisor.set_policy([&](const Order&) { return verdict; });
        CheckedStart start = order("normal", "night");
        start.order.verdict = verdict;
        const auto started = co_await life.supervisor.start(std::move(start));
        EXPECT_TRUE(started);
        const JobPtr job = *started;
        EXPECT_EQ(job->terms().required_filter(), "udp");
        verdict.terms.filter = "tcp";
        life.supervisor.apply_policy();
        co_await life.until([&] { return job->notice_count() == 1; });  // that the policy has changed
        EXPECT_EQ(job->terms().required_filter(), "tcp");
        EXPECT_EQ(job->state(), wire::JOB_RUNNING);
        EXPECT_EQ(JobStore(opened(directory), {}).load().jobs.at(0).capture().filter().bpf(), "normal");
        verdict = {.reason = "rule 1 is against it"};
        life.supervisor.apply_policy();
        co_await life.until([&] { return is_over(job->state()); });
        EXPECT_EQ(job->describe(now()).notice(1), "the job ends: rule 1 is against it");
    });
}

TEST_F(ResumeTest, AnotherPolicyIsTriedAgainWhereNothingButTheMachineIsAgainstIt) {
    base::MovableClocks clocks;
    live([&](Life& life) -> asio::awaitable<void> {
        policy::Verdict verdict{.allowed = true, .terms = {.filter = "udp"}};
        life.supervisor.set_policy([&](const Order&) { return verdict; });
        CheckedStart start = order("normal", "night");
        start.order.verdict = verdict;
        const auto started = co_await life.supervisor.start(std::move(start));
        EXPECT_TRUE(started);
        const JobPtr job = *started;
        verdict.terms.filter = "silent exit";  // of each worker
        life.supervisor.apply_policy();
        loop::Sleeper sleeper(life.loop.get_executor());
        co_await sleeper.sleep_until(base::SteadyClock::now() + 500ms);
        // On a slow machine a further attempt is under way by then.
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        verdict.terms.filter = "tcp";
        co_await life.until([&] { return job->notice_count() == 1; });
        EXPECT_EQ(job->terms().required_filter(), "tcp");
        EXPECT_EQ(job->state(), wire::JOB_RUNNING);
        verdict.terms.filter = "silent exit";
        life.supervisor.apply_policy();
        co_await life.until([&] {
            clocks.advance(20ms);  // it is tried for three seconds
            return is_over(job->state());
        });
        EXPECT_EQ(job->describe(now()).notice(1).find(
                      "the job ends: it cannot continue under the current policy: "),
                  0U);
    });
}

TEST_F(ResumeTest, ARestartGivesNoMoreTimeToLive) {
    const auto allowed = [](const Order&) {
        return policy::Verdict{.allowed = true, .terms = {.lifetime = std::chrono::hours(1)}};
    };
    std::int64_t expires_ns = 0;
    live([&](Life& life) -> asio::awaitable<void> {
        CheckedStart start = order("normal", "night");
        start.order.verdict = allowed(start.order);
        const auto started = co_await life.supervisor.start(std::move(start));
        EXPECT_TRUE(started);
        expires_ns = (*started)->expires_ns();
        co_await life.end();
    });
    EXPECT_NE(expires_ns, 0);
    live([&](Life& life) -> asio::awaitable<void> {
        life.supervisor.set_policy(allowed);
        life.supervisor.resume({});
        const JobPtr job = life.all().at(0);
        co_await life.until([&] { return job->state() == wire::JOB_RUNNING; });
        EXPECT_EQ(job->expires_ns(), expires_ns);
        co_await life.end();
    });
}

}  // namespace
}  // namespace packetsentry::jobs
