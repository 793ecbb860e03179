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

struct Packing {
    std::string_view text;
    wire::Compression compression;
};
constexpr std::array kPackings = {
    Packing{".gz", wire::COMPRESSION_GZIP},
    Packing{".zst", wire::COMPRESSION_ZSTD},
};

// In whatever case: FILE.PCAP comes from systems that have no other.
bool ends_with(std::string_view name, std::string_view ending) {
    return name.size() >= ending.size() &&
           std::ranges::equal(name.substr(name.size() - ending.size()), ending, {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

const Packing* packing_of(std::string_view name) {
    const auto* found = std::ranges::find_if(
        kPackings, [name](const Packing& packing) { return ends_with(name, packing.text); });
    return found == kPackings.end() ? nullptr : found;
}

}  // namespace

base::Result<wire::Save> save_format(const std::string& name) {
    wire::Save save;
    save.set_format(wire::SAVE_PCAPNG);
    if (name == "-" || name == "/dev/null") return save;
    std::string_view rest = name;
    if (const Packing* const packing = packing_of(name)) {
        save.set_compression(packing->compression);
        rest.remove_suffix(packing->text.size());
    }
    for (const Ending& ending : kEndings)
        if (ends_with(rest, ending.text)) {
            save.set_format(ending.format);
            return save;
        }
    return base::fail(
        base::ErrorCode::usage,
        "cannot tell the format of '" + name +
            "': its name must end in .pcap, .cap or .pcapng, with .gz or .zst behind it to compress it, or "
            "be - for standard output");
}

SplitName split_name(const std::string& name) {
    std::string_view rest = name;
    if (const Packing* const packing = packing_of(name)) rest.remove_suffix(packing->text.size());
    for (const Ending& ending : kEndings)
        if (ends_with(rest, ending.text)) {
            rest.remove_suffix(ending.text.size());
            break;
        }
    return {std::string(rest), name.substr(rest.size())};
}

}  // namespace packetsentry::ctl
