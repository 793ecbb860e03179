// Single values of a TOML file. None: the node is no such value, or it is out of range.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace packetsentry::config {

[[nodiscard]] std::optional<std::string> text_of(const toml::node& node);  // never empty
[[nodiscard]] std::optional<std::uint64_t> number_of(const toml::node& node, std::uint64_t low,
                                                     std::uint64_t high);
// Bytes: 67108864 or "64MiB".
[[nodiscard]] std::optional<std::uint64_t> size_of(const toml::node& node, std::uint64_t low,
                                                   std::uint64_t high);
// A text only, as a bare number does not say of what: "24h".
[[nodiscard]] std::optional<std::chrono::seconds> duration_of(const toml::node& node,
                                                              std::chrono::seconds low,
                                                              std::chrono::seconds high);

// "a number from 1 to 64": what it should have been.
[[nodiscard]] std::string number_wanted(std::uint64_t low, std::uint64_t high);

}  // namespace packetsentry::config
