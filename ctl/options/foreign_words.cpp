#include "ctl/options/foreign_words.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "ctl/options/typed_words.h"
#include "proto/query/query.h"
#include "proto/words/filter.h"

namespace packetsentry::ctl {
namespace {

struct ForeignOption {
    std::string_view name;
    std::string_view here;
};

constexpr std::string_view kOneFile =
    "packets are saved to one file; '-a filesize:10MiB' or '-a duration:1h' ends the capture when the file "
    "has that size, or the time is over";
constexpr std::string_view kReadFilter = "-Y takes a display filter, for files too";

constexpr std::array kForeignOptions = {
    ForeignOption{"-C", kOneFile},
    ForeignOption{"-W", kOneFile},
    ForeignOption{"-G", kOneFile},
    ForeignOption{"-b", kOneFile},
    ForeignOption{"--ring-buffer", kOneFile},
    ForeignOption{"-R", kReadFilter},
    ForeignOption{"-O", "-v shows the fields of all layers"},
    ForeignOption{"-t", "'--time-format r' and others choose how times are shown"},
    ForeignOption{"-F", "--bpf \"$(cat FILE)\" takes a filter from a file"},
    ForeignOption{"-B", "the administrator sets the buffer: memory.ring in packetsentryd.toml(5)"},
    ForeignOption{"-Q", "--bpf inbound and --bpf outbound choose a direction"},
    ForeignOption{"-P", "packets are shown while they are saved"},
    ForeignOption{"--print", "packets are shown while they are saved"},
    ForeignOption{"-U", "output is never held back"},
    ForeignOption{"-S", "sequence numbers are shown as they are in the packet"},
    ForeignOption{"-Z", "every process already gives up the rights that it does not need"},
    ForeignOption{"--autostop", "it is called -a or --until"},
    ForeignOption{"--list-interfaces", "it is called -D"},
    ForeignOption{"--read-file", "it is called -r or --read"},
    ForeignOption{"--no-promiscuous-mode", "it is called -p or --no-promiscuous"},
};

// For a shell, which leaves what stands between these marks as it is.
std::string shell_word(const std::string& text) {
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

// The words that may be a filter. Behind "policy check start" the first of them stands where other requests
// have a job.
std::vector<std::string> loose_words(const TypedWords& typed) {
    std::vector<std::string> words;
    if (typed.command()->get_name() == "policy") {
        if (typed.values_of(*typed.find("request")) != std::vector<std::string>{"start"}) return {};
        words = typed.values_of(*typed.find("job"));
    }
    words.insert(words.end(), typed.left_over().begin(), typed.left_over().end());
    return words;
}

}  // namespace

std::optional<std::string> advice_for(const TypedWords& typed) {
    const auto* foreign = std::ranges::find(kForeignOptions, typed.unknown_option(), &ForeignOption::name);
    if (foreign != kForeignOptions.end())
        return "there is no option " + std::string(foreign->name) + ": " + std::string(foreign->here);
    const bool filters = typed.command() != nullptr && typed.find("--bpf") != nullptr;
    if (!typed.unknown_option().empty() || !filters) return std::nullopt;
    const std::vector<std::string> words = loose_words(typed);
    if (words.empty()) return std::nullopt;
    return filter_advice(words);
}

std::string filter_advice(std::span<const std::string> words) {
    std::string expression;
    for (const std::string& word : words) expression += (expression.empty() ? "" : " ") + word;
    const auto known = proto::filter_words();
    const bool protocol = std::ranges::find(known, expression, &proto::FilterWord::name) != known.end();
    if (protocol) return "a filter needs its option here: -f " + expression;
    const char* const option = query::parse(expression) ? "-Y " : "--bpf ";
    return "a filter needs its option here: " + (option + shell_word(expression));
}

}  // namespace packetsentry::ctl
