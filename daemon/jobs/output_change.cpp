#include "daemon/jobs/output_change.h"

#include <utility>

#include "daemon/base/local_file.h"
#include "daemon/jobs/start_order.h"

namespace packetsentry::jobs {

base::Result<void> check_given(int given, int present) {
    if (auto checked = check_output(given); !checked) return checked;
    if (!workers::file_size(given))
        return base::fail(base::ErrorCode::file, "each of several output files must be an ordinary file");
    const bool in_memory = base::memory_of(given) != base::Memory::none;
    if (in_memory && present >= 0 && base::memory_of(present) == base::Memory::none)
        return base::fail(base::ErrorCode::file,
                          "the next output file is in memory, and the one before it is not");
    return {};
}

void OutputChange::worker_begins(const WorkerPtr& worker) {
    worker_ = worker;
    wanted_ = sent_ = false;
    files_ended_ = 0;
    if (job_->saves_to_several_files()) worker_->expect_want_output();
}

void OutputChange::worker_wants() {
    if (sent_) return worker_->kill("the worker asked for an output file, and has not begun the last one");
    wanted_ = true;
    answer();
}

void OutputChange::answer() {
    if (!wanted_) return;
    if (given_ || over_) {
        wanted_ = false;
        if (!given_) return worker_->send_no_output("");
        if (!*given_) return worker_->send_no_output(given_->error().message);
        sent_ = true;
        return worker_->send_output((*given_)->file.get());
    }
    if (std::exchange(asked_, true)) return;
    job_->want_output();
}

base::Result<void> OutputChange::give(std::uint64_t number, base::Result<GivenOutput> given) {
    if (!asked_ || number != job_->output_wanted())
        return base::fail(base::ErrorCode::usage, "no output file with this number was asked for");
    asked_ = false;
    given_ = std::move(given);
    answer();
    return {};
}

void OutputChange::end() {
    over_ = true;
    answer();
}

std::optional<GivenOutput> OutputChange::take_begun(const wire::Ledger& ledger) {
    if (ledger.ended_files() == files_ended_) return std::nullopt;
    files_ended_ = ledger.ended_files();
    if (!std::exchange(sent_, false)) return std::nullopt;
    return std::move(**std::exchange(given_, std::nullopt));
}

std::optional<workers::FileId> OutputChange::waiting_id() const {
    return given_ && *given_ ? workers::file_id((*given_)->file.get()) : std::nullopt;
}

}  // namespace packetsentry::jobs
