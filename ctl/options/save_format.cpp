#include "ctl/options/save_format.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace packetsentry::ctl {
namespace {

struct Ending {
    std::string_view text;
    wire::SaveFormat format;
};
constexpr std::array kEndings = {
    Ending{".pcapng", wire::SAVE_PCAPNG},
    Ending{".pcap", wire::SAVE_PCAP},
    Ending{".cap", wire::SAVE_PCAP},
};

// In whatever case: FILE.PCAP comes from systems that have no other.
bool ends_with(std::string_view name, std::string_view ending) {
    return name.size() >= ending.size() &&
           std::ranges::equal(name.substr(name.size() - ending.size()), ending, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

}  // namespace

base::Result<wire::SaveFormat> save_format(const std::string& name) {
    if (name == "-" || name == "/dev/null") return wire::SAVE_PCAPNG;
    for (const Ending& ending : kEndings)
        if (ends_with(name, ending.text)) return ending.format;
    return base::fail(base::ErrorCode::usage,
                      "cannot tell the format of '" + name +
                          "': its name must end in .pcap, .cap or .pcapng, or be - for standard output");
}

}  // namespace packetsentry::ctl
