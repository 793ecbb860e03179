// Which presenter a session gets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "ctl/options/format_options.h"
#include "ctl/options/globals.h"
#include "ctl/output/presenter.h"
#include "ctl/render/formats.h"

namespace packetsentry::ctl {

struct Presentation {
    ChosenFormat shown = {.format = &render::format("text")};
    bool quiet = false;
    bool stdout_taken = false;  // by packets saved there
    bool files = true;          // log and results, unless --no-files; only where the format is for people
    bool narrated = true;       // "Starting capture on …"
    bool live = false;          // packets of now: a terminal is not waited for
    std::optional<std::uint64_t> job = std::nullopt;  // of the daemon
};

// Errors: usage (rows and packets on one output), file (-q, and log or results cannot be written).
[[nodiscard]] base::Result<std::unique_ptr<Presenter>> make_presenter(const Globals& globals,
                                                                      const Presentation& how);

// Nanoseconds since 1970.
[[nodiscard]] std::int64_t now_ns();

}  // namespace packetsentry::ctl
