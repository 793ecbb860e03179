// Words with blanks between them, as the tables of fields and protocols have them.
#pragma once

#include <algorithm>
#include <string_view>

namespace packetsentry::query {

// Calls visit(word) for each until it returns true; gives whether it did.
template <typename Visit>
bool any_word(std::string_view list, char separator, Visit visit) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(separator), list.size());
        if (end != 0 && visit(list.substr(0, end))) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

[[nodiscard]] inline bool has_word(std::string_view list, std::string_view word, char separator = ' ') {
    return any_word(list, separator, [word](std::string_view one) { return one == word; });
}

}  // namespace packetsentry::query
