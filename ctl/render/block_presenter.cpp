#include "ctl/render/block_presenter.h"

namespace packetsentry::ctl::render {

base::Result<void> BlockPresenter::rows(std::uint64_t, const proto::BatchView& view) {
    blocks_.clear();
    texts_.begin(view);
    for (std::uint32_t row = 0; row < view.rows(); ++row) {
        const bool has_time = !view.flag(row, wire::FLAG_NO_TIME);
        append_block(blocks_, has_time ? time_.text(view.time_ns(row)) : time_.missing(), texts_.row(row));
    }
    return screen_.write(blocks_.view(), view.rows());
}

base::Result<void> BlockPresenter::end() {
    screen_.finish();
    return {};
}

}  // namespace packetsentry::ctl::render
