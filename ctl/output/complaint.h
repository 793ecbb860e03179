// Prints an error or a warning as one line on standard error.
#pragma once

#include <string_view>

namespace packetsentry::ctl {

// "packetsentryctl: …"; escaped here, so it may quote anything. picture: lines that follow on a terminal,
// which are printed as they are.
void complain(std::string_view message, std::string_view picture = {});

// Prints a count rather than an error: without the name of the program before it.
void tell(std::string_view message);

}  // namespace packetsentry::ctl
