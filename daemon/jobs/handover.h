// How a job changes its worker without losing a packet.
//
// A worker captures with one filter, on interfaces that it opened before it gave up its rights, and can
// change neither. When a job is to capture something else, because its user changed the filter, the policy
// changed, an interface came back, or its output was removed, it gets a second worker, and a handover from
// the first one to the second takes place:
//
//  1. The second worker, the candidate, is started. It opens the interfaces, compiles the filter, and says
//     that it is ready. From then on the kernel puts packets into its ring, and it reads none of them. It is
//     now the successor. The first worker, the present one, captures all the while.
//  2. The instant T is named: the time of the wall clock at that moment. The present worker is told to end
//     after the packets before T (Finish.until_ns). It records what is left of these in its ring, and ends.
//  3. Once it has ended, the successor becomes the present worker. It is told to begin with the packets from
//     T on (Go.from_ns). Those from T until this moment are in its ring, and it passes over any before T.
//
// Which packets belong to which worker is thus decided by the packet's time and nothing else. The kernel
// gives a packet one time, which both workers see, so that each packet belongs to exactly one of them: to
// the present worker and the old filter before T, to the successor and the new filter from T on. The
// successor's ring has to hold the packets that come between T and the present worker's end. Where it
// cannot, the kernel drops some, and the successor counts them like any that its ring did not hold.
//
// Either worker may die on the way:
//  - The candidate dies, or cannot do what it is asked to. The change is refused with the candidate's own
//    error, and the present worker goes on as if nobody had asked.
//  - The present worker dies before there is a successor. The candidate is given up, whoever asked for the
//    change is told to try again, and the job gets another worker with what it captured before. The packets
//    in between are a loss.
//  - The present worker dies while there is a successor. The successor takes over all the same, from T on.
//    What the present worker had not sent of the packets before T is a loss, and nothing that belongs to the
//    successor is.
//  - The present worker ends by itself, because a limit of the job is reached or its interface is gone. The
//    successor is given up, with the change.
//  - The successor dies before it takes over. Nobody reads what it says until then. It takes over, is found
//    to be dead, and the job gets another worker, as after any death: the packets from T until that one
//    begins are a loss.
// A job that is stopped during a handover ends with its successor, where there is one: the successor takes
// over and is told to end at once. A candidate is killed.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/base/result.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/launcher.h"
#include "daemon/policy/decide.h"
#include "daemon/quota/capture_resources.h"

namespace packetsentry::jobs {

// What a job knows of its next worker. RunningJob has the present one, and takes the steps in order. One
// thread.
class Handover {
  public:
    // A worker that is ready to take over, with what it captures.
    struct Successor {
        WorkerPtr worker;
        wire::Filter filter;      // as the user gave it
        std::string filter_text;  // as the worker compiled it
        policy::Verdict verdict;
        std::int64_t from_ns = 0;  // T; 0: not named yet
        bool took_over = false;
    };

    // launcher must remain live while this Handover is in use.
    Handover(const boost::asio::any_io_executor& executor, std::shared_ptr<Job> job, Launcher& launcher)
        : executor_(executor), job_(std::move(job)), launcher_(launcher) {}

    // Begins a change, which the job's state says, and returns when there is a successor. capture and verdict
    // are the successor's; present is the worker whose place it takes; turn is given back as soon as the
    // filter is compiled. Errors: those of RunningJob::change(). Where the present worker goes on, the job is
    // as it was.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> prepare(wire::CaptureSpec capture,
                                                                     policy::Verdict verdict,
                                                                     WorkerPtr present,
                                                                     quota::CaptureResources::TurnPtr turn);
    // Names and returns T, the instant at which the caller is to let the present worker end. There must be a
    // successor.
    [[nodiscard]] std::int64_t name_instant();
    // To be called right after that: returns when the successor has taken over. Error: it never will.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> completed();

    [[nodiscard]] bool has_successor() const { return successor_ != nullptr; }
    // Makes the successor the present worker, once the previous one has ended. Null: there is no successor.
    [[nodiscard]] std::shared_ptr<const Successor> take_successor();

    // Kills the next worker, whether it is a candidate or the successor: there is no present worker any more
    // that it could follow.
    void give_up(const char* why);
    // The job is being stopped: a candidate is killed, and a successor is left to take over.
    void stop();

  private:
    [[nodiscard]] std::unexpected<base::Error> overtaken() const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Job> job_;
    Launcher& launcher_;
    WorkerPtr candidate_;  // started, and not ready yet; may be null
    std::shared_ptr<Successor> successor_;
    bool stopped_ = false;
};

}  // namespace packetsentry::jobs
