// The words of --redact, which say what is removed from packets.
#pragma once

#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl {

struct RedactionName {
    std::string_view word;  // with "=" behind it where a number follows
    std::string_view meaning;
};

[[nodiscard]] std::vector<RedactionName> redaction_names();

// "headers", "payload=64" or "addresses"; they add up, and the strictest holds. Error: usage.
[[nodiscard]] base::Result<void> add_redaction(std::string_view text, wire::Redaction& redaction);

}  // namespace packetsentry::ctl
