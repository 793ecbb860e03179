#include "daemon/config/config_file.h"

#include <unistd.h>

#include <string_view>
#include <utility>

#include "daemon/base/trusted_path.h"
#include "daemon/config/key_table.h"
#include "daemon/config/keys.h"

namespace packetsentry::config {
namespace {

using base::ErrorCode;

// A setting decides who is let in, so nobody else may have written the file.
base::Result<std::string> whole_file(const std::string& path) {
    auto text = base::read_trusted_file(path, ::geteuid());
    if (!text) return base::fail(text.error().code, "the configuration: " + text.error().message);
    if (!*text) return base::fail(ErrorCode::file, "the configuration: there is no file '" + path + "'");
    return std::move(**text);
}

}  // namespace

base::Result<void> read_config_file(const std::string& path, Config& config) {
    const auto text = whole_file(path);
    if (!text) return std::unexpected(text.error());
    return read_config_text(*text, path, config);
}

base::Result<void> read_config_text(std::string_view text, const std::string& path, Config& config) {
    const auto table = parse_toml(text, path);
    if (!table) return std::unexpected(table.error());
    return read_keys(*table, keys(), path, [&config](const Key& key, const toml::node& node) {
        const std::string wanted = key.set(config, node);
        return wanted.empty() ? wanted : "must be " + wanted;
    });
}

}  // namespace packetsentry::config
