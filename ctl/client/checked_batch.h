// Checks a batch of rows from the daemon or from a worker, before anything else reads it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl {

class CheckedBatch {
  public:
    // The view stays good until the next call. sender is named in the error, which is internal.
    [[nodiscard]] base::Result<const proto::BatchView*> read(std::string_view bytes,
                                                             const std::string& sender);

  private:
    wire::Batch batch_;
    std::optional<proto::BatchView> view_;  // of batch_
};

}  // namespace packetsentry::ctl
