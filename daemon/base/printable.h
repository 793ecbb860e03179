// Which characters may be shown to a person as they are. One table for whatever is shown: the client's screen
// and files (ctl/render/escape.h) and the daemon's log (daemon/log/escaped.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace packetsentry::base {

struct Character {
    std::uint32_t code = 0;  // with valid only
    std::size_t size = 1;    // bytes
    bool valid = false;      // false: it is one byte that belongs to no UTF-8 character (RFC 3629)

    // It moves no cursor, steers no terminal, breaks no line and reorders no text, and can be seen.
    [[nodiscard]] bool printable() const;
};

// What the bytes begin with. They must not be empty.
[[nodiscard]] Character first_character(std::string_view bytes);

}  // namespace packetsentry::base
