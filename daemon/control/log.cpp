#include "daemon/control/log.h"

#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#ifdef PACKETSENTRY_SYSTEMD
#include <spdlog/sinks/systemd_sink.h>
#endif

namespace packetsentry::control {
namespace {

// The length of the UTF-8 character (RFC 3629) that text begins with; 0: none.
std::size_t character_size(std::string_view text) {
    struct Form {
        unsigned char mask, bits;
        std::uint32_t lowest;
    };
    constexpr std::array kForms = {Form{0x80, 0x00, 0}, Form{0xe0, 0xc0, 0x80}, Form{0xf0, 0xe0, 0x800},
                                   Form{0xf8, 0xf0, 0x10000}};
    const auto first = static_cast<unsigned char>(text[0]);
    for (std::size_t size = 1; size <= kForms.size() && size <= text.size(); ++size) {
        const Form& form = kForms[size - 1];
        if ((first & form.mask) != form.bits) continue;
        std::uint32_t value = first & static_cast<unsigned char>(~form.mask);
        for (std::size_t i = 1; i < size; ++i) {
            const auto next = static_cast<unsigned char>(text[i]);
            if ((next & 0xc0) != 0x80) return 0;
            value = value << 6 | (next & 0x3fU);
        }
        const bool surrogate = value >= 0xd800 && value <= 0xdfff;
        return value >= form.lowest && value <= 0x10ffff && !surrogate ? size : 0;
    }
    return 0;
}

// C0, DEL and C1 (which some terminals obey).
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    return first < 0x20 || first == 0x7f ||
           (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

void append_hex(std::string& out, std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
}

class EscapingFormatter : public spdlog::formatter {
  public:
    explicit EscapingFormatter(std::unique_ptr<spdlog::formatter> inner) : inner_(std::move(inner)) {}
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const std::string payload = escaped({message.payload.data(), message.payload.size()});
        spdlog::details::log_msg safe = message;
        safe.payload = payload;
        inner_->format(safe, out);
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<EscapingFormatter>(inner_->clone());
    }

  private:
    std::unique_ptr<spdlog::formatter> inner_;
};

#ifdef PACKETSENTRY_SYSTEMD
// JOURNAL_STREAM names the device and inode that systemd gave as standard error; a redirected one is
// another file.
bool stderr_is_journal() {
    const char* told = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (told == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
    return told == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}
#endif

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        const std::string_view character = text.substr(0, size == 0 ? 1 : size);
        if (size == 0 || is_control(character))
            append_hex(out, character);
        else if (character == "\\")
            out += "\\\\";
        else
            out += character;
        text.remove_prefix(character.size());
    }
    return out;
}

void open_log(const std::string& level) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    std::string pattern = "%Y-%m-%d %H:%M:%S.%e %l: %v";
#ifdef PACKETSENTRY_SYSTEMD
    if (stderr_is_journal()) {
        sink = std::make_shared<spdlog::sinks::systemd_sink_st>("packetsentryd", true);
        pattern = "%v";
    }
#endif
    if (!sink) sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
    const auto logger = std::make_shared<spdlog::logger>("packetsentryd", std::move(sink));
    // The journal ends its entries itself.
    const std::string eol = pattern == "%v" ? "" : "\n";
    logger->set_formatter(std::make_unique<EscapingFormatter>(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::local, eol)));
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(logger);
}

}  // namespace packetsentry::control
