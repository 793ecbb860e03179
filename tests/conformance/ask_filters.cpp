// Asks all display filters of all packets of a file at once, as filters.py needs them:
//
//   ask_filters CAPTURE <FILTERS
//
// FILTERS has one expression a line. Prints "EXPRESSION PACKET" for each packet that an expression selects,
// both as numbers from 1; "EXPRESSION 0" for each expression that is understood; "EXPRESSION - WHY" for one
// that is not.
#include <fcntl.h>
#include <poll.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ctl/client/file_rows.h"
#include "daemon/base/unique_fd.h"
#include "proto/query/evaluate/filter.h"

namespace packetsentry::ctl {
namespace {

struct Question {
    std::size_t number;
    query::Filter filter;
};

std::vector<Question> read_questions() {
    std::vector<Question> questions;
    std::size_t number = 0;
    for (std::string text; std::getline(std::cin, text);) {
        ++number;
        const auto expression = query::parse(text);
        auto filter = expression ? query::Filter::compile(*expression) : std::unexpected(expression.error());
        if (!filter) {
            std::printf("%zu - %s\n", number, filter.error().message.c_str());
            continue;
        }
        std::printf("%zu 0\n", number);
        questions.push_back({number, std::move(*filter)});
    }
    return questions;
}

void ask(std::vector<Question>& questions, const proto::BatchView& view) {
    std::vector<std::uint8_t> passes(view.rows());
    for (Question& question : questions) {
        if (question.filter.evaluate(view, passes) == 0) continue;
        for (std::uint32_t row = 0; row < view.rows(); ++row)
            if (passes[row] != 0)
                std::printf("%zu %llu\n", question.number, static_cast<unsigned long long>(view.place(row)));
    }
}

// A capture that is damaged at its end gives the packets up to there.
base::Result<void> ask_file(std::vector<Question>& questions, const char* path) {
    const base::UniqueFd input(::open(path, O_RDONLY | O_CLOEXEC));
    auto rows = FileRows::start({}, input.get(), -1, path);
    if (!rows) return std::unexpected(rows.error());
    if (auto going = (*rows)->go(); !going) return going;
    for (;;) {
        const auto event = (*rows)->next();
        if (!event) return std::unexpected(event.error());
        if (*event) {
            if (const auto* batch = std::get_if<Rows>(&**event)) ask(questions, *batch->view);
            if (std::holds_alternative<End>(**event)) return {};
            continue;
        }
        pollfd readable{(*rows)->channel().fd(), POLLIN, 0};
        (void)::poll(&readable, 1, -1);
        const auto open = (*rows)->channel().receive();
        if (!open) return std::unexpected(open.error());
        if (!*open) return std::unexpected((*rows)->lost());
    }
}

}  // namespace
}  // namespace packetsentry::ctl

int main(int argc, char** argv) {
    if (argc != 2) return 1;
    auto questions = packetsentry::ctl::read_questions();
    const auto asked = packetsentry::ctl::ask_file(questions, argv[1]);
    if (!asked) std::fprintf(stderr, "ask_filters: %s\n", asked.error().message.c_str());
    return asked ? 0 : 1;
}
