#include "daemon/config/value.h"

#include "daemon/base/quantity.h"

namespace packetsentry::config {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;  // nanoseconds

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
    return within(text ? base::parse_size(*text, base::Bare::taken) : unsigned_of(node), low, high);
}

std::optional<std::chrono::seconds> duration_of(const toml::node& node, std::chrono::seconds low,
                                                std::chrono::seconds high) {
    const auto text = text_of(node);
    const auto time = text ? base::parse_duration(*text, base::Bare::refused) : std::nullopt;
    if (!time || *time % kSecond != 0) return std::nullopt;
    return within(std::optional(std::chrono::seconds(*time / kSecond)), low, high);
}

std::string number_wanted(std::uint64_t low, std::uint64_t high) {
    return "a number from " + std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace packetsentry::config
