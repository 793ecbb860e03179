// The daemon's log. Under systemd it goes to the journal, otherwise to standard error, where each line begins
// with the local time and its offset from UTC. Each line describes one event.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>

#include "daemon/log/event.h"
#include "daemon/log/journal_fields.h"

namespace packetsentry::log {

// level: as config::Config has it. Lines are written at once until go_async().
void set_level(const std::string& level);

// From here on a thread of its own writes, so that a journal that is slow or stopped holds up nobody:
// lines wait in a bounded queue, the oldest are dropped, and how many is told. Not before privileges have
// been dropped: a thread keeps its own.
void go_async();

// Waits a moment for what is queued. false: the log takes nothing, and the thread hangs in it; only
// _exit() ends such a process.
[[nodiscard]] bool close();

// One thread calls these. What comes from outside is escaped here, once for every line.
void tell(Event event, const Fields& fields, std::string_view text);
template <typename... Parts>
void tell(Event event, const Fields& fields, fmt::format_string<Parts...> format, Parts&&... parts) {
    tell(event, fields, std::string_view(fmt::format(format, std::forward<Parts>(parts)...)));
}

// To be called about once a second: tells what was suppressed or lost.
void tick();

}  // namespace packetsentry::log
