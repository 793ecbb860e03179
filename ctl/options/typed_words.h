// Understands the words before the one that is being completed as far as possible. A command line that is not
// complete is not a mistake.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace packetsentry::ctl {

class TypedWords {
  public:
    // command: whose words they are; none: they name it themselves. Both apps must outlive this.
    TypedWords(const CLI::App& app, const CLI::App* command, std::span<const std::string> words);

    [[nodiscard]] const CLI::App* command() const { return command_; }
    // Every option and the command exist.
    [[nodiscard]] bool all_known() const { return all_known_; }
    // The first option that does not exist, "-C" or "--rotate"; empty: each exists.
    [[nodiscard]] std::string unknown_option() const {
        return unknown_.empty() ? "" : unknown_.front().option;
    }
    // All of these. value: "100" of "-C 100", "-C100" and "--rotate=100"; empty: there is none.
    struct Unknown {
        std::string option;
        std::string value;
    };
    [[nodiscard]] const std::vector<Unknown>& unknown() const { return unknown_; }
    // Words that are no option, and for which the command has no place.
    [[nodiscard]] const std::vector<std::string>& left_over() const { return left_over_; }
    // The option whose value comes next.
    [[nodiscard]] const CLI::Option* awaiting() const { return awaiting_; }
    // "--" was among them.
    [[nodiscard]] bool options_ended() const { return options_ended_; }

    // By its name with dashes, of the command or of all; none: there is no such option.
    [[nodiscard]] const CLI::Option* find(const std::string& name) const;
    // The positional argument that comes next; none: there is no room for one.
    [[nodiscard]] const CLI::Option* next_positional() const;

    [[nodiscard]] bool given(const CLI::Option& option) const { return values_.contains(&option); }
    [[nodiscard]] std::vector<std::string> values_of(const CLI::Option& option) const;

  private:
    void take(const std::string& word);
    void take_operand(const std::string& word);
    void take_long(const std::string& word);
    void take_short(const std::string& letters);
    void note_unknown(std::string option, std::string value);

    const CLI::App& app_;
    const CLI::App* command_;
    bool all_known_ = true;
    std::vector<Unknown> unknown_;
    bool unknown_awaits_ = false;  // the last of them has no value yet
    std::vector<std::string> left_over_;
    bool options_ended_ = false;
    const CLI::Option* awaiting_ = nullptr;
    std::map<const CLI::Option*, std::vector<std::string>> values_;  // of each that was given
};

[[nodiscard]] bool takes_value(const CLI::Option& option);
// Tells whether the word behind an option that takes a value is its value, or another option because the
// value was left out.
[[nodiscard]] bool is_value_of(const CLI::Option& option, const std::string& word);

}  // namespace packetsentry::ctl
