// What goes wrong, told: one line on standard error.
#pragma once

#include <string_view>

namespace packetsentry::ctl {

// "packetsentryctl: …"; escaped here, so it may quote anything.
void complain(std::string_view message);

// The same without the name of the program: counts, not errors.
void tell(std::string_view message);

}  // namespace packetsentry::ctl
