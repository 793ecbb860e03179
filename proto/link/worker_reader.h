// Reads and checks the messages of a worker. An attacker may have taken the worker over, and must not harm
// the program that reads them: the control process, or the client that reads a file.
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
#include "proto/words/table_names.h"

namespace packetsentry::proto {

// Describes rows that have arrived. The WorkerReader has the batch itself: see view() and take_batch().
struct NewRows {
    wire::Table table = wire::TABLE_UNKNOWN;
    std::uint64_t first_number = 0;
    std::uint32_t rows = 0;
    std::int64_t first_time_ns = 0;
    std::int64_t last_time_ns = 0;
};

using WorkerEvent = std::variant<wire::Ready, NewRows, wire::Report, wire::Notice, wire::Ended,
                                 wire::WantOutput, wire::PassedState>;

// Tells whether a message has only interfaces, and nothing that was seen on them.
[[nodiscard]] bool passes_nothing(const wire::PassedState& passed);

// Checks the frames of one worker in their order:
//  - Ready is the first message and comes once, or Ended comes instead. Nothing comes after Ended.
//  - Rows come only after Go. Their numbers ascend, and are missing only for rows that the worker says it has
//  shed.
//  - Counts never become smaller, and agree with the rows.
//  - An output file is asked for only where that is expected, and no second one before the first has been
//  sent.
//  - What has not ended is passed on only where that is expected, and not more than there can be.
//  - Texts are bounded, and no message comes too often.
class WorkerReader {
  public:
    static constexpr std::size_t kTextLimit = 8192;
    // The longest filter: the policy's, and the user's with its words and its libpcap expression, each in
    // parentheses.
    static constexpr std::size_t kFilterLimit = 2 * kFilterTextLimit + 256;
    static constexpr int kInterfaceLimit = 64;
    // Segments that one message reports: a worker has two of each table at a time.
    static constexpr int kSegmentLimit = 2 * static_cast<int>(kTableNames.size());
    static constexpr std::uint32_t kInstructionLimit = 4096;        // the limit of the kernel, BPF_MAXINSNS
    static constexpr std::size_t kPassedLimit = 60 * 1024;          // bytes that one message passes on
    static constexpr std::uint64_t kAllPassedLimit = 512ULL << 20;  // bytes of all that a worker can have
    static constexpr std::uint64_t kLeastPassed = 16 * 1024;  // bytes for which a message counts at least
    // How many may come per second; twice as many may come at once. An honest worker looks at each interface
    // four times a second, and reports twice a second.
    static constexpr std::uint32_t kNotices = 1000;
    static constexpr std::uint32_t kReports = 10'000;

    // Checks one frame and returns what it says. Error (internal): the worker broke the protocol; do not use
    // the reader any more.
    [[nodiscard]] base::Result<WorkerEvent> read(std::string_view frame, base::Pace::Time now);

    // After NewRows and until the next read(), these return the rows, and their batch as the worker wrote it.
    [[nodiscard]] const BatchView& view() const { return *view_; }
    [[nodiscard]] std::string take_batch() { return std::move(*message_.mutable_rows()->mutable_batch()); }

    // Call this when the worker may ask for an output file: if it is to write several, before it begins,
    // and each time that it was sent one.
    void expect_want_output() { may_want_output_ = true; }

    // Call this when the worker is told to pass on what has not ended.
    void expect_passed() { may_pass_on_ = true; }

    // Call this when the worker is sent Begin. Rows of a table that the capture does not ask for are a
    // breach.
    void expect_tables(const wire::CaptureSpec& capture);

    // Call this when the worker is sent Go, because rows may come from then on.
    void expect_rows() { going_ = true; }

    [[nodiscard]] const wire::Ledger& ledger() const { return ledger_; }  // the latest counts

  private:
    [[nodiscard]] base::Result<WorkerEvent> ready(wire::Ready&& ready);
    [[nodiscard]] base::Result<WorkerEvent> rows(const wire::NewRows& rows);
    [[nodiscard]] base::Result<WorkerEvent> report(wire::Report&& report, base::Pace::Time now);
    [[nodiscard]] base::Result<WorkerEvent> notice(wire::Notice&& notice, base::Pace::Time now);
    [[nodiscard]] base::Result<WorkerEvent> want_output(wire::WantOutput&& want);
    [[nodiscard]] base::Result<WorkerEvent> passed(wire::PassedState&& passed);
    [[nodiscard]] base::Result<WorkerEvent> ended(wire::Ended&& ended);
    [[nodiscard]] base::Result<void> check_numbers(const wire::Ledger& ledger);
    [[nodiscard]] base::Result<void> check_counts(const wire::Ledger& ledger) const;
    [[nodiscard]] base::Result<void> take_ledger(const wire::Ledger& ledger);

    [[nodiscard]] static constexpr std::array<bool, wire::Table_ARRAYSIZE> only_packets() {
        std::array<bool, wire::Table_ARRAYSIZE> tables{};
        tables[wire::TABLE_PACKETS] = true;
        return tables;
    }

    // The rows of one table so far.
    struct Numbers {
        std::uint64_t next = 1;  // the number after the last row
        std::uint64_t rows = 0;
    };

    bool ready_ = false;
    bool going_ = false;
    std::array<bool, wire::Table_ARRAYSIZE> expected_ = only_packets();
    bool ended_ = false;
    bool may_want_output_ = false;
    bool may_pass_on_ = false;
    std::uint64_t passed_bytes_ = 0;
    wire::FromWorker message_;
    wire::Batch batch_;
    std::optional<BatchView> view_;  // of batch_
    std::array<Numbers, wire::Table_ARRAYSIZE> numbers_;
    wire::Ledger ledger_;
    base::Pace notices_;
    base::Pace reports_;
};

}  // namespace packetsentry::proto
