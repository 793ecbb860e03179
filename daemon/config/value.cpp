#include "daemon/config/value.h"

#include "daemon/config/duration_text.h"
#include "daemon/config/size_text.h"

namespace packetsentry::config {
namespace {

template <typename Value>
std::optional<Value> within(std::optional<Value> value, Value low, Value high) {
    if (!value || *value < low || *value > high) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> unsigned_of(const toml::node& node) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

}  // namespace

std::optional<std::string> text_of(const toml::node& node) {
    auto value = node.value_exact<std::string>();
    if (!value || value->empty()) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> number_of(const toml::node& node, std::uint64_t low, std::uint64_t high) {
    return within(unsigned_of(node), low, high);
}

std::optional<std::uint64_t> size_of(const toml::node& node, std::uint64_t low, std::uint64_t high) {
    const auto text = text_of(node);
    return within(text ? parse_size(*text) : unsigned_of(node), low, high);
}

std::optional<std::chrono::seconds> duration_of(const toml::node& node, std::chrono::seconds low,
                                                std::chrono::seconds high) {
    const auto text = text_of(node);
    return within(text ? parse_duration(*text) : std::nullopt, low, high);
}

std::string number_wanted(std::uint64_t low, std::uint64_t high) {
    return "a number from " + std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace packetsentry::config
