#include "daemon/spool/format/glob.h"

#include <cstddef>

namespace packetsentry::spool {

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t in_pattern = 0;
    std::size_t in_text = 0;
    std::size_t behind_star = std::string_view::npos;  // where the pattern goes on behind the last '*'
    std::size_t star_text = 0;  // where the text goes on behind what that '*' has taken
    while (in_text < text.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            behind_star = ++in_pattern;
            star_text = in_text;
        } else if (in_pattern < pattern.size() &&
                   (pattern[in_pattern] == '?' || pattern[in_pattern] == text[in_text])) {
            ++in_pattern;
            ++in_text;
        } else if (behind_star != std::string_view::npos) {
            in_pattern = behind_star;  // the '*' takes one byte more
            in_text = ++star_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

}  // namespace packetsentry::spool
