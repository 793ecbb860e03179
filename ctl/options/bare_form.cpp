#include "ctl/options/bare_form.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace packetsentry::ctl {
namespace {

// Options whose value may be the next argument.
constexpr std::string_view kShortWithValue = "irfcowsaYTeE";
constexpr std::array<std::string_view, 20> kLongWithValue = {
    "--socket",          "--time-format", "--output-dir",  "--interface", "--read",   "--filter-protocol",
    "--filter-ip",       "--bpf",         "--filter-port", "--count",     "--output", "--write",
    "--snapshot-length", "--until",       "--name",        "--redact",    "--packet", "--display-filter",
    "--format",          "--flow",
};

constexpr std::array<std::string_view, 8> kLongGlobal = {
    "--socket", "--json", "--time-format", "--no-color", "--no-files", "--output-dir", "--help", "--version",
};

template <typename Names>
bool holds(const Names& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

struct Seen {
    bool file = false;
    bool list = false;
    bool capture = false;  // an option that only commands have
    bool word = false;     // a command, or what is taken for one
};

void note(Seen& seen, char letter) {
    seen.file |= letter == 'r';
    seen.list |= letter == 'D';
    seen.capture |= letter != 'h' && letter != 'V';
}

// "-qc5", "-i". true: its value is the next argument.
bool note_short(Seen& seen, std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
        note(seen, letters[i]);
        if (kShortWithValue.find(letters[i]) != std::string_view::npos) return i + 1 == letters.size();
    }
    return false;
}

bool note_long(Seen& seen, std::string_view option) {
    const std::string_view name = option.substr(0, option.find('='));
    seen.file |= name == "--read";
    seen.capture |= !holds(kLongGlobal, name);
    return name.size() == option.size() && holds(kLongWithValue, name);
}

Seen look_at(const std::vector<std::string>& arguments) {
    Seen seen;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        bool skip = false;
        if (argument.starts_with("--"))
            skip = note_long(seen, argument);
        else if (argument.starts_with('-') && argument.size() > 1)
            skip = note_short(seen, argument.substr(1));
        else if (!seen.capture)
            seen.word = true;
        if (seen.word) break;
        i += skip ? 1 : 0;
    }
    return seen;
}

}  // namespace

std::vector<std::string> with_command(std::vector<std::string> arguments) {
    const Seen seen = look_at(arguments);
    if (seen.word) return arguments;
    const char* command = nullptr;
    if (seen.capture) command = "start";
    if (seen.file) command = "read";
    if (seen.list) command = "interfaces";
    if (command != nullptr) arguments.insert(arguments.begin(), command);
    return arguments;
}

}  // namespace packetsentry::ctl
