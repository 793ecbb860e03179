// Finds the format for saving packets by the ending of the file's name.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl {

// By the ending, in upper or lower case: .pcap, .cap (pcap) or .pcapng; "-" (standard output) and /dev/null
// are pcapng. Error: usage.
[[nodiscard]] base::Result<wire::SaveFormat> save_format(const std::string& name);

}  // namespace packetsentry::ctl
