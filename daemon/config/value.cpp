#include "daemon/config/value.h"

#include <utility>

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

std::optional<std::vector<std::string>> texts_of(const toml::node& node, std::size_t most,
                                                 std::size_t most_bytes) {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > most) return std::nullopt;
    std::vector<std::string> texts;
    for (const toml::node& element : *list) {
        auto text = text_of(element);
        if (!text || text->size() > most_bytes || text->contains('\0')) return std::nullopt;
        texts.push_back(std::move(*text));
    }
    return texts;
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

std::string time_text(std::chrono::seconds time) {
    return base::duration_text(static_cast<std::uint64_t>(time.count()) * kSecond);
}

std::string number_wanted(std::uint64_t low, std::uint64_t high) {
    return "a number from " + std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace packetsentry::config
