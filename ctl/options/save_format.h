// Finds how packets are saved by the ending of the file's name.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl {

// By the ending, in upper or lower case: .pcap, .cap (pcap) or .pcapng, and behind it .gz or .zst if the
// file is to be compressed; "-" (standard output) and /dev/null are pcapng. Sets format and compression.
// Error: usage.
[[nodiscard]] base::Result<wire::Save> save_format(const std::string& name);

// "lab.pcapng.gz" → "lab" and ".pcapng.gz". The name must be one for which save_format() has no error.
struct SplitName {
    std::string stem;
    std::string ending;
};
[[nodiscard]] SplitName split_name(const std::string& name);

}  // namespace packetsentry::ctl
