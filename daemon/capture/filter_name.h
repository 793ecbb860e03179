// Names of hosts in a filter expression. libpcap would ask the name service, which is no business of a
// capture: slow, seen on the wire that is captured, and steered by whoever wrote the filter.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/capture/filter_diagnosis.h"
#include "daemon/capture/filter_token.h"

namespace packetsentry::capture {

// The first word that libpcap would look up as a host, network or hardware address. Names of ports and
// protocols are no such words. compile: tells a name from a word of the filter language.
[[nodiscard]] std::optional<FilterToken> find_host_name(std::string_view expression,
                                                        const FilterCompile& compile);

}  // namespace packetsentry::capture
