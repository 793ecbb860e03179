// What the states of a job are called, by the daemon and by its clients.
#pragma once

#include <string_view>

#include "proto/messages/control.pb.h"

namespace packetsentry::proto {

// The word for a state in lists, in JSON and behind a command: "running", "changing". "unknown" for a state
// that this program does not know.
[[nodiscard]] std::string_view state_name(wire::JobState state);

// What is said behind "job 7 is": the name, or more words where the name alone says too little, such as
// "changing its filter".
[[nodiscard]] std::string_view state_phrase(wire::JobState state);

}  // namespace packetsentry::proto
