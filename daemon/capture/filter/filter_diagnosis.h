// Where in a filter expression libpcap's complaint belongs: libpcap says what, never where.
#pragma once

#include <functional>
#include <string>

namespace packetsentry::capture {

// libpcap's message for an expression, "" where it compiles.
using FilterCompile = std::function<std::string(const std::string&)>;

// "bad filter 'tcp prot 80': can't parse filter expression: syntax error, at 'prot' (character 5)"; for
// what is missing ", at the end". compile: tried on parts of the expression, a bounded number of times;
// for expressions over 1 KiB or 64 words not at all, and no place is told.
[[nodiscard]] std::string filter_diagnosis(const std::string& expression, const std::string& message,
                                           const FilterCompile& compile);

}  // namespace packetsentry::capture
