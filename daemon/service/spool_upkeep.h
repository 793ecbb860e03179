// Keeps the spool within its limits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/jobs/supervisor.h"
#include "daemon/service/index_attempts.h"
#include "daemon/spool/catalogue/age_guard.h"
#include "daemon/spool/housekeeping/housekeeping.h"

namespace packetsentry::service {

// What a part of the disk that is not set in the configuration is: a tenth of it.
inline constexpr std::uint64_t kUsualPart = 10;

struct OpenedSpool {
    std::shared_ptr<spool::Housekeeping> spool;  // null: nothing can be kept
    std::string trouble;                         // why, or what a person should know; may be empty
    std::uint64_t disk_bytes = 0;
    std::int64_t last_known_ns = 0;  // (spool/catalogue/age_guard.h)
    jobs::Supervisor::LastRuns last_runs = {};

    // What all jobs may keep together.
    [[nodiscard]] std::uint64_t bytes(const config::Config& config) const {
        return config.spool.bytes != 0 ? config.spool.bytes : disk_bytes / kUsualPart;
    }
    // What must stay free of its disk.
    [[nodiscard]] std::uint64_t free_disk(const config::Config& config) const {
        return config.spool.free_disk != 0 ? config.spool.free_disk : disk_bytes / kUsualPart;
    }
    // What those jobs may keep that no file of the jobs directory orders.
    [[nodiscard]] std::uint64_t user_bytes(const config::Config& config) const {
        return config.spool.user_bytes != 0 ? config.spool.user_bytes : bytes(config) / kUsualPart;
    }
};

// Opens the spool, and waits for its disk. Call it once, when privileges have been dropped.
[[nodiscard]] OpenedSpool open_spool(const boost::asio::any_io_executor& executor,
                                     const config::Config& config);

// Used by one thread, apart from what runs in the spool's thread.
class SpoolUpkeep {
  public:
    // config and supervisor must outlive this object.
    SpoolUpkeep(const boost::asio::any_io_executor& executor, const OpenedSpool& opened,
                const config::Config& config, jobs::Supervisor& supervisor);

    // Removes what is too old or too much. Call it about once a second: where segments are begun, it looks
    // each time, so that no limit is exceeded for longer than that, and otherwise now and then.
    [[nodiscard]] boost::asio::awaitable<void> remove();
    // Has the indexes made that are missing, one after the other. Call it about once a second.
    [[nodiscard]] boost::asio::awaitable<void> make_indexes();

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] boost::asio::awaitable<bool> remove_some();
    [[nodiscard]] boost::asio::awaitable<bool> make_index();
    void tell(const std::string& trouble);

    boost::asio::any_io_executor executor_;
    OpenedSpool opened_;
    std::shared_ptr<spool::Housekeeping> spool_;
    const config::Config& config_;
    jobs::Supervisor& supervisor_;
    spool::AgeGuard guard_;
    Clock::time_point due_;             // of the next look, if no segment is begun
    std::uint64_t segments_begun_ = 0;  // at the last look
    std::string trouble_;               // told last
    IndexAttempts attempts_;            // segments without an index are searched without one
};

}  // namespace packetsentry::service
