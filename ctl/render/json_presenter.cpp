#include "ctl/render/json_presenter.h"

namespace packetsentry::ctl::render {

base::Result<void> JsonPresenter::rows(std::uint64_t first_sequence, const proto::BatchView& view) {
    if (!screen_.shown()) return {};
    lines_.Clear();
    json_rows_.append(first_sequence, view, lines_);
    return screen_.write({lines_.GetString(), lines_.GetSize()}, view.rows());
}

base::Result<void> JsonPresenter::end() {
    screen_.finish();
    return {};
}

}  // namespace packetsentry::ctl::render
