#include "ctl/options/typed_words.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace packetsentry::ctl {

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

bool is_value_of(const CLI::Option& option, const std::string& word) {
    return option.get_items_expected_min() > 0 || !word.starts_with('-');
}

TypedWords::TypedWords(const CLI::App& app, const CLI::App* command, std::span<const std::string> words)
    : app_(app), command_(command) {
    for (const std::string& word : words) take(word);
}

const CLI::Option* TypedWords::find(const std::string& name) const {
    const CLI::Option* own = command_ == nullptr ? nullptr : command_->get_option_no_throw(name);
    return own != nullptr ? own : app_.get_option_no_throw(name);
}

const CLI::Option* TypedWords::next_positional() const {
    if (command_ == nullptr) return nullptr;
    for (const CLI::Option* option : command_->get_options()) {
        const auto most = static_cast<std::size_t>(option->get_items_expected_max());
        if (option->get_positional() && values_of(*option).size() < most) return option;
    }
    return nullptr;
}

std::vector<std::string> TypedWords::values_of(const CLI::Option& option) const {
    const auto found = values_.find(&option);
    return found == values_.end() ? std::vector<std::string>() : found->second;
}

void TypedWords::take(const std::string& word) {
    if (std::exchange(unknown_awaits_, false) && !word.starts_with('-')) unknown_.back().value = word;
    const CLI::Option* const awaiting = std::exchange(awaiting_, nullptr);
    if (awaiting != nullptr && is_value_of(*awaiting, word)) {
        values_[awaiting].push_back(word);
    } else if (options_ended_ || word == "-" || !word.starts_with('-')) {
        take_operand(word);
    } else if (word == "--") {
        options_ended_ = true;
    } else if (word.starts_with("--")) {
        take_long(word);
    } else {
        take_short(word.substr(1));
    }
}

void TypedWords::take_operand(const std::string& word) {
    if (command_ == nullptr) {
        const auto named =
            app_.get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
        command_ = named.empty() ? nullptr : named.front();
        all_known_ &= command_ != nullptr;
    } else if (const CLI::Option* option = next_positional()) {
        values_[option].push_back(word);
    } else {
        all_known_ = false;
        left_over_.push_back(word);
    }
}

void TypedWords::note_unknown(std::string option, std::string value) {
    all_known_ = false;
    unknown_awaits_ = value.empty();
    unknown_.push_back({std::move(option), std::move(value)});
}

// "--name", "--name=value"
void TypedWords::take_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const CLI::Option* option = find(word.substr(0, equals));
    if (option == nullptr)
        return note_unknown(word.substr(0, equals),
                            equals == std::string::npos ? "" : word.substr(equals + 1));
    auto& values = values_[option];
    if (equals != std::string::npos)
        values.push_back(word.substr(equals + 1));
    else if (takes_value(*option))
        awaiting_ = option;
}

// "q", "qc5", "i"
void TypedWords::take_short(const std::string& letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const CLI::Option* option = find(std::string("-") + letters[i]);
        if (option == nullptr) return note_unknown(std::string("-") + letters[i], letters.substr(i + 1));
        auto& values = values_[option];
        if (!takes_value(*option)) continue;
        if (i + 1 < letters.size())
            values.push_back(letters.substr(i + 1));
        else
            awaiting_ = option;
        return;
    }
}

}  // namespace packetsentry::ctl
