// The name by which a packet calls the host that it goes to.
#pragma once

#include <array>
#include <string_view>

#include "daemon/dissect/dissection.h"
#include "daemon/flows/flow_names.h"

namespace packetsentry::flows {

struct CalledName {
    NameSource source = NameSource::tls;
    std::string_view text = {};  // as it is in the packet; empty: it has none
};

// Returns what the innermost packet says. The name lives as long as the dissection's texts.
[[nodiscard]] CalledName called_name(const dissect::Dissection& dissection);

// A name in the form in which names are compared: in small letters, without the dot behind it. Empty where it
// is none: an address, or too long for one. The result lives as long as room.
using NameRoom = std::array<char, NamePool::kLongest>;
[[nodiscard]] std::string_view plain_name(std::string_view name, NameRoom& room);

// The letter by which names are compared.
[[nodiscard]] char small_letter(char letter);

// Tells whether two names are one, whatever their letters.
[[nodiscard]] bool is_same_name(std::string_view one, std::string_view other);

}  // namespace packetsentry::flows
