#include "daemon/worker/tidying.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/syscall.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/format/segment_index.h"
#include "daemon/spool/write/append_file.h"
#include "daemon/worker/background_thread.h"
#include "daemon/worker/privileges.h"
#include "daemon/worker/row_repair.h"
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
        const std::optional<std::string> made =
            order_.has_repair() ? repair(*rows) : std::optional<std::string>();
        const spool::Bytes indexed = made ? spool::as_bytes(*made) : spool::Bytes(*rows);
        auto facts = facts_of_rows(indexed);
        if (!facts) return std::unexpected(facts.error());
        const auto index = spool::index_rows_file(indexed);
        if (!index) return std::unexpected(index.error());
        if (made)
            if (auto written = write(new_rows_, *made); !written) return std::unexpected(written.error());
        if (auto written = write(index_, *index); !written) return std::unexpected(written.error());
        wire::FromWorker message;
        message.mutable_ended()->set_reason(wire::END_ASKED);
        message.mutable_ended()->set_index_bytes(index->size());
        message.mutable_ended()->set_rows_bytes(made ? made->size() : 0);
        *message.mutable_ended()->add_segment() = std::move(*facts);
        return message;
    }

  private:
    static Result<void> write(spool::AppendFile& file, std::string_view bytes) {
        if (auto written = file.append(spool::as_bytes(bytes)); !written) return written;
        return file.sync();
    }

    // Nothing: the rows file stays.
    std::optional<std::string> repair(spool::Bytes rows) {
        const wire::Repair& wanted = order_.repair();
        const auto header = spool::read_file_header(spool::as_bytes(wanted.header()), spool::FileKind::rows);
        if (!header || !packets_) return std::nullopt;
        return repair_rows(rows, *std::move(packets_),
                           {.header = *header,
                            .run = wanted.run(),
                            .first_number = wanted.first_number(),
                            .number_limit = wanted.number_limit(),
                            .rows = wanted.rows(),
                            .packets_bytes = wanted.packets_bytes()});
    }

    // What is written comes first, so that its numbers are the lower ones.
    Result<void> enter() {
        auto descriptors = link_.take_descriptors();
        if (descriptors.size() != (order_.has_repair() ? 4U : 2U) || order_.rows_bytes() > kRowsLimit)
            return base::fail(ErrorCode::usage, "the order did not come with a segment");
        auto next = descriptors.begin();
        sandbox_.last_writable = link_.fd();
        sandbox_.file_bytes = order_.has_repair() ? kRowsLimit : kIndexLimit;
        for (spool::AppendFile* const file : {&new_rows_, &index_}) {
            if (file == &new_rows_ && !order_.has_repair()) continue;
            sandbox_.last_writable = std::max(sandbox_.last_writable, next->get());
            *file = spool::AppendFile(std::move(*next++));
        }
        rows_ = std::move(*next++);
        if (order_.has_repair())
            if (auto packets = capture::DescriptorInput::open(std::move(*next)))
                packets_ = *std::move(packets);
        work_at_lowest_priority();
        if (auto dropped = drop_privileges(); !dropped) return dropped;
        if (auto entered = enter_sandbox(sandbox_); !entered) return entered;
        return seal_sandbox(sandbox_);
    }

    const wire::Tidy& order_;
    Link& link_;
    Sandbox sandbox_;
    spool::AppendFile new_rows_;
    spool::AppendFile index_;
    base::UniqueFd rows_;
    std::optional<capture::DescriptorInput> packets_;
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
