// What a worker that somebody has taken over would try, each as one raw system call or a few, so that no
// library is in between.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::attack {

// "" where the kernel let it happen, else why not; "?" for no attack of this name. Or it never returns.
// argument: a path, a process, an interface's name, as the attack takes it.
[[nodiscard]] std::string try_out(std::string_view name, const std::string& argument);

}  // namespace packetsentry::attack
