// What the policy says: for people, and as JSON.
#pragma once

#include <string>

#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::render {

// Lines "Key: value"; escaped here.
[[nodiscard]] std::string verdict_facts(const wire::PolicyVerdict& verdict);

// One object, one line.
[[nodiscard]] std::string verdict_json(const wire::PolicyVerdict& verdict);

}  // namespace packetsentry::ctl::render
