// The lines of an HTTP head (RFC 9112 section 2.1), and what its header fields say (RFC 9110).
#pragma once

#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// A line without its end. whole: its end was there.
struct HttpLine {
    std::string_view text;
    bool whole = false;
};

// Takes the next line off the head.
[[nodiscard]] HttpLine next_http_line(std::string_view& head);

// Without the blanks and tabs around it.
[[nodiscard]] std::string_view http_trimmed(std::string_view text);

// lower has no capitals.
[[nodiscard]] bool same_http_word(std::string_view text, std::string_view lower);

enum class HttpHead : std::uint8_t { request, response };

// Adds a field for each header that has one. head: what follows the first line; it is read up to the empty
// line, and a header whose line has no end is left out, because half a value would be another value. Where a
// header is there several times its first one counts. Returns the value of Host, empty where there is none.
[[nodiscard]] std::string_view read_http_headers(std::string_view head, HttpHead kind, Dissection& out);

// Returns the value of the first header with one of these names, which have no capitals; empty where there is
// none.
[[nodiscard]] std::string_view find_http_header(std::string_view head,
                                                std::span<const std::string_view> names);

}  // namespace packetsentry::dissect
