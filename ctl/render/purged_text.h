// What a purge of the spool has removed, or would remove.
#pragma once

#include <string>

#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::render {

// done: it was removed. The text is one line, and a second one if something from before the time stays.
[[nodiscard]] std::string purged_text(const wire::Purged& purged, bool done);
[[nodiscard]] std::string purged_json(const wire::Purged& purged, bool done);

}  // namespace packetsentry::ctl::render
