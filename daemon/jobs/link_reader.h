// What a worker says, checked: a taken-over worker must not harm whoever reads it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/base/pace.h"
#include "daemon/base/result.h"
#include "proto/words/filter.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::jobs {

struct Batch {
    std::string bytes;  // as they came, checked
    std::uint32_t rows = 0;
    std::int64_t first_time_ns = 0;
    std::int64_t last_time_ns = 0;
};

using WorkerEvent = std::variant<wire::Ready, Batch, wire::Report, wire::Notice, wire::Ended>;

// One worker's frames in order. Ready first and once (or Ended at once), batches only after go, their
// rows contiguous and in bounds, counts that only grow, texts bounded, nothing too often, nothing after
// Ended.
class LinkReader {
  public:
    static constexpr std::size_t kTextLimit = 8192;
    // The policy's and the user's own, which has words beside its libpcap expression, each in parentheses.
    static constexpr std::size_t kFilterLimit = 2 * proto::kFilterTextLimit + 256;
    static constexpr int kInterfaceLimit = 64;
    static constexpr std::uint32_t kInstructionLimit = 4096;  // the kernel's own: BPF_MAXINSNS
    // A second, and twice as many at once. An honest worker looks at each interface four times a second, and
    // reports twice, or where it saves once a full batch: of sixty rows, were each as long as can be.
    static constexpr std::uint32_t kNotices = 1000;
    static constexpr std::uint32_t kReports = 10'000;

    // An error (internal) is the worker's breach of the protocol; the reader is then of no more use.
    [[nodiscard]] base::Result<WorkerEvent> read(std::string_view frame, base::Pace::Time now);

    // The worker was told to go: batches may come.
    void expect_rows() { going_ = true; }

    [[nodiscard]] const wire::Ledger& ledger() const { return ledger_; }  // the latest

  private:
    [[nodiscard]] base::Result<WorkerEvent> ready(wire::Ready&& ready);
    [[nodiscard]] base::Result<WorkerEvent> batch(std::string&& bytes);
    [[nodiscard]] base::Result<WorkerEvent> report(wire::Report&& report, base::Pace::Time now);
    [[nodiscard]] base::Result<WorkerEvent> notice(wire::Notice&& notice, base::Pace::Time now);
    [[nodiscard]] base::Result<WorkerEvent> ended(wire::Ended&& ended);
    [[nodiscard]] base::Result<void> take_ledger(const wire::Ledger& ledger);

    bool ready_ = false;
    bool going_ = false;
    bool ended_ = false;
    std::uint64_t rows_ = 0;
    wire::Ledger ledger_;
    base::Pace notices_;
    base::Pace reports_;
};

}  // namespace packetsentry::jobs
