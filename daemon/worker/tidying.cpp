#include "daemon/worker/tidying.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/syscall.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/format/segment_index.h"
#include "daemon/spool/write/append_file.h"
#include "daemon/worker/background_thread.h"
#include "daemon/worker/privileges.h"
#include "proto/link/peer_error.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::uint64_t kRowsLimit = 512ULL << 20;
// Each kind of keys has a limit (daemon/spool/format/index_layout.h), and an index of all of them is shorter.
constexpr std::uint64_t kIndexLimit = 128ULL << 20;
constexpr int kIoIdle = 3 << 13;  // IOPRIO_CLASS_IDLE (linux/ioprio.h)
constexpr int kThisProcess = 1;   // IOPRIO_WHO_PROCESS

// Nothing is mapped, because a file that gets shorter would end the process.
Result<std::vector<std::byte>> read_whole(int file, std::uint64_t size) {
    std::vector<std::byte> bytes(size);
    std::size_t at = 0;
    while (at < bytes.size()) {
        const ssize_t read = ::pread(file, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
        if (read == 0) break;
        if (read < 0 && errno != EINTR) return base::syscall_failed("read the rows", ErrorCode::file);
        if (read > 0) at += static_cast<std::size_t>(read);
    }
    bytes.resize(at);
    return bytes;
}

// What the catalogue does not know of a segment whose worker has died.
void add(const spool::BlockFacts& facts, wire::SegmentReport& report) {
    const std::uint64_t last = facts.first_number + facts.rows - 1;
    const bool first = report.rows() == 0;
    report.set_first_number(first ? facts.first_number : std::min(report.first_number(), facts.first_number));
    report.set_last_number(first ? last : std::max(report.last_number(), last));
    report.set_first_time_ns(first ? facts.first_time_ns
                                   : std::min(report.first_time_ns(), facts.first_time_ns));
    report.set_last_time_ns(first ? facts.last_time_ns : std::max(report.last_time_ns(), facts.last_time_ns));
    report.set_rows(report.rows() + facts.rows);
    report.set_blocks(report.blocks() + 1);
}

Result<wire::SegmentReport> facts_of_rows(spool::Bytes rows) {
    auto reader = spool::RowsReader::open(rows);
    if (!reader) return std::unexpected(reader.error());
    wire::SegmentReport report;
    report.set_counter(reader->header().counter);
    report.set_rows_bytes(rows.size());
    while (const auto frame = reader->next())
        if (*frame) add((*frame)->facts, report);
    return report;
}

class Tidying {
  public:
    Tidying(const wire::Tidy& order, Link& link, Unlisted unlisted)
        : order_(order), link_(link), sandbox_{.unlisted = unlisted} {}

    Result<wire::FromWorker> run() {
        if (auto entered = enter(); !entered) return std::unexpected(entered.error());
        const auto rows = read_whole(rows_.get(), order_.rows_bytes());
        if (!rows) return std::unexpected(rows.error());
        auto facts = facts_of_rows(*rows);
        if (!facts) return std::unexpected(facts.error());
        const auto index = spool::index_rows_file(*rows);
        if (!index) return std::unexpected(index.error());
        if (auto written = index_.append(spool::as_bytes(*index)); !written)
            return std::unexpected(written.error());
        if (auto synced = index_.sync(); !synced) return std::unexpected(synced.error());
        wire::FromWorker message;
        message.mutable_ended()->set_reason(wire::END_ASKED);
        message.mutable_ended()->set_index_bytes(index->size());
        *message.mutable_ended()->add_segment() = std::move(*facts);
        return message;
    }

  private:
    // The index comes first, so that its number is the lower one.
    Result<void> enter() {
        auto descriptors = link_.take_descriptors();
        if (descriptors.size() != 2 || order_.rows_bytes() > kRowsLimit)
            return base::fail(ErrorCode::usage, "the order did not come with a segment");
        sandbox_.last_writable = std::max(descriptors.front().get(), link_.fd());
        sandbox_.file_bytes = kIndexLimit;
        index_ = spool::AppendFile(std::move(descriptors.front()));
        rows_ = std::move(descriptors.back());
        work_at_lowest_priority();
        if (auto dropped = drop_privileges(); !dropped) return dropped;
        if (auto entered = enter_sandbox(sandbox_); !entered) return entered;
        return seal_sandbox(sandbox_);
    }

    const wire::Tidy& order_;
    Link& link_;
    Sandbox sandbox_;
    spool::AppendFile index_;
    base::UniqueFd rows_;
};

}  // namespace

void work_at_lowest_priority() {
    (void)::setpriority(PRIO_PROCESS, 0, BackgroundThread::kLowestPriority);
    (void)::syscall(SYS_ioprio_set, kThisProcess, 0, kIoIdle);
}

int tidy(const wire::Tidy& order, Link& link, Unlisted unlisted) {
    auto outcome = Tidying(order, link, unlisted).run();
    wire::FromWorker message;
    if (outcome)
        message = std::move(*outcome);
    else
        *message.mutable_ended()->mutable_error() = proto::to_wire(outcome.error());
    if (!outcome) message.mutable_ended()->set_reason(wire::END_FAILED);
    return link.send(message) && link.drain() ? 0 : 1;
}

}  // namespace packetsentry::worker
