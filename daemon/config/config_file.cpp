#include "daemon/config/config_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <string_view>

#include "daemon/base/syscall.h"
#include "daemon/config/size_text.h"

namespace packetsentry::config {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kMiB = 1ULL << 20;

// A setter returns what the value should have been, or "" when it was that.
using Setter = std::string (*)(Config&, const toml::node&);

struct Key {
    std::string_view name;  // "table.key", or the key alone at the top
    Setter set;
};

std::string range_text(std::uint64_t low, std::uint64_t high) {
    return std::to_string(low) + " to " + std::to_string(high);
}

template <auto Member>
std::string set_text(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value || value->empty()) return "a text";
    config.*Member = *value;
    return "";
}

std::string set_level(Config& config, const toml::node& node) {
    constexpr std::array kLevels = {"debug", "info", "warning", "error"};
    const auto value = node.value_exact<std::string>();
    if (!value || std::ranges::find(kLevels, *value) == kLevels.end()) return "debug, info, warning or error";
    config.log_level = *value;
    return "";
}

template <auto Member, std::uint64_t Low, std::uint64_t High>
std::string set_number(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0 || static_cast<std::uint64_t>(*value) < Low ||
        static_cast<std::uint64_t>(*value) > High)
        return "a number from " + range_text(Low, High);
    using Number = std::remove_reference_t<decltype(config.*Member)>;
    config.*Member = Number(static_cast<std::uint32_t>(*value));
    return "";
}

// Bytes: 67108864 or "64MiB".
template <auto Member, std::uint64_t Low, std::uint64_t High>
std::string set_size(Config& config, const toml::node& node) {
    const auto number = node.value_exact<std::int64_t>();
    const auto text = node.value_exact<std::string>();
    std::optional<std::uint64_t> bytes;
    if (number && *number >= 0) bytes = static_cast<std::uint64_t>(*number);
    if (text) bytes = parse_size(*text);
    if (!bytes || *bytes < Low || *bytes > High)
        return "a size such as \"64MiB\", from " + std::to_string(Low / kMiB) + " to " +
               std::to_string(High / kMiB) + " MiB";
    using Number = std::remove_reference_t<decltype(config.*Member)>;
    config.*Member = static_cast<Number>(*bytes);
    return "";
}

// A window holds at least the largest batch there can be (proto/channel.h).
constexpr std::array kKeys = {
    Key{"socket", set_text<&Config::socket>},
    Key{"group", set_text<&Config::group>},
    Key{"user", set_text<&Config::user>},
    Key{"state_dir", set_text<&Config::state_dir>},
    Key{"log_level", set_level},
    Key{"jobs.max", set_number<&Config::max_jobs, 1, 1024>},
    Key{"jobs.max_per_user", set_number<&Config::max_jobs_per_user, 1, 1024>},
    Key{"jobs.finished", set_number<&Config::finished_jobs, 0, 10000>},
    Key{"jobs.finished_minutes", set_number<&Config::finished_for, 0, 525600>},
    Key{"clients.max", set_number<&Config::max_clients, 1, 65536>},
    Key{"clients.max_per_user", set_number<&Config::max_clients_per_user, 1, 65536>},
    Key{"memory.window", set_size<&Config::window_bytes, 8 * kMiB, 65536 * kMiB>},
    Key{"memory.kept", set_size<&Config::kept_bytes, 8 * kMiB, 1048576 * kMiB>},
    Key{"memory.ring", set_size<&Config::ring_bytes, 1 * kMiB, 1024 * kMiB>},
};

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
        const auto* key = std::ranges::find(kKeys, name, &Key::name);
        if (key == kKeys.end()) return refuse(line, "unknown key '" + name + "'");
        const std::string wanted = key->set(config_, node);
        if (!wanted.empty()) return refuse(line, "'" + name + "' must be " + wanted);
        return {};
    }

    static bool is_table(const std::string& name) {
        return std::ranges::any_of(kKeys, [&](const Key& key) { return key.name.starts_with(name + "."); });
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
