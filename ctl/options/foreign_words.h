// Advises users who type options of tcpdump, dumpcap and tshark what to use here instead.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace packetsentry::ctl {

class TypedWords;

// For a command line that could not be understood. None: nothing in it is known from those programs.
[[nodiscard]] std::optional<std::string> advice_for(const TypedWords& typed);

// Says which option these words need here, which tcpdump would take for a filter. There is at least one.
[[nodiscard]] std::string filter_advice(std::span<const std::string> words);

}  // namespace packetsentry::ctl
