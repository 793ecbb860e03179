#include "daemon/log/log.h"

#include <spdlog/async.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <thread>
#include <utility>

#include "daemon/log/journal_sink.h"
#include "daemon/log/rate_limit.h"
#include "daemon/log/record.h"

namespace packetsentry::log {
namespace {

constexpr std::size_t kQueuedLines = 4096;
constexpr auto kToClose = std::chrono::seconds(1);
constexpr auto kCloseStep = std::chrono::milliseconds(5);

constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                spdlog::level::err, spdlog::level::critical};

// How far local time is ahead of UTC, "+02:00": in autumn the clocks show an hour twice. spdlog's own flag
// keeps what it said for ten seconds, and so would say the wrong one when the clocks are put back.
class OffsetFlag final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg&, const std::tm& local, spdlog::memory_buf_t& out) override {
        constexpr std::size_t kHours = 3;
        std::array<char, 8> text;
        const std::string_view digits(text.data(), std::strftime(text.data(), text.size(), "%z", &local));
        for (std::size_t i = 0; i < digits.size(); ++i) {
            if (i == kHours) out.push_back(':');
            out.push_back(digits[i]);
        }
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<OffsetFlag>();
    }
};

// The line without its fields.
class LineFormatter final : public spdlog::formatter {
  public:
    LineFormatter() { pattern_.add_flag<OffsetFlag>('z').set_pattern("%Y-%m-%d %H:%M:%S.%e%z %l: %v"); }
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const Record record = unpack({message.payload.data(), message.payload.size()});
        spdlog::details::log_msg line = message;
        line.payload = {record.text.data(), record.text.size()};
        pattern_.format(line, out);
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<LineFormatter>();
    }

  private:
    spdlog::pattern_formatter pattern_;
};

std::shared_ptr<spdlog::sinks::sink> make_sink() {
    if (auto journal = make_journal_sink()) return journal;
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(std::make_unique<LineFormatter>());
    return sink;
}

struct State {
    std::shared_ptr<spdlog::sinks::sink> sink = make_sink();
    std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("packetsentryd", sink);
    std::shared_ptr<spdlog::logger> closed;  // outlives the thread that may still be writing its last line
    std::shared_ptr<spdlog::details::thread_pool> writer;
    RateLimit limit;
    std::size_t lost = 0;  // told of
};

State& state() {
    static State state;
    return state;
}

}  // namespace

void set_level(const std::string& level) {
    state().logger->set_level(spdlog::level::from_str(level));
}

void go_async() {
    State& log = state();
    log.writer = std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1);
    const auto level = log.logger->level();
    log.logger = std::make_shared<spdlog::async_logger>("packetsentryd", log.sink, log.writer,
                                                        spdlog::async_overflow_policy::overrun_oldest);
    log.logger->set_level(level);
}

bool close() {
    State& log = state();
    if (!log.writer) return true;
    const auto deadline = std::chrono::steady_clock::now() + kToClose;
    while (log.writer->queue_size() != 0) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(kCloseStep);
    }
    // The last line may still be on its way out; a thread that hangs there is never joined.
    log.closed = std::exchange(log.logger, std::make_shared<spdlog::logger>("packetsentryd", log.sink));
    std::this_thread::sleep_for(kCloseStep);
    return true;
}

void tell(Event event, const Fields& fields, std::string_view text) {
    State& log = state();
    const Kind& kind = kind_of(event);
    const auto level = kLevels[static_cast<std::size_t>(kind.level)];
    if (!log.logger->should_log(level)) return;
    if (!log.limit.allow(kind, fields, text, RateLimit::Clock::now())) return;
    log.logger->log(level, pack(kind, fields, text));
}

void tick() {
    State& log = state();
    for (const auto& suppressed : log.limit.take_due(RateLimit::Clock::now()))
        tell(Event::suppressed, suppressed.about, "{} more lines like this were left out: {}",
             suppressed.lines, suppressed.text);
    const std::size_t lost = log.writer ? log.writer->overrun_counter() : 0;
    if (lost == log.lost) return;
    tell(Event::lines_lost, {}, "{} lines of this log are lost, because the log did not accept them in time",
         lost - std::exchange(log.lost, lost));
}

}  // namespace packetsentry::log
