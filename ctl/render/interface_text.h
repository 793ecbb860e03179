// The interfaces that can be captured on: for people, and as JSON.
#pragma once

#include <string>

#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::render {

[[nodiscard]] std::string interface_state(const wire::InterfaceInfo& interface);  // "up", "no carrier"
[[nodiscard]] std::string interfaces_table(const wire::Interfaces& interfaces, bool with_head);

// One object, one line.
[[nodiscard]] std::string interface_json(const wire::InterfaceInfo& interface);

}  // namespace packetsentry::ctl::render
