#include "daemon/quota/refusals.h"

#include <numeric>

namespace packetsentry::quota {
namespace {

constexpr std::array<std::string_view, Refusals::kKinds> kNames = {
    "connections", "permission",  "greeting", "message", "slow_message",
    "descriptors", "slow_reader", "streams",  "jobs",    "requests"};
static_assert(kNames.size() == static_cast<std::size_t>(Refusal::requests) + 1);

}  // namespace

std::uint64_t Refusals::all() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::string_view name_of(Refusal kind) {
    return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace packetsentry::quota
