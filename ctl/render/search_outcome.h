// What became of a question about the past, as sentences: what was found, and separately what is no longer
// kept, what is withheld, and what could not be read. None of these may be taken for another.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proto/messages/search.pb.h"

namespace packetsentry::ctl::render {

struct SearchOutcome {
    wire::Question question = {};
    wire::SearchScope scope = {};
    std::map<std::uint64_t, std::uint64_t> found = {};   // rows, by the number of their job
    std::uint64_t context = 0;                           // further rows, which are near these
    bool complete = false;                               // everything was searched
    std::optional<wire::SearchCounts> counts = {};       // none: the worker has told none
    std::vector<wire::SearchNote> notes = {};            // some of them, if there are many
    std::uint64_t more_notes = 0;                        // that are not among these
    std::uint64_t without_bytes = 0;                     // rows, where their bytes were asked for
    std::string output_name = {};                        // packets are saved there; empty: they are not
    std::uint64_t not_shown = 0;                         // rows that the terminal did not take
    double seconds = 0;                                  // that the whole took
    std::optional<double> first_seconds = std::nullopt;  // until the first row came
};

[[nodiscard]] std::uint64_t all_found(const SearchOutcome& outcome);

// All that has to be said, a line each, for standard error; the last one says what was found. Bytes from
// outside are not escaped yet.
//
//     what job night recorded from 2026-11-20 00:00:00 to 2026-11-24 08:00:00 is no longer kept
//     12 packets were found: 10 in job night (kept since 2026-11-24 08:00:00), 2 in job lab
[[nodiscard]] std::vector<std::string> outcome_lines(const SearchOutcome& outcome);
// What could not be read, a line each, as for an error. Not escaped.
[[nodiscard]] std::vector<std::string> unreadable_lines(const SearchOutcome& outcome);

// What was looked at, and how long it took: "Key: value" lines. Escaped.
[[nodiscard]] std::string search_facts(const SearchOutcome& outcome);

}  // namespace packetsentry::ctl::render
