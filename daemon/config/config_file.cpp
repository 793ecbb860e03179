#include "daemon/config/config_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>

#include "daemon/base/syscall.h"
#include "daemon/config/keys.h"

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
        if (key == keys().end()) return refuse(line, "unknown key '" + name + "'");
        const std::string wanted = key->set(config_, node);
        if (!wanted.empty()) return refuse(line, "'" + name + "' must be " + wanted);
        return {};
    }

    static bool is_table(const std::string& name) {
        return std::ranges::any_of(keys(), [&](const Key& key) { return key.name.starts_with(name + "."); });
    }

    [[nodiscard]] std::unexpected<base::Error> refuse(std::uint32_t line, const std::string& why) const {
        return base::fail(ErrorCode::usage, path_ + ":" + std::to_string(line) + ": " + why);
    }

    const std::string& path_;
    Config& config_;
};

base::Result<std::string> whole_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    // Of a directory the opening succeeds and the reading fails.
    if (!file || !(text << file.rdbuf()))
        return base::fail(ErrorCode::file, base::syscall_text("read the configuration '" + path + "'"));
    return text.str();
}

}  // namespace

base::Result<void> read_config_file(const std::string& path, Config& config) {
    const auto text = whole_file(path);
    if (!text) return std::unexpected(text.error());
    try {
        return Reader(path, config).table(toml::parse(*text, path), "");
    } catch (const toml::parse_error& error) {
        return base::fail(ErrorCode::usage, path + ":" + std::to_string(error.source().begin.line) + ": " +
                                                std::string(error.description()));
    }
}

}  // namespace packetsentry::config
