// Checks each frame that a worker writes as the answer to a question about the past
// (proto/messages/search.proto).
//
// The worker reads what others recorded, so it may have been taken over. What is wrong with a frame, and what
// was not asked for, is an error, after which nothing more of the answer may be read.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <variant>

#include "ctl/client/checked_batch.h"
#include "daemon/base/result.h"
#include "proto/messages/search.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl {

// Rows of one job of the scope, no more than were asked for, and of times that were. The view is the
// reader's, until its next call.
struct FoundBatch {
    std::uint64_t job = 0;
    const proto::BatchView* view = nullptr;
    bool context = false;  // they are near rows that were found
};

using AnswerEvent = std::variant<FoundBatch, wire::SearchProgress, wire::SearchNote, wire::SearchEnd>;

class AnswerReader {
  public:
    static constexpr std::size_t kTextLimit = 4096;  // bytes of a note, and of the message of an error

    AnswerReader(const wire::Question& question, const wire::SearchScope& scope);

    // Error (internal): the frame is wrong, or it comes after the end. The message tells what is wrong.
    [[nodiscard]] base::Result<AnswerEvent> read(std::string_view frame);

    [[nodiscard]] bool ended() const { return ended_; }

  private:
    [[nodiscard]] base::Result<AnswerEvent> rows(const wire::FoundRows& rows);
    [[nodiscard]] base::Result<AnswerEvent> note(wire::SearchNote&& note) const;
    [[nodiscard]] base::Result<AnswerEvent> end(wire::SearchEnd&& end);
    [[nodiscard]] bool was_asked_for(const proto::BatchView& view, std::int64_t around_ns) const;

    std::int64_t since_ns_;
    std::int64_t until_ns_;
    std::int64_t context_ns_;       // 0: no rows of the context are asked for
    std::uint64_t most_;            // rows
    std::set<std::uint64_t> jobs_;  // of the scope
    wire::Answer message_;          // the latest
    CheckedBatch batch_;
    std::uint64_t found_ = 0;    // rows that have come, without those of the context
    std::uint64_t context_ = 0;  // those
    bool ended_ = false;
};

}  // namespace packetsentry::ctl
