#include "daemon/config/config_file.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/base/trusted_path.h"
#include "daemon/config/keys.h"
#include "daemon/config/toml_text.h"

namespace packetsentry::config {
namespace {

using base::ErrorCode;

class Reader {
  public:
    Reader(const std::string& path, Config& config) : path_(path), config_(config) {}

    base::Result<void> table(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            const std::string name = prefix + std::string(key.str());
            if (auto done = entry(name, node, key.source().begin.line); !done) return done;
        }
        return {};
    }

  private:
    base::Result<void> entry(const std::string& name, const toml::node& node, std::uint32_t line) {
        if (const auto* inner = node.as_table(); inner != nullptr && is_table(name))
            return table(*inner, name + ".");
        const auto key = std::ranges::find(keys(), name, &Key::name);
        if (key == keys().end()) return mistake(path_, line, "unknown key '" + name + "'");
        const std::string wanted = key->set(config_, node);
        if (!wanted.empty()) return mistake(path_, line, "'" + name + "' must be " + wanted);
        return {};
    }

    static bool is_table(const std::string& name) {
        return std::ranges::any_of(keys(), [&](const Key& key) { return key.name.starts_with(name + "."); });
    }

    const std::string& path_;
    Config& config_;
};

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
    return Reader(path, config).table(*table, "");
}

}  // namespace packetsentry::config
