// Answers one question about the past, from Ask to Ended.
//
// A worker that does this never captures. It holds the pipe to the client, the client's output if packets are
// to be saved, and the segments that are sent to it one after the other, which it can only read. So if an
// attacker takes it over, with bytes that were recorded, the attacker sees what the client may see, and can
// pass it on to this client alone. It works at the lowest priority, so that no question costs a capture a
// packet.
#pragma once

#include "daemon/base/result.h"
#include "daemon/worker/answer_pipe.h"
#include "daemon/worker/found_packets.h"
#include "daemon/worker/link.h"
#include "daemon/worker/sandbox.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

// The descriptors of Ask are in the link. unlisted: as for Worker. Returns the exit code of the process.
[[nodiscard]] int answer(const wire::Ask& ask, Link& link, Unlisted unlisted);

}  // namespace packetsentry::worker
