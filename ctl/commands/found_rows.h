// Presents what a worker finds among what is kept, and tells what became of the search: for search, and for
// results of a job whose rows are in the spool.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "ctl/client/past_rows.h"
#include "ctl/commands/presentation.h"
#include "ctl/options/globals.h"
#include "ctl/output/file_watch.h"

namespace packetsentry::ctl {

struct FoundSettings {
    std::string output_name = {};                      // packets are saved there; empty: they are not
    FileWatch output_file = {};                        // of the file, where they are saved to one
    bool explain = false;                              // what was looked at is told too
    std::string_view no_match = {};                    // for whoever finds nothing; empty: nothing is told
    std::chrono::steady_clock::time_point begin = {};  // of the search
};

// Errors: those of a Session.
[[nodiscard]] base::Result<void> present_found(PastRows& rows, const Globals& globals,
                                               const Presentation& how, FoundSettings settings);

}  // namespace packetsentry::ctl
