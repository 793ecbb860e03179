// What a worker says, checked: a taken-over worker must not harm whoever reads it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/base/result.h"
#include "proto/worker.pb.h"

namespace packetsentry::jobs {

struct Batch {
    std::string bytes;  // as they came, checked
    std::uint32_t rows = 0;
    std::int64_t first_time_ns = 0;
    std::int64_t last_time_ns = 0;
};

using WorkerEvent = std::variant<wire::Ready, Batch, wire::Report, wire::Notice, wire::Ended>;

// One worker's frames in order. Ready first and once (or Ended at once), batches only after go, their
// rows contiguous and in bounds, counts that only grow, texts bounded, nothing after Ended.
class LinkReader {
  public:
    static constexpr std::size_t kTextLimit = 8192;
    static constexpr int kInterfaceLimit = 64;

    // An error (internal) is the worker's breach of the protocol; the reader is then of no more use.
    [[nodiscard]] base::Result<WorkerEvent> read(std::string_view frame);

    // The worker was told to go: batches may come.
    void expect_rows() { going_ = true; }

    [[nodiscard]] const wire::Ledger& ledger() const { return ledger_; }  // the latest

  private:
    [[nodiscard]] base::Result<WorkerEvent> ready(wire::Ready&& ready);
    [[nodiscard]] base::Result<WorkerEvent> batch(std::string&& bytes);
    [[nodiscard]] base::Result<WorkerEvent> report(wire::Report&& report);
    [[nodiscard]] base::Result<WorkerEvent> notice(wire::Notice&& notice);
    [[nodiscard]] base::Result<WorkerEvent> ended(wire::Ended&& ended);
    [[nodiscard]] base::Result<void> take_ledger(const wire::Ledger& ledger);

    bool ready_ = false;
    bool going_ = false;
    bool ended_ = false;
    std::uint64_t rows_ = 0;
    wire::Ledger ledger_;
};

}  // namespace packetsentry::jobs
