// Finds the words that can come next on a command line, for the completion of shells (packaging/completions).
// It uses the same description as the parser of command lines, so it has the same commands and options.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ctl/options/completion_values.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

struct Completion {
    PathKind paths = PathKind::none;  // what the shell completes by itself
    std::string before;               // what of the word stands before the path: "--output="
    std::vector<Candidate> candidates;
};

// words: the command line up to the cursor, without the program's name; the last one, which may be
// empty, is completed. app: as describe() made it. ask: for names that only the daemon knows.
[[nodiscard]] Completion complete(const CLI::App& app, std::vector<std::string> words, const Ask& ask);

// For a shell's script: ":files" or ":directories" with a tab and what stands before, where there are
// paths to complete; then "candidate<TAB>description" lines.
[[nodiscard]] std::string completion_text(const Completion& completion);

}  // namespace packetsentry::ctl
