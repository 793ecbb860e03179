// Reads the answer to a question about the past: rows that a worker of the daemon finds among what is kept.
//
// The worker writes to a pipe that the client makes, so that rows do not go through the daemon. It is
// believed no more than the worker of a job: each frame is checked, and what was not asked for is an error.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ctl/client/answer_reader.h"
#include "ctl/client/connection.h"
#include "ctl/client/row_source.h"
#include "proto/messages/search.pb.h"

namespace packetsentry::ctl {

class PastRows : public RowSource {
  public:
    static constexpr std::size_t kNotesKept = 16;

    // Asks the daemon, which then has a worker search. output: -1, or the descriptor that packets are saved
    // to. Errors: the daemon's, internal.
    [[nodiscard]] static base::Result<std::unique_ptr<PastRows>> start(Connection connection,
                                                                       wire::Search request, int output);

    [[nodiscard]] const wire::Question& question() const { return question_; }
    // What is searched, as the daemon told it at the beginning.
    [[nodiscard]] const wire::SearchScope& scope() const { return scope_; }
    // How many rows have come of each job; a job of the scope that has none is there too.
    [[nodiscard]] std::map<std::uint64_t, std::uint64_t> found() const;
    // How many others came, which are near these.
    [[nodiscard]] std::uint64_t context() const { return context_; }
    // When the first row came; none: no row has come.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> first_found() const {
        return first_found_;
    }
    // How many rows should have the bytes of their packets, and have none.
    [[nodiscard]] std::uint64_t without_bytes() const { return without_bytes_; }
    // What could not be read: the first notes about it, and how many further ones there were.
    [[nodiscard]] const std::vector<wire::SearchNote>& notes() const { return notes_; }
    [[nodiscard]] std::uint64_t more_notes() const { return more_notes_; }
    // The worker's counts at its end; none: the end has not come.
    [[nodiscard]] const std::optional<wire::SearchCounts>& counts() const { return counts_; }
    // The end has come, and without an error: everything was searched.
    [[nodiscard]] bool complete() const { return complete_; }

    [[nodiscard]] proto::Channel& channel() override { return channel_; }
    // Counts have only a position: how many bytes were searched.
    [[nodiscard]] base::Result<std::optional<Event>> next() override;
    [[nodiscard]] base::Result<bool> stop() override;
    [[nodiscard]] base::Error lost() override;
    [[nodiscard]] bool from_start() const override { return true; }
    [[nodiscard]] wire::Ledger before() const override { return {}; }

  private:
    struct SearchedJob {
        std::string shown_name;  // empty where no other job is searched
        std::uint64_t found = 0;
    };
    PastRows(Connection connection, base::UniqueFd pipe, wire::Question question, wire::SearchScope scope);
    // None: the frame is nothing that a session need know.
    [[nodiscard]] base::Result<std::optional<Event>> take(const FoundBatch& found);
    [[nodiscard]] base::Result<std::optional<Event>> take(const wire::SearchProgress& progress);
    [[nodiscard]] base::Result<std::optional<Event>> take(const wire::SearchNote& note);
    [[nodiscard]] base::Result<std::optional<Event>> take(const wire::SearchEnd& end);
    [[nodiscard]] std::optional<base::Error> told_by_daemon();

    std::optional<Connection> connection_;  // as long as it lasts, the worker searches
    proto::Channel channel_;                // the pipe
    wire::Question question_;
    wire::SearchScope scope_;
    AnswerReader reader_;
    std::map<std::uint64_t, SearchedJob> jobs_;  // of the scope, by their numbers
    std::optional<std::chrono::steady_clock::time_point> first_found_;
    std::uint64_t context_ = 0;
    std::uint64_t without_bytes_ = 0;
    std::vector<wire::SearchNote> notes_;
    std::uint64_t more_notes_ = 0;
    std::optional<wire::SearchCounts> counts_;
    bool complete_ = false;
};

}  // namespace packetsentry::ctl
