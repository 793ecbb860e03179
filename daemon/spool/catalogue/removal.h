// What is to be removed from the spool, and what has been.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace packetsentry::spool {

enum class RemovedPart : std::uint8_t {
    packets,  // the pcapng; the rows stay
    whole,
};

enum class RemovalReason : std::uint8_t {
    age,
    table_bytes,  // the limit of a table of a job
    user_bytes,   // the limit of all jobs that users keep
    spool_bytes,  // the limit of the spool
    free_disk,    // too little of the disk is free
    purge,        // somebody has asked for it
};

struct Removal {
    std::uint64_t job = 0;
    std::uint64_t counter = 0;
    RemovedPart part = RemovedPart::whole;
    RemovalReason reason = RemovalReason::purge;
    std::uint64_t bytes = 0;  // what this frees

    bool operator==(const Removal&) const = default;
};

// Files of a segment that were removed.
struct RemovedFiles {
    std::uint64_t job = 0;
    std::uint64_t counter = 0;
    std::uint64_t bytes = 0;
};

struct RemovedTotal {
    std::uint64_t segments = 0;
    std::uint64_t bytes = 0;
    std::vector<RemovedFiles> files = {};
    std::vector<std::string> problems = {};  // one line for each file that could not be removed, and why
};

}  // namespace packetsentry::spool
