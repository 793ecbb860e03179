// Names in a filter expression. libpcap would ask the name service, which is no business of a capture:
// slow, seen on the wire that is captured, steered by whoever wrote the filter, and out of a sandbox's
// reach.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "daemon/capture/filter/filter_diagnosis.h"
#include "daemon/capture/filter/filter_token.h"

namespace packetsentry::capture {

struct UnknownName {
    FilterToken token;         // into the expression
    std::string_view instead;  // what is to be written: "the address", "the number"
};

// The expression with numbers in place of the names of well-known ports and IP protocols. Error: the first
// name that libpcap would look up: of a host, a network, a hardware address, another port or protocol.
// compile: tells a name from a word of the filter language.
[[nodiscard]] std::expected<std::string, UnknownName> resolve_names(std::string_view expression,
                                                                    const FilterCompile& compile);

}  // namespace packetsentry::capture
