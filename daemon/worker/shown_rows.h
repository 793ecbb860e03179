// Sends rows that were found to the client, in parts that it takes. They wait in the pipe until it is
// flushed.
//
// With surroundings (daemon/spool/search/surroundings.h), rows that match and rows that are near them are
// sent apart.
#pragma once

#include <cstdint>
#include <limits>

#include "daemon/base/result.h"
#include "daemon/spool/search/found_rows.h"
#include "daemon/worker/answer_pipe.h"
#include "proto/messages/search.pb.h"

namespace packetsentry::worker {

class ShownRows {
  public:
    // Both must outlive this object.
    ShownRows(const wire::Question& question, AnswerPipe& pipe) : question_(question), pipe_(pipe) {}

    // The first rows that match are skipped, and after that no more than most are shown as such. The others,
    // which are near some of these, belong to the surroundings.
    void limit(std::uint64_t skipped, std::uint64_t most) {
        to_skip_ = skipped;
        to_show_ = most;
    }

    // Errors: the pipe's; internal, if no reader takes the rows.
    [[nodiscard]] base::Result<void> show(const spool::FoundRows& found);

    // How many rows were sent that match, and that are near them.
    [[nodiscard]] std::uint64_t matching() const { return matching_; }
    [[nodiscard]] std::uint64_t context() const { return context_; }

  private:
    [[nodiscard]] bool is_context(const spool::FoundRows& found, std::uint32_t row);
    [[nodiscard]] base::Result<void> show_apart(const spool::FoundRows& found);
    [[nodiscard]] base::Result<void> show_parts(const spool::FoundRows& found, bool context);
    [[nodiscard]] base::Result<void> send(const spool::FoundRows& found, bool context);

    const wire::Question& question_;
    AnswerPipe& pipe_;
    std::uint64_t to_skip_ = 0;
    std::uint64_t to_show_ = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t matching_ = 0;
    std::uint64_t context_ = 0;
};

}  // namespace packetsentry::worker
