// Limits what a worker may ask of the kernel when its source is open: read, write to its output and its link,
// wait, allocate, end. It is entered in two steps. After the first step, the worker reads data from others
// (the filter's text, the header of a file), but can still attach a kernel filter. After the second step it
// cannot.
//
// Even without any capability, a process can remove the filter of an open packet socket, bind the socket to
// another interface, and send frames with write(2). Therefore system calls are allowed or refused by
// descriptor.
#pragma once

#include <cstdint>

#include "daemon/base/result.h"

namespace packetsentry::worker {

enum class Unlisted : std::uint8_t {  // a system call that is in neither table of system_calls.h
    refused,                          // fails with ENOSYS, because a later libc may try a new call first
    deadly,                           // ends the process; for tests
    permitted,                        // for tests that show which attacks the tables prevent
    unlimited,                        // and no resource is limited, for sanitizers and valgrind
};

struct Sandbox {
    int last_writable = 0;         // only descriptors up to this one may be written
    int output = -1;               // only this one may be truncated; -1: none
    int outputs = 1;               // or so many, from this one on: 1 or 2
    std::uint64_t file_bytes = 0;  // no file may become longer than this; 0: it may
    std::uint64_t ring_bytes = 0;  // kernel memory that is mapped, in addition to what is allocated
    std::uint64_t flow_bytes = 0;  // memory for conversations that is in addition too
    Unlisted unlisted = Unlisted::refused;
};

// The compilation of a filter may use this many seconds of processor time; after that SIGPROF ends the
// process.
inline constexpr int kCompileSeconds = 3;

// Enters the sandbox, for all threads of the process. From then on no descriptor, process or core file can be
// created, memory is limited, and only listed system calls are allowed, which is proved. Kernel filters can
// still be attached, and the clock for kCompileSeconds runs. A resource limit that is already lower stays as
// it is. This needs no_new_privs or a capability. Error (internal): a part of it failed; the caller must end
// the process.
[[nodiscard]] base::Result<void> enter_sandbox(const Sandbox& sandbox);

// Forbids all changes to sockets, and stops the clock for kCompileSeconds. Call this before the first packet
// is parsed.
[[nodiscard]] base::Result<void> seal_sandbox(const Sandbox& sandbox);

}  // namespace packetsentry::worker
