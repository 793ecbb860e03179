// How a job changes its worker without losing a packet.
//
// A worker captures with one filter, on interfaces that it opened before it gave up its rights, and cannot
// change either. A job must capture something else when its user changes the filter, the policy
// changes, an interface comes back, or its output is removed. Then it gets a second worker, and the first one
// hands over to the second:
//
//  1. The second worker, the candidate, is started. It opens the interfaces, compiles the filter, and says
//     that it is ready. From then on the kernel puts packets into its ring, and it reads none of them. If
//     rows are kept, it is sent its first segment. It is now the successor. The first worker, the present
//     one, continues to capture meanwhile.
//  2. The instant T is chosen: the present time of the wall clock. The present worker is told to end
//     after the packets before T (Finish.until_ns). It records those that are still in its ring, and ends.
//     Its conversations go on: it passes what has not ended, flows, questions of DNS that wait for their
//     answers and requests of HTTP that wait for their responses, on to the successor, through the control
//     process, which looks at none of it. Where the terms of the policy have changed, all this ends with it
//     instead: what was seen under the old terms must not be shown under the new ones.
//  3. Once it has ended, the successor becomes the present worker. It is told to begin with the packets from
//     T on (Go.from_ns). Those from T until this moment are in its ring, and it skips any before T.
//
// So only the time of a packet decides to which worker it belongs. The kernel gives a packet one time, which
// both workers see, so each packet belongs to exactly one of them: before T to the present worker and the old
// filter, from T on to the successor and the new filter. The successor's ring has to hold the packets that
// arrive between T and the present worker's end. If it is too small, the kernel drops some, and the successor
// counts them as dropped, as always. The kernel may show a block of a ring much later than it was filled.
// So the present worker ends when nothing from before T is in its ring any more, or after a second, and the
// successor skips what is from before T unless the clock was set back.
//
// There is one exception. A segment of TCP that comes to this machine from a container on it, over a pair of
// virtual interfaces, has no time of its own in the kernel, because the time at which TCP meant to send it
// stands in that place. Each socket stamps such a segment by itself, a microsecond or two apart. If it comes
// just at T, it may be seen twice, or not at all.
//
// Either worker may die meanwhile:
//  - The candidate dies, or cannot do what it is asked to. The change is refused with the candidate's own
//    error, and the present worker continues as if nobody had asked.
//  - The present worker dies before there is a successor. The candidate is killed, the user who asked for the
//    change is told to try again, and the job gets another worker with its former filter. The packets
//    in between are a loss.
//  - The present worker dies while there is a successor. The successor takes over all the same, from T on.
//    Packets before T that the present worker had not sent are a loss; no packet of the successor is.
//  - The present worker ends by itself, because a limit of the job is reached or its interface is gone. The
//    successor is killed, and the change does not take place.
//  - A worker that dies takes with it what it has not passed on.
//  - The successor dies before it takes over. Nobody reads its messages until then. It takes over, is found
//    to be dead, and the job gets another worker, as after any death: the packets from T until that one
//    begins are a loss.
// If a job is stopped during a handover, and there is a successor, it takes over and is told to end at once.
// A candidate is killed.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/jobs/fresh_segments.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/launcher.h"
#include "daemon/policy/decide.h"
#include "daemon/quota/capture_resources.h"

namespace packetsentry::jobs {

// Keeps a job's next worker. RunningJob keeps the present one, and calls the steps in their order. Used by
// one thread.
class Handover {
  public:
    // A worker that is ready to take over, with what it captures.
    struct Successor {
        WorkerPtr worker;
        wire::Filter filter;      // as the user gave it
        std::string filter_text;  // as the worker compiled it
        policy::Verdict verdict;
        std::int64_t from_ns = 0;  // T; 0: not named yet
        // It takes over what has not ended, because both workers have the same terms.
        bool takes_over_state = false;
        // It has until then to take all of it; set when the first of it comes.
        std::optional<base::SteadyClock::time_point> passed_until;
        bool took_over = false;
    };

    // launcher must remain live while this Handover is in use. segments: null if nothing is kept.
    Handover(const boost::asio::any_io_executor& executor, std::shared_ptr<Job> job, Launcher& launcher,
             std::shared_ptr<FreshSegments> segments)
        : executor_(executor), job_(std::move(job)), launcher_(launcher), segments_(std::move(segments)) {}

    // Starts a candidate, and returns when it has become the successor; the job's state is "changing"
    // meanwhile. capture and verdict are those of the successor; present is the worker that it replaces; turn
    // is given back as soon as the filter is compiled. Errors: those of RunningJob::change_filter(). After an
    // error the job is as it was, if the present worker still runs.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> prepare(wire::CaptureSpec capture,
                                                                     policy::Verdict verdict,
                                                                     WorkerPtr present,
                                                                     quota::CaptureResources::TurnPtr turn);
    // Chooses and returns T, in nanoseconds since 1970. The caller must tell the present worker to end there.
    // There must be a successor.
    [[nodiscard]] std::int64_t name_instant();
    // Returns when the successor has taken over. Call it right after name_instant(). Error: it will never
    // take over.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> completed();

    [[nodiscard]] bool has_successor() const { return successor_ != nullptr; }
    // Tells whether the successor takes over what has not ended.
    [[nodiscard]] bool takes_over_state() const { return successor_ && successor_->takes_over_state; }
    // Passes what the present worker gives away on to the successor, if that takes it.
    [[nodiscard]] boost::asio::awaitable<void> pass_on(const wire::PassedState& passed);
    // Returns the successor, which becomes the present worker, or null if there is none. Call it when the
    // previous worker has ended.
    [[nodiscard]] std::shared_ptr<const Successor> take_successor();

    // Kills the candidate or the successor, because there is no present worker any more that it could
    // replace.
    void give_up(const char* why);
    // Call this when the job is stopped: kills a candidate, and lets a successor take over.
    void stop();

  private:
    [[nodiscard]] std::unexpected<base::Error> overtaken() const;
    void forget(const WorkerPtr& worker);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Job> job_;
    Launcher& launcher_;
    std::shared_ptr<FreshSegments> segments_;
    WorkerPtr candidate_;  // started, and not ready yet; may be null
    std::shared_ptr<Successor> successor_;
    bool stopped_ = false;
};

}  // namespace packetsentry::jobs
