// Prints an error or a warning as one line on standard error.
#pragma once

#include <string_view>

namespace packetsentry::ctl {

// "packetsentryctl: …"; escaped here, so it may quote anything.
void complain(std::string_view message);

// Prints a count rather than an error: without the name of the program before it.
void tell(std::string_view message);

}  // namespace packetsentry::ctl
