// What a worker that somebody has taken over would try, each as one raw system call or a few, so that no
// library is in between.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "proto/messages/worker.pb.h"

namespace packetsentry::attack {

// "" where the kernel let it happen, else why not; "?" for no attack of this name. Or it never returns.
// argument: a path, a process, an interface's name, as the attack takes it.
[[nodiscard]] std::string try_out(std::string_view name, const std::string& argument);

struct Attack {
    std::string_view name;
    std::string (*run)(const std::string& argument);
};

// Those on files of the spool, and by what is said about them over the link (spool_attacks.cpp).
[[nodiscard]] std::span<const Attack> attacks_on_the_spool();

// Sends a message over the link, behind what the worker has sent of its own. Returns "" or why that failed.
[[nodiscard]] std::string send_over_link(const wire::FromWorker& message);

// From now on close() does nothing (attack.cpp).
void keep_open();

}  // namespace packetsentry::attack
