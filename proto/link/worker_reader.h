// What a worker says, checked, because a worker that an attacker has taken over must not harm whoever reads
// it: the control process, or the client that reads a file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/base/pace.h"
#include "daemon/base/result.h"
#include "proto/messages/batch.pb.h"
#include "proto/messages/worker.pb.h"
#include "proto/rows/batch_view.h"
#include "proto/words/filter.h"

namespace packetsentry::proto {

// Rows that have come. The batch itself is the reader's: see view() and take_batch().
struct NewRows {
    wire::Table table = wire::TABLE_UNKNOWN;
    std::uint64_t first_number = 0;
    std::uint32_t rows = 0;
    std::int64_t first_time_ns = 0;
    std::int64_t last_time_ns = 0;
};

using WorkerEvent = std::variant<wire::Ready, NewRows, wire::Report, wire::Notice, wire::Ended>;

// One worker's frames in order. Ready first and once (or Ended at once), rows only after go, their numbers
// ascending and without a hole but for what the worker says that it shed, counts that only grow and that
// agree with the rows, texts bounded, nothing too often, nothing after Ended.
class WorkerReader {
  public:
    static constexpr std::size_t kTextLimit = 8192;
    // The policy's and the user's own, which has words beside its libpcap expression, each in parentheses.
    static constexpr std::size_t kFilterLimit = 2 * kFilterTextLimit + 256;
    static constexpr int kInterfaceLimit = 64;
    static constexpr std::uint32_t kInstructionLimit = 4096;  // the kernel's own: BPF_MAXINSNS
    // A second, and twice as many at once. An honest worker looks at each interface four times a second, and
    // reports twice.
    static constexpr std::uint32_t kNotices = 1000;
    static constexpr std::uint32_t kReports = 10'000;

    // An error (internal) is the worker's breach of the protocol; the reader is then of no more use.
    [[nodiscard]] base::Result<WorkerEvent> read(std::string_view frame, base::Pace::Time now);

    // After NewRows, until the next read(): the rows, and their batch as the worker wrote it.
    [[nodiscard]] const BatchView& view() const { return *view_; }
    [[nodiscard]] std::string take_batch() { return std::move(*message_.mutable_rows()->mutable_batch()); }

    // The worker was told to go: rows may come.
    void expect_rows() { going_ = true; }

    [[nodiscard]] const wire::Ledger& ledger() const { return ledger_; }  // the latest

  private:
    [[nodiscard]] base::Result<WorkerEvent> ready(wire::Ready&& ready);
    [[nodiscard]] base::Result<WorkerEvent> rows(const wire::NewRows& rows);
    [[nodiscard]] base::Result<WorkerEvent> report(wire::Report&& report, base::Pace::Time now);
    [[nodiscard]] base::Result<WorkerEvent> notice(wire::Notice&& notice, base::Pace::Time now);
    [[nodiscard]] base::Result<WorkerEvent> ended(wire::Ended&& ended);
    [[nodiscard]] base::Result<void> check_numbers(const wire::Ledger& ledger);
    [[nodiscard]] base::Result<void> take_ledger(const wire::Ledger& ledger);

    // What has come of one table.
    struct Numbers {
        std::uint64_t next = 1;  // the number after the last row
        std::uint64_t rows = 0;
    };

    bool ready_ = false;
    bool going_ = false;
    bool ended_ = false;
    wire::FromWorker message_;
    wire::Batch batch_;
    std::optional<BatchView> view_;  // of batch_
    std::array<Numbers, wire::Table_ARRAYSIZE> numbers_;
    wire::Ledger ledger_;
    base::Pace notices_;
    base::Pace reports_;
};

}  // namespace packetsentry::proto
