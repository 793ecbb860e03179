#include "ctl/options/completion.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <span>

#include "ctl/options/bare_form.h"
#include "ctl/options/globals.h"
#include "ctl/options/typed_words.h"
#include "ctl/render/escape.h"

namespace packetsentry::ctl {
namespace {

// A command line up to the cursor.
struct Line {
    const CLI::App& app;
    std::vector<std::string> before;  // as typed
    std::string word;                 // the one to complete
    TypedWords typed;                 // before, with the command that a bare form leaves out
    bool names_command;               // it is no bare form
};

Line read_line(const CLI::App& app, std::vector<std::string> words) {
    if (words.empty()) words.emplace_back();
    // With the word itself, which may be what tells the command: "-ieth".
    std::vector<std::string> full = with_command(words);
    const bool bare = full.size() > words.size();
    full.pop_back();
    TypedWords typed(app, nullptr, full);
    const bool named = !bare && typed.command() != nullptr;
    std::string word = std::move(words.back());
    words.pop_back();
    return {app, std::move(words), std::move(word), std::move(typed), named};
}

void add(Completion& completion, Candidate candidate) {
    const auto& there = completion.candidates;
    if (std::ranges::find(there, candidate.text, &Candidate::text) == there.end())
        completion.candidates.push_back(std::move(candidate));
}

std::string socket_of(const Line& line) {
    const CLI::Option& option = *line.app.get_option_no_throw("--socket");
    const auto given = line.typed.values_of(option);
    if (!given.empty()) return given.back();
    const char* set = std::getenv(option.get_envname().c_str());
    return set == nullptr ? kUsualSocket : set;
}

std::string type_of(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    return type.substr(0, type.find(':'));  // its limits follow
}

// before: what of the word stands before the value.
Completion values(const Line& line, const CLI::Option& option, const std::string& before, const Ask& ask) {
    const auto kind = find_value_kind(type_of(option));
    if (!kind) return {};
    Completion completion{.paths = kind->paths, .before = before, .candidates = {}};
    const std::string begun = line.word.substr(before.size());
    const auto given = line.typed.values_of(option);
    const std::string command = line.typed.command() == nullptr ? "" : line.typed.command()->get_name();
    for (Candidate& value : list_values(*kind, {line.app, command, socket_of(line), begun}, ask)) {
        if (!value.text.starts_with(begun) || std::ranges::find(given, value.text) != given.end()) continue;
        add(completion, {before + value.text, std::move(value.description)});
    }
    return completion;
}

// Where "--name=" ends, or the letters up to one that takes a value ("-i", "-qi"); 0: no value is in this
// word.
std::size_t value_begins(const Line& line) {
    const std::string& word = line.word;
    if (word.starts_with("--")) return word.find('=') + 1;
    for (std::size_t i = 1; i + 1 < word.size(); ++i) {
        const CLI::Option* option = line.typed.find(std::string("-") + word[i]);
        if (option == nullptr) return 0;
        if (takes_value(*option)) return i + 1;
    }
    return 0;
}

Completion attached_value(const Line& line, std::size_t begin, const Ask& ask) {
    const std::string before = line.word.substr(0, begin);
    const std::string name =
        before.ends_with('=') ? before.substr(0, begin - 1) : std::string("-") + before.back();
    const CLI::Option* option = line.typed.find(name);
    return option == nullptr || !takes_value(*option) ? Completion{} : values(line, *option, before, ask);
}

bool may_come(const CLI::Option& option, const TypedWords& typed) {
    const bool repeats = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    return !option.get_group().empty() && (repeats || !typed.given(option));
}

// The long name alone where none has been begun: a list to choose from.
std::vector<std::string> names_of(const CLI::Option& option, const std::string& begun) {
    if (begun.empty() && !option.get_lnames().empty()) return {"--" + option.get_lnames().front()};
    std::vector<std::string> names;
    for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option.get_snames()) names.push_back("-" + name);
    return names;
}

// wanted: whether a name may stand here.
template <typename Wanted>
void add_options(Completion& completion, const Line& line, const CLI::App& of, const TypedWords& typed,
                 Wanted wanted) {
    for (const CLI::Option* option : of.get_options()) {
        if (!may_come(*option, typed)) continue;
        for (const std::string& name : names_of(*option, line.word))
            if (name.starts_with(line.word) && wanted(name))
                add(completion, {name, option->get_description()});
    }
}

void add_global_options(Completion& completion, const Line& line) {
    add_options(completion, line, line.app, line.typed, [](const std::string&) { return true; });
}

// Every command has a --help of its own, which is told of with the globals.
bool is_global(const Line& line, const std::string& name) {
    return line.app.get_option_no_throw(name) != nullptr;
}

// Without a command: the options of every command whose bare form they would begin or go on with.
void add_bare_options(Completion& completion, const Line& line) {
    for (const CLI::App* command : line.app.get_subcommands([](const CLI::App*) { return true; })) {
        const TypedWords typed(line.app, command, line.before);
        if (!typed.all_known()) continue;
        add_options(completion, line, *command, typed, [&](const std::string& name) {
            std::vector<std::string> words = line.before;
            words.push_back(name);
            return !is_global(line, name) && with_command(std::move(words)).front() == command->get_name();
        });
    }
}

Completion options(const Line& line) {
    Completion completion;
    if (line.names_command)
        add_options(completion, line, *line.typed.command(), line.typed,
                    [&](const std::string& name) { return !is_global(line, name); });
    else
        add_bare_options(completion, line);
    add_global_options(completion, line);
    return completion;
}

Completion commands(const Line& line) {
    Completion completion;
    for (Candidate& command : list_commands(line.app))
        if (command.text.starts_with(line.word)) add(completion, std::move(command));
    return completion;
}

// A word that begins with no dash.
Completion operand(const Line& line, const Ask& ask) {
    if (line.typed.command() == nullptr) return line.typed.all_known() ? commands(line) : Completion{};
    if (const CLI::Option* positional = line.typed.next_positional())
        return values(line, *positional, "", ask);
    const bool options_come = line.word.empty() && !line.typed.options_ended();
    return options_come ? options(line) : Completion{};
}

}  // namespace

Completion complete(const CLI::App& app, std::vector<std::string> words, const Ask& ask) {
    const Line line = read_line(app, std::move(words));
    const CLI::Option* const awaiting = line.typed.awaiting();
    if (awaiting != nullptr && is_value_of(*awaiting, line.word)) return values(line, *awaiting, "", ask);
    if (line.typed.options_ended() || !line.word.starts_with('-')) return operand(line, ask);
    if (const std::size_t begin = value_begins(line); begin != 0) return attached_value(line, begin, ask);
    return options(line);
}

std::string completion_text(const Completion& completion) {
    std::string text;
    if (completion.paths == PathKind::files) text += ":files\t" + completion.before + "\n";
    if (completion.paths == PathKind::directories) text += ":directories\t" + completion.before + "\n";
    for (const Candidate& candidate : completion.candidates)
        text += candidate.text + "\t" + render::escaped(candidate.description) + "\n";
    return text;
}

}  // namespace packetsentry::ctl
