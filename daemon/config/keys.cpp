#include "daemon/config/keys.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <type_traits>
#include <utility>

#include "daemon/config/value.h"

namespace packetsentry::config {
namespace {

constexpr std::uint64_t kMiB = 1ULL << 20;

// Returns the member, which is one of Config, or one of its Spool.
template <auto Member>
auto& at(auto& config) {
    if constexpr (requires { config.*Member; })
        return config.*Member;
    else
        return config.spool.*Member;
}

template <auto Member>
std::string set_text(Config& config, const toml::node& node) {
    auto value = text_of(node);
    if (!value) return "a text";
    at<Member>(config) = std::move(*value);
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
    const auto value = number_of(node, Low, High);
    if (!value) return number_wanted(Low, High);
    using Number = std::remove_reference_t<decltype(at<Member>(config))>;
    at<Member>(config) = Number(static_cast<std::uint32_t>(*value));
    return "";
}

// Bytes: 67108864 or "64MiB".
template <auto Member, std::uint64_t Low, std::uint64_t High>
std::string set_size(Config& config, const toml::node& node) {
    const auto bytes = size_of(node, Low, High);
    if (!bytes)
        return "a size such as \"64MiB\", from " + std::to_string(Low / kMiB) + " to " +
               std::to_string(High / kMiB) + " MiB";
    using Number = std::remove_reference_t<decltype(at<Member>(config))>;
    at<Member>(config) = static_cast<Number>(*bytes);
    return "";
}

template <auto Member>
std::string show(const Config& config) {
    using Value = std::remove_cvref_t<decltype(at<Member>(config))>;
    if constexpr (std::is_same_v<Value, std::string>)
        return at<Member>(config);
    else if constexpr (std::is_same_v<Value, std::chrono::minutes> ||
                       std::is_same_v<Value, std::chrono::seconds>)
        return std::to_string(at<Member>(config).count());
    else
        return std::to_string(at<Member>(config));
}

template <auto Member>
std::string show_size(const Config& config) {
    const std::uint64_t bytes = at<Member>(config);
    return bytes % kMiB == 0 ? std::to_string(bytes / kMiB) + "MiB" : std::to_string(bytes);
}

// Reads a time: "10s".
template <auto Member, std::int64_t LowSeconds, std::int64_t HighSeconds>
std::string set_time(Config& config, const toml::node& node) {
    const auto time = duration_of(node, std::chrono::seconds(LowSeconds), std::chrono::seconds(HighSeconds));
    if (!time)
        return "a time such as \"10s\", with s, m, h or d, from " +
               time_text(std::chrono::seconds(LowSeconds)) + " to " +
               time_text(std::chrono::seconds(HighSeconds));
    at<Member>(config) = *time;
    return "";
}

template <auto Member>
std::string show_time(const Config& config) {
    return time_text(at<Member>(config));
}

template <auto Member>
void copy(const Config& from, Config& to) {
    at<Member>(to) = at<Member>(from);
}

template <auto Member>
constexpr Key text(std::string_view name, Effect effect) {
    return {name, set_text<Member>, show<Member>, copy<Member>, effect};
}

template <auto Member, std::uint64_t Low, std::uint64_t High>
constexpr Key number(std::string_view name, Effect effect) {
    return {name, set_number<Member, Low, High>, show<Member>, copy<Member>, effect};
}

template <auto Member, std::uint64_t LowMiB, std::uint64_t HighMiB>
constexpr Key size(std::string_view name, Effect effect) {
    return {name, set_size<Member, LowMiB * kMiB, HighMiB * kMiB>, show_size<Member>, copy<Member>, effect};
}

template <auto Member, std::int64_t LowSeconds, std::int64_t HighSeconds>
constexpr Key time(std::string_view name, Effect effect) {
    return {name, set_time<Member, LowSeconds, HighSeconds>, show_time<Member>, copy<Member>, effect};
}

// A window holds at least the largest batch there can be (proto/link/channel.h); a ring is at most what a job
// may ask for (jobs/start_order.cpp).
constexpr std::array kKeys = {
    text<&Config::socket>("socket", Effect::restart),
    text<&Config::group>("group", Effect::restart),
    text<&Config::user>("user", Effect::restart),
    text<&Config::state_dir>("state_dir", Effect::restart),
    text<&Config::policy>("policy", Effect::now),
    Key{"log_level", set_level, show<&Config::log_level>, copy<&Config::log_level>, Effect::now},
    number<&Config::max_jobs, 1, 1024>("jobs.max", Effect::now),
    number<&Config::max_jobs_per_user, 1, 1024>("jobs.max_per_user", Effect::now),
    number<&Config::finished_jobs, 0, 10000>("jobs.finished", Effect::now),
    number<&Config::finished_for, 0, 525600>("jobs.finished_minutes", Effect::now),
    number<&Config::max_clients, 1, 65536>("clients.max", Effect::now),
    number<&Config::max_clients_per_user, 1, 65536>("clients.max_per_user", Effect::now),
    number<&Config::max_streams_per_user, 1, 65536>("clients.streams_per_user", Effect::now),
    number<&Config::requests_per_second, 1, 1000000>("clients.requests_per_second", Effect::now),
    size<&Config::waiting_bytes, 1, 65536>("clients.waiting", Effect::now),
    number<&Config::reader_patience, 5, 86400>("clients.reader_seconds", Effect::now),
    number<&Config::sockets_per_interface, 1, 1024>("captures.sockets_per_interface", Effect::now),
    number<&Config::sockets_per_user, 1, 65536>("captures.sockets_per_user", Effect::now),
    number<&Config::filter_instructions, 1, 4096>("captures.filter_instructions", Effect::now),
    number<&Config::filter_instructions_per_interface, 1, 1048576>(
        "captures.filter_instructions_per_interface", Effect::now),
    number<&Config::compilers_per_user, 1, 1024>("captures.compilers_per_user", Effect::now),
    size<&Config::window_bytes, 8, 65536>("memory.window", Effect::new_jobs),
    size<&Config::kept_bytes, 8, 1048576>("memory.kept", Effect::now),
    size<&Config::ring_bytes, 1, 1024>("memory.ring", Effect::new_jobs),
    size<&Config::flow_bytes, 8, 1024>("memory.flows", Effect::now),
    size<&Config::rings_per_user, 1, 1048576>("memory.rings_per_user", Effect::now),
    size<&Config::rings, 1, 1048576>("memory.rings", Effect::now),
    size<&Config::outputs_per_user, 1, 1048576>("memory.outputs_per_user", Effect::now),
    text<&Spool::directory>("spool.directory", Effect::restart),
    size<&Spool::bytes, 64, 1073741824>("spool.bytes", Effect::now),
    size<&Spool::free_disk, 1, 1073741824>("spool.free_disk", Effect::now),
    time<&Spool::sync_interval, 1, 3600>("spool.sync_interval", Effect::new_jobs),
    size<&Spool::user_bytes, 1, 1073741824>("spool.user_bytes", Effect::now),
};

}  // namespace

std::span<const Key> keys() {
    return kKeys;
}

}  // namespace packetsentry::config
