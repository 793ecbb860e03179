#include "daemon/log/journal_sink.h"

#ifdef PACKETSENTRY_SYSTEMD

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "daemon/log/record.h"

#endif

namespace packetsentry::log {

#ifdef PACKETSENTRY_SYSTEMD
namespace {

// JOURNAL_STREAM names the device and inode that systemd gave as standard error; a redirected one is
// another file.
bool stderr_is_journal() {
    const char* told = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (told == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
    return told == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

int priority_of(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::debug:
            return LOG_DEBUG;
        case spdlog::level::info:
            return LOG_INFO;
        case spdlog::level::warn:
            return LOG_WARNING;
        case spdlog::level::err:
            return LOG_ERR;
        default:
            return LOG_CRIT;
    }
}

iovec part_of(std::string_view text) {
    return {const_cast<char*>(text.data()), text.size()};
}

class JournalSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
    void sink_it_(const spdlog::details::log_msg& message) override {
        const Record record = unpack({message.payload.data(), message.payload.size()});
        const std::string text = "MESSAGE=" + std::string(record.text);
        const std::string priority = "PRIORITY=" + std::to_string(priority_of(message.level));
        std::vector<iovec> parts{part_of(text), part_of(priority),
                                 part_of("SYSLOG_IDENTIFIER=packetsentryd")};
        for (const std::string_view field : record.fields) parts.push_back(part_of(field));
        // There is nobody to tell if it fails.
        (void)::sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
    }
    void flush_() override {}
};

}  // namespace

std::shared_ptr<spdlog::sinks::sink> make_journal_sink() {
    return stderr_is_journal() ? std::make_shared<JournalSink>() : nullptr;
}

#else

std::shared_ptr<spdlog::sinks::sink> make_journal_sink() {
    return nullptr;
}

#endif

}  // namespace packetsentry::log
