#include "ctl/client/checked_batch.h"

namespace packetsentry::ctl {

using base::ErrorCode;

base::Result<const proto::BatchView*> CheckedBatch::read(std::string_view bytes, const std::string& sender) {
    view_.reset();
    if (!batch_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return base::fail(ErrorCode::internal, sender + " sent a batch that this client cannot read");
    auto view = proto::BatchView::check(batch_);
    if (!view) return base::fail(ErrorCode::internal, sender + " sent a " + view.error().message);
    view_.emplace(std::move(*view));
    return &*view_;
}

}  // namespace packetsentry::ctl
