// Reads a TOML table by a table of its keys.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <span>
#include <string>

#include "daemon/base/result.h"
#include "daemon/config/toml_text.h"

namespace packetsentry::config {

// Key: has a name, which is "table.key" for a key in a table below this one. path: the path that errors
// name. set(key, node): sets the value, and returns what is wrong with it, or "". It is called in the
// order of the names. Errors (usage) begin with "path:line: ": an unknown key, and what set() returns.
template <typename Key, typename Set>
[[nodiscard]] base::Result<void> read_keys(const toml::table& table, std::span<const Key> keys,
                                           const std::string& path, Set set, const std::string& prefix = "") {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        const std::uint32_t line = key.source().begin.line;
        const bool is_table =
            std::ranges::any_of(keys, [&](const Key& one) { return one.name.starts_with(name + "."); });
        if (is_table && node.is_table()) {
            if (auto read = read_keys(*node.as_table(), keys, path, set, name + "."); !read) return read;
            continue;
        }
        if (is_table) return mistake(path, line, "'" + name + "' must be a table");
        const auto found = std::ranges::find(keys, name, &Key::name);
        if (found == keys.end()) return mistake(path, line, "unknown key '" + name + "'");
        if (const std::string wrong = set(*found, node); !wrong.empty())
            return mistake(path, line, "'" + name + "' " + wrong);
    }
    return {};
}

}  // namespace packetsentry::config
