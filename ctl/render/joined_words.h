// Words as a person lists them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace packetsentry::ctl::render {

// "flows", "flows and dns", "flows, dns and http". last stands before the last word, with its blanks.
[[nodiscard]] std::string joined_words(std::span<const std::string> words, std::string_view last = " and ");

}  // namespace packetsentry::ctl::render
