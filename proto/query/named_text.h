// The text of a column as a name of Wireshark's has it.
#pragma once

#include <string>
#include <string_view>

#include "proto/query/expression.h"

namespace packetsentry::query {

// The view is into text, or into room, which is kept for the next text so that nothing is allocated for each.
[[nodiscard]] inline std::string_view named_text(const Source& source, std::string_view text,
                                                 std::string& room) {
    if (source.last_word) return text.substr(text.rfind(' ') + 1);
    if (source.text_before.empty()) return text;
    return room.assign(source.text_before).append(text);
}

}  // namespace packetsentry::query
