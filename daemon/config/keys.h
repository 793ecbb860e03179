// The table of keys: how each is read, shown and copied, and when a changed value takes effect.
#pragma once

#include <toml++/toml.h>

#include <span>
#include <string>
#include <string_view>

#include "daemon/config/changes.h"
#include "daemon/config/config.h"

namespace packetsentry::config {

struct Key {
    std::string_view name;  // "table.key", or the key alone at the top
    // Sets the member. Returns what the value should have been, or "" if the value was right.
    std::string (*set)(Config&, const toml::node&);
    std::string (*show)(const Config&);
    void (*copy)(const Config& from, Config& to);
    Effect effect;
};

[[nodiscard]] std::span<const Key> keys();

}  // namespace packetsentry::config
