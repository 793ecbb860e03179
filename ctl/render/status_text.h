// The daemon's status: for people, and as JSON.
#pragma once

#include <cstdint>
#include <string>

#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::render {

// now_ns: for how long the daemon has been up.
[[nodiscard]] std::string status_facts(const wire::Status& status, std::int64_t now_ns);

// One object, one line.
[[nodiscard]] std::string status_json(const wire::Status& status);

}  // namespace packetsentry::ctl::render
