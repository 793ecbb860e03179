// The methods of HTTP requests: what a request line begins with.
#pragma once

#include <string_view>

namespace packetsentry::dissect {

// The method that the text begins with, if it is one of the table and a blank or a tab follows; otherwise
// empty.
[[nodiscard]] std::string_view http_method_in(std::string_view text);

}  // namespace packetsentry::dissect
