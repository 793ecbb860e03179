// Reads single values of a TOML file. Each function returns nothing if the node is not such a value, or is
// out of range.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packetsentry::config {

[[nodiscard]] std::optional<std::string> text_of(const toml::node& node);  // never empty
// Reads a list of such texts: at most this many, of at most this many bytes each, without a zero byte.
[[nodiscard]] std::optional<std::vector<std::string>> texts_of(const toml::node& node, std::size_t most,
                                                               std::size_t most_bytes);
[[nodiscard]] std::optional<std::uint64_t> number_of(const toml::node& node, std::uint64_t low,
                                                     std::uint64_t high);
// Reads a size in bytes: 67108864 or "64MiB".
[[nodiscard]] std::optional<std::uint64_t> size_of(const toml::node& node, std::uint64_t low,
                                                   std::uint64_t high);
// Reads a time such as "24h". It must be a text, because a number alone does not say which unit it has.
[[nodiscard]] std::optional<std::chrono::seconds> duration_of(const toml::node& node,
                                                              std::chrono::seconds low,
                                                              std::chrono::seconds high);

// Returns a time as duration_of() reads it: "90m".
[[nodiscard]] std::string time_text(std::chrono::seconds time);

// Returns the words for what a value should have been: "a number from 1 to 64".
[[nodiscard]] std::string number_wanted(std::uint64_t low, std::uint64_t high);

}  // namespace packetsentry::config
