// What a worker may still ask of the kernel once its handle is open: read, write to its output and its
// link, wait, allocate, end. Two steps, because what follows the first (filter text, the head of a file)
// is already somebody's input, and the kernel filter is set after it.
//
// An open packet socket lets a process without any capability take its filter off, bind it to another
// interface, and send frames by write(2): hence calls are judged by descriptor.
#pragma once

#include <cstdint>

#include "daemon/base/result.h"

namespace packetsentry::worker {

enum class Unlisted : std::uint8_t {  // a system call that is in neither table of system_calls.h
    refused,                          // ENOSYS: a later libc may try something new first
    deadly,                           // for tests
    permitted,                        // for tests that show what the tables are worth
    unlimited,                        // nor is there any limit: sanitizers and valgrind need more of all
};

struct Sandbox {
    int last_writable = 0;         // descriptors up to this one may be written, and no other
    std::uint64_t ring_bytes = 0;  // mapped from the kernel, beside what is allocated
    Unlisted unlisted = Unlisted::refused;
};

// Compiling a filter takes at most this much of the processor's time; more ends the process by SIGPROF.
inline constexpr int kCompileSeconds = 3;

// No descriptor more than there are, no process, no core, memory bounded, system calls by list, which is
// proved; kernel filters can still be attached, and the clock of kCompileSeconds runs. A limit that is lower
// already stays. For all threads there are. Needs no_new_privs or a capability. Error: something was not
// taken; the caller must end.
[[nodiscard]] base::Result<void> enter_sandbox(const Sandbox& sandbox);

// Nothing of a socket can be changed any more. Stops the clock. To be called before the first packet is
// parsed.
[[nodiscard]] base::Result<void> seal_sandbox(const Sandbox& sandbox);

}  // namespace packetsentry::worker
