// Patterns of interface names, as the policy and standing jobs have them: fnmatch(3).
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::base {

// Tells whether the text is a pattern and not only a name.
[[nodiscard]] bool is_interface_glob(std::string_view text);

// Tells whether a pattern matches the name of an interface. A text that is no name of an interface,
// because it is too long, matches nothing: it could keep a pattern busy for long. "any", which stands for
// all interfaces, is a name like others here.
[[nodiscard]] bool matches_interface(const std::string& glob, const std::string& name);

}  // namespace packetsentry::base
