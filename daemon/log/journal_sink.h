// Writes log lines to the journal, with their fields.
#pragma once

#include <spdlog/sinks/sink.h>

#include <memory>

namespace packetsentry::log {

// Null where standard error is not the journal's, or this was built without systemd.
[[nodiscard]] std::shared_ptr<spdlog::sinks::sink> make_journal_sink();

}  // namespace packetsentry::log
