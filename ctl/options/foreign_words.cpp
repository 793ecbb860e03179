#include "ctl/options/foreign_words.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "ctl/options/past_time.h"
#include "ctl/options/typed_words.h"
#include "daemon/base/quantity.h"
#include "proto/query/query.h"
#include "proto/words/filter.h"

namespace packetsentry::ctl {
namespace {

struct ForeignOption {
    std::string_view name;
    std::string_view here;
};

constexpr std::string_view kReadFilter = "-Y takes a display filter, for files too";

constexpr std::array kForeignOptions = {
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

// Options of tcpdump that say when another file begins. With -C, a number alone means millions of bytes.
struct ForeignLimit {
    std::string_view name;
    std::string_view word;
    std::string_view unit;
    std::string_view example;
};

constexpr std::array kForeignLimits = {
    ForeignLimit{"-C", "filesize:", "MB", "100"},
    ForeignLimit{"-G", "duration:", "s", "3600"},
    ForeignLimit{"-W", "files:", "", "10"},
};

std::string words_for(const ForeignLimit& limit, const std::string& value) {
    const bool number = base::parse_number(value).value_or(0) != 0;
    return " -b " + std::string(limit.word) + (number ? value : std::string(limit.example)) +
           std::string(limit.unit);
}

std::optional<std::string> limit_advice(const TypedWords& typed) {
    std::string options;
    std::string words;
    for (const TypedWords::Unknown& unknown : typed.unknown()) {
        const auto* limit = std::ranges::find(kForeignLimits, unknown.option, &ForeignLimit::name);
        if (limit == kForeignLimits.end()) return std::nullopt;
        options += (options.empty() ? "" : " and ") + unknown.option;
        words += words_for(*limit, unknown.value);
    }
    if (words.empty()) return std::nullopt;
    const bool when = words.contains("size:") || words.contains("duration:");
    return "there is no option " + options + ": write" + words + " with -o FILE to save to several files" +
           (when ? "" : ", and -b filesize:100MB or -b duration:1h to say when one is full");
}

constexpr std::string_view kNeedsOption = "a filter needs its option here: ";

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

std::string expression_of(std::span<const std::string> words) {
    std::string expression;
    for (const std::string& word : words) expression += (expression.empty() ? "" : " ") + word;
    return expression;
}

// -f for a protocol, and -Y for a display filter. None: it may be an expression of libpcap.
std::optional<std::string> row_filter(const std::string& expression) {
    const auto known = proto::filter_words();
    if (std::ranges::find(known, expression, &proto::FilterWord::name) != known.end())
        return "-f " + expression;
    if (query::parse(expression)) return "-Y " + shell_word(expression);
    return std::nullopt;
}

// A time such as "10m ago" without its quotes: its second word is taken for something else.
std::optional<std::string> time_advice(const TypedWords& typed, const std::string& word) {
    const auto now = std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
    for (const char* const name : {"--since", "--until"}) {
        const CLI::Option* const option = typed.find(name);
        const auto values = option == nullptr ? std::vector<std::string>() : typed.values_of(*option);
        if (values.empty()) continue;
        const std::string time = values.back() + " " + word;
        if (parse_past_time(time, now, RangeEnd::since))
            return "a time of two words needs quotes here: " + std::string(name) + " " + shell_word(time);
    }
    return std::nullopt;
}

// Some commands have --bpf only to say that they do not take it.
bool takes_libpcap(const TypedWords& typed) {
    return !typed.find("--bpf")->get_group().empty();
}

}  // namespace

std::optional<std::string> advice_for(const TypedWords& typed) {
    const auto* foreign = std::ranges::find(kForeignOptions, typed.unknown_option(), &ForeignOption::name);
    if (foreign != kForeignOptions.end())
        return "there is no option " + std::string(foreign->name) + ": " + std::string(foreign->here);
    if (auto advice = limit_advice(typed)) return advice;
    const bool filters = typed.command() != nullptr && typed.find("--bpf") != nullptr;
    if (!typed.unknown_option().empty() || !filters) return std::nullopt;
    const std::vector<std::string> words = loose_words(typed);
    if (words.empty()) return std::nullopt;
    if (auto advice = time_advice(typed, words.front())) return advice;
    if (takes_libpcap(typed) || row_filter(expression_of(words))) return filter_advice(words);
    return std::string(kNeedsOption) + "-f, --filter-ip, --filter-port, --name or -Y";
}

std::string filter_advice(std::span<const std::string> words) {
    const std::string expression = expression_of(words);
    return std::string(kNeedsOption) + row_filter(expression).value_or("--bpf " + shell_word(expression));
}

}  // namespace packetsentry::ctl
