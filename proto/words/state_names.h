// The names of the states of a job, for the daemon and its clients.
#pragma once

#include <string_view>

#include "proto/messages/control.pb.h"

namespace packetsentry::proto {

// Returns the word for a state in lists, in JSON and after a command, as "running" or "changing". Returns
// "unknown" for a state that this program does not know.
[[nodiscard]] std::string_view state_name(wire::JobState state);

// Returns the words that follow "job 7 is": the name, or more words if the name says too little, as "changing
// its filter".
[[nodiscard]] std::string_view state_phrase(wire::JobState state);

}  // namespace packetsentry::proto
