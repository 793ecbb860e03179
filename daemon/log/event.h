// The kinds of events that the daemon logs. Each has an id (MESSAGE_ID=) by which the journal finds it and
// its catalog explains it (systemd/packetsentry.catalog). These ids never change.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace packetsentry::log {

enum class Event : std::uint8_t {
    started,
    stopping,
    stopped,
    trouble,         // something at start-up is not as it should be; it goes on
    broken,          // it cannot go on
    reloaded,        // a new configuration is in force
    not_reloaded,    // it was wrong; the old one stays
    job_started,     // by somebody
    job_stopped,     // by somebody
    filter_changed,  // by somebody
    job_read,        // somebody else's rows are read
    client_gone,     // so its foreground job stops
    job_finished,    // by itself, or after it was stopped
    job_failed,
    job_left,       // when the daemon stops: its worker does not end
    job_notice,     // an interface, an output: something a person should know
    job_resumed,    // after a restart of the daemon
    job_waits,      // to be resumed, for an interface
    job_renewed,    // by somebody
    job_expired,    // its lifetime was over
    job_forbidden,  // the policy no longer allows it
    clock_set,      // or the machine slept
    purged,         // by somebody: what was kept is removed
    answer_failed,  // a question about the past has no complete answer
    malformed,      // packets that break their protocol
    refused,        // a request or a connection
    suppressed,     // how many lines of one kind were left out
    lines_lost,     // the log did not take them in time
    detail,         // for whoever looks for a fault
};

enum class Level : std::uint8_t { debug, info, warning, error, critical };

struct Kind {
    Event event;
    std::string_view message_id;  // 128 bits, lower-case hexadecimal
    Level level;
    bool limited;  // somebody outside can make many: rate-limited, by uid or job
};

[[nodiscard]] const Kind& kind_of(Event event);
[[nodiscard]] std::span<const Kind> kinds();

}  // namespace packetsentry::log
