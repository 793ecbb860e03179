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

constexpr std::string_view kGzip = ".gz";
constexpr std::string_view kZstd = ".zst";

// In whatever case: FILE.PCAP comes from systems that have no other.
bool ends_with(std::string_view name, std::string_view ending) {
    return name.size() >= ending.size() &&
           std::ranges::equal(name.substr(name.size() - ending.size()), ending, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

}  // namespace

base::Result<wire::Save> save_format(const std::string& name) {
    wire::Save save;
    save.set_format(wire::SAVE_PCAPNG);
    if (name == "-" || name == "/dev/null") return save;
    std::string_view rest = name;
    if (ends_with(name, kGzip)) {
        save.set_compression(wire::COMPRESSION_GZIP);
        rest.remove_suffix(kGzip.size());
    }
    for (const Ending& ending : kEndings)
        if (ends_with(rest, ending.text)) {
            save.set_format(ending.format);
            return save;
        }
    if (ends_with(name, kZstd))
        return base::fail(base::ErrorCode::usage,
                          "cannot compress '" + name +
                              "' with zstd while it is written; write .gz instead, or "
                              "compress the file afterwards: zstd --rm FILE");
    return base::fail(
        base::ErrorCode::usage,
        "cannot tell the format of '" + name +
            "': its name must end in .pcap, .cap or .pcapng, with .gz behind it to compress it, or be - "
            "for standard output");
}

}  // namespace packetsentry::ctl
