// Which presenter a session gets.
#pragma once

#include <cstdint>
#include <memory>

#include "ctl/options/format_options.h"
#include "ctl/options/globals.h"
#include "ctl/options/packet_options.h"
#include "ctl/output/presenter.h"
#include "ctl/render/formats.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl {

struct Presentation {
    wire::Table table = wire::TABLE_PACKETS;  // of the rows
    ChosenFormat shown = {.format = &render::format("text")};
    bool quiet = false;
    bool stdout_taken = false;  // by packets saved there
    bool files = true;          // log and results, unless --no-files; only where the format is for people
    bool narrated = true;       // "Starting capture on …"
    bool live = false;          // packets of now: a terminal is not waited for
    PacketOptions packet = {};  // what is shown below lines
};

// Whether the wishes can be fulfilled together. Errors: usage (rows and packets on one output; the inside of
// packets where no lines are shown, or of flows; names where no rows are; a format that another table has).
[[nodiscard]] base::Result<void> check_presentation(const Presentation& how);

// Errors: as above, file (-q, and log or results cannot be written).
[[nodiscard]] base::Result<std::unique_ptr<Presenter>> make_presenter(const Globals& globals,
                                                                      const Presentation& how);

// Says so on standard error where bytes are to be shown, and the job does not keep them.
void tell_missing_bytes(const PacketOptions& options, const wire::Job& job);

// Nanoseconds since 1970.
[[nodiscard]] std::int64_t now_ns();

}  // namespace packetsentry::ctl
