// Gives the workers of a job the segments of the spool that they fill (daemon/spool/FORMAT.md).
//
// A worker opens no file. Before it begins, it is sent the files of one segment of each table that is kept;
// when that is half full, it is sent those of the next one, so that it never has to wait. It reports what it
// has written. A segment is closed when its worker says so. If the worker has died, the segment is closed
// with what is whole in its files.
//
// A worker may have been taken over by an attacker. It can only append to the files that it was given, and
// what it reports is believed only about these. It is killed if it reports what cannot be, or more than its
// files have; if it writes more into a segment than any worker may; and if it keeps the files of a segment
// open that it has reported as ended. A worker that ends segments which are nearly empty gets further ones
// slowly.
//
// If a segment cannot be made, or has failed because the disk is full, another one is tried after a while.
// Until then, rows are not kept; the worker counts them (Ledger.not_kept), and the job tells its users.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/pace.h"
#include "daemon/base/result.h"
#include "daemon/jobs/job.h"
#include "daemon/jobs/launcher.h"
#include "daemon/loop/change_event.h"
#include "daemon/spool/housekeeping/housekeeping.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::jobs {

// Returns what a worker says about a segment, as the catalogue has it. It has not been checked.
[[nodiscard]] spool::SegmentProgress progress_of(const wire::SegmentReport& report);

// Always held by a shared_ptr. Used by one thread.
class FreshSegments : public std::enable_shared_from_this<FreshSegments> {
  public:
    using Reports = google::protobuf::RepeatedPtrField<wire::SegmentReport>;

    FreshSegments(boost::asio::any_io_executor executor, std::shared_ptr<Job> job,
                  std::shared_ptr<spool::Housekeeping> spool, std::chrono::nanoseconds sync_interval);

    // Tells a worker what to keep.
    void describe(wire::Begin& begin) const;

    // Sends a worker that is ready its first segments, and returns when that is done or has failed, or after
    // a second. terms: those under which it captures. Its run will be the job's next one.
    [[nodiscard]] boost::asio::awaitable<void> send_first(WorkerPtr worker, wire::Terms terms);

    // Takes what a worker has reported, and sends it the next segment when that is due. Error (internal): the
    // worker has reported what cannot be. If somebody has removed the files that it writes, it is killed, so
    // that another one begins another segment.
    [[nodiscard]] base::Result<void> take(const WorkerPtr& worker, const Reports& reports);

    // Looks at how much the workers have really written. Call this about once a second.
    void look();

    // Has the worker write what waits, so that a question finds it, unless that is asked for very often:
    // small blocks take more of the disk. Returns when the worker has reported it, or after a moment.
    [[nodiscard]] boost::asio::awaitable<void> write_what_waits(WorkerPtr worker);

    // Closes the segments of a worker whose process has ended, or is about to.
    void close_all(const WorkerPtr& worker);

  private:
    using Clock = std::chrono::steady_clock;

    // A worker fills segments of a table.
    struct Filling {
        WorkerPtr worker;
        wire::Table table = wire::TABLE_UNKNOWN;
        bool making = false;              // a segment for it is being made
        Clock::time_point retry_at = {};  // none is made before this time
    };

    // Shared with the thread of the spool.
    struct Latest {
        std::mutex mutex;
        spool::SegmentProgress progress = {};
        bool waits = false;  // to be noted
    };

    // A segment that a worker has.
    struct Given {
        std::uint64_t counter = 0;
        const workers::WorkerHandle* worker = nullptr;  // for comparison alone
        wire::Table table = wire::TABLE_UNKNOWN;
        std::uint32_t run = 0;
        wire::Terms terms = {};  // under which it is recorded
        spool::SegmentProgress progress = {};
        Clock::time_point begun = {};  // when its first rows were reported
        std::shared_ptr<Latest> latest = std::make_shared<Latest>();
    };

    // The lengths of both files together, by the counter of the segment.
    using Lengths = std::map<std::uint64_t, std::uint64_t>;
    // The closed length of both files together; nothing: somebody can still write to them.
    using Closed = std::optional<std::uint64_t>;

    [[nodiscard]] Filling* find(const WorkerPtr& worker, wire::Table table);
    // The worker gets the next segment of the table after a while.
    void hold_back(const WorkerPtr& worker, wire::Table table);
    [[nodiscard]] std::vector<wire::Table> tables() const;  // that are kept
    [[nodiscard]] bool fills_segments(const WorkerPtr& worker) const;
    [[nodiscard]] WorkerPtr worker_of(std::uint64_t counter) const;

    void note(Given& given);
    [[nodiscard]] boost::asio::awaitable<void> note_latest(std::uint64_t counter,
                                                           std::shared_ptr<Latest> latest);
    [[nodiscard]] boost::asio::awaitable<void> look_at_lengths();
    void end_workers_beyond(const Lengths& lengths);

    // Closes a segment that a worker has reported as ended. If the worker can still write to its files, it is
    // killed first.
    [[nodiscard]] boost::asio::awaitable<void> close(WorkerPtr worker, Given given);
    [[nodiscard]] boost::asio::awaitable<base::Result<Closed>> try_to_close(const Given& given,
                                                                            bool in_any_case);

    [[nodiscard]] boost::asio::awaitable<void> send_next(WorkerPtr worker, wire::Table table,
                                                         std::uint32_t run, wire::Terms terms);
    [[nodiscard]] boost::asio::awaitable<base::Result<spool::BegunSegment>> make(wire::Table table,
                                                                                 std::uint32_t run,
                                                                                 const wire::Terms& terms);
    [[nodiscard]] base::Result<void> take(Given& given, const wire::SegmentReport& report);
    void send_if_due(const WorkerPtr& worker, wire::Table table);
    [[nodiscard]] bool is_half_full(const Given& given) const;
    void abandon(std::uint64_t counter);
    [[nodiscard]] boost::asio::awaitable<void> abandon_when_gone(WorkerPtr worker,
                                                                 std::vector<std::uint64_t> counters);
    void tell_trouble(const std::string& why);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Job> job_;
    std::shared_ptr<spool::Housekeeping> spool_;
    std::chrono::nanoseconds sync_interval_;
    std::vector<Filling> fillings_;  // of workers that have not ended
    std::vector<Given> given_;       // whose end was not reported
    loop::ChangeEvent reported_;
    std::uint64_t reports_ = 0;
    bool looking_ = false;
    base::Pace made_;      // segments
    base::Pace writes_;    // how often it is asked for what waits
    std::string trouble_;  // told last
};

}  // namespace packetsentry::jobs
