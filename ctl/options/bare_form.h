// Adds the command to a command line without one, as users of tcpdump and tshark write it.
#pragma once

#include <string>
#include <vector>

namespace packetsentry::ctl {

// "-i eth0 …" becomes "start -i eth0 …", "-r FILE" "read -r FILE", "-D" "interfaces -D"; a line that
// names a command, asks for help or holds neither stays as it is. Without the program's name.
[[nodiscard]] std::vector<std::string> with_command(std::vector<std::string> arguments);

}  // namespace packetsentry::ctl
