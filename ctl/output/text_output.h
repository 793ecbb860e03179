// Writes a whole text to a descriptor.
#pragma once

#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// Waits until all is written. false: the reader has closed its end, or the user has asked twice to stop
// while the reader did not read. name: for the message. Error: file.
[[nodiscard]] base::Result<bool> write_text(int fd, std::string_view text, std::string_view name);

}  // namespace packetsentry::ctl
