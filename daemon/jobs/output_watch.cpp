#include "daemon/jobs/output_watch.h"

namespace packetsentry::jobs {

std::optional<wire::Notice> OutputWatch::look() {
    const char* const reason = reason_to_end_saving();
    if (reason == nullptr) return look_for_move();
    wire::Notice notice;
    notice.set_kind(wire::Notice::SAVE_FAILED);
    notice.set_text(reason);
    return notice;
}

// Returns null where the file has what was saved to it, or where nothing is saved.
const char* OutputWatch::reason_to_end_saving() const {
    if (!output_.open()) return nullptr;
    if (output_.removed()) return workers::kOutputRemoved;
    return !job_->order().foreground && output_.truncated() ? workers::kOutputTruncated : nullptr;
}

std::optional<wire::Notice> OutputWatch::look_for_move() {
    if (job_->order().foreground) return std::nullopt;
    const auto name = output_.take_move();
    if (!name) return std::nullopt;
    wire::Notice notice;
    notice.set_text("the output file was moved or renamed");
    if (!name->empty()) {
        notice.set_text("the output file was moved to '" + *name + "'");
        job_->rename_output(*name);
    }
    return notice;
}

}  // namespace packetsentry::jobs
