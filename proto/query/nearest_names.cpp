// Names that somebody who mistyped one may have meant.
#include <algorithm>
#include <array>
#include <numeric>

#include "proto/query/reference.h"

namespace packetsentry::query {
namespace {

constexpr std::size_t kNameLimit = 64;  // bytes; a longer name is near to none
constexpr std::size_t kSuggestions = 3;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Insertions, deletions and replacements that make one name of the other (Levenshtein), without regard to
// case.
std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::size_t, kNameLimit + 1> row;
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

std::string_view last_part(std::string_view name) {
    return name.substr(name.rfind('.') + 1);
}

// Below the distance of what is no suggestion. A name with the right end has been looked for in the wrong
// family.
std::size_t rank(std::string_view name, std::string_view candidate) {
    const std::size_t far = std::max<std::size_t>(1, name.size() / 3);
    const std::size_t near = distance(name, candidate);
    if (near <= far) return near;
    const bool same_end =
        name.contains('.') && last_part(name).size() > 3 && last_part(name) == last_part(candidate);
    return same_end ? kNameLimit : kNameLimit + 1;
}

}  // namespace

std::vector<std::string_view> nearest_names(std::string_view name,
                                            const std::vector<std::string_view>& among) {
    if (name.size() > kNameLimit) return {};
    std::vector<std::pair<std::size_t, std::string_view>> near;
    for (const std::string_view candidate : among) {
        if (candidate.size() > kNameLimit) continue;
        const std::size_t ranked = rank(name, candidate);
        if (ranked <= kNameLimit) near.emplace_back(ranked, candidate);
    }
    std::ranges::sort(near);
    std::vector<std::string_view> names;
    for (const auto& [ranked, candidate] : near)
        if (names.size() < kSuggestions) names.push_back(candidate);
    return names;
}

}  // namespace packetsentry::query
