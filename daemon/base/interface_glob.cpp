#include "daemon/base/interface_glob.h"

#include <fnmatch.h>
#include <net/if.h>

namespace packetsentry::base {

bool is_interface_glob(std::string_view text) {
    return text.find_first_of("*?[\\") != std::string_view::npos;
}

bool matches_interface(const std::string& glob, const std::string& name) {
    return name.size() < IFNAMSIZ && ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
}

}  // namespace packetsentry::base
