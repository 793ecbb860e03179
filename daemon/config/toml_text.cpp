#include "daemon/config/toml_text.h"

namespace packetsentry::config {

base::Result<toml::table> parse_toml(std::string_view text, const std::string& path) {
    try {
        return toml::parse(text, path);
    } catch (const toml::parse_error& error) {
        return mistake(path, error.source().begin.line, std::string(error.description()));
    }
}

std::unexpected<base::Error> mistake(const std::string& path, std::uint32_t line, const std::string& what) {
    return base::fail(base::ErrorCode::usage, path + ":" + std::to_string(line) + ": " + what);
}

}  // namespace packetsentry::config
