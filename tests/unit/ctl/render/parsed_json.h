// JSON as a reader that is not ours reads it. (RapidJSON's own does not compile with Clang 19.)
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace packetsentry::ctl::render {

// Strict, UTF-8 included; ends the test where the line is no JSON.
[[nodiscard]] boost::json::value parsed_json(const std::string& line);

// A text inside, by its JSON pointer (RFC 6901): "/dns/question/name".
[[nodiscard]] std::string text_at(const boost::json::value& document, const char* pointer);

}  // namespace packetsentry::ctl::render
