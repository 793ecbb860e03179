#include "daemon/worker/shown_rows.h"

#include <utility>

#include "daemon/worker/found_packets.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::worker {
namespace {

using base::Result;

constexpr std::size_t kBytesTogether = 1U << 20;  // of packets, in one message

}  // namespace

Result<void> ShownRows::show(const spool::FoundRows& found) {
    return found.matching.empty() ? show_parts(found, false) : show_apart(found);
}

// Rows that match beyond what was asked for, but are near one that was, are part of its surroundings.
bool ShownRows::is_context(const spool::FoundRows& found, std::uint32_t row) {
    if (found.matching[row] == 0) return true;
    if (to_skip_ != 0) {
        --to_skip_;
        return true;
    }
    if (to_show_ == 0) return true;
    --to_show_;
    return false;
}

// What is sent together has either rows that match or rows that are near them.
Result<void> ShownRows::show_apart(const spool::FoundRows& found) {
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return std::unexpected(view.error());
    bool next_is_context = is_context(found, 0);
    for (std::uint32_t first = 0; first < view->rows();) {
        const bool context = next_is_context;
        std::uint32_t last = first + 1;
        for (; last < view->rows(); ++last) {
            next_is_context = is_context(found, last);
            if (next_is_context != context) break;
        }
        if (auto shown = show_parts(spool::part_of(found, *view, first, last), context); !shown) return shown;
        first = last;
    }
    return {};
}

// With the bytes of packets, rows are shown in parts that a client takes.
Result<void> ShownRows::show_parts(const spool::FoundRows& found, bool context) {
    if (!question_.with_bytes()) return send(found, context);
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return std::unexpected(view.error());
    for (std::uint32_t first = 0; first < view->rows();) {
        std::uint32_t last = first;
        for (std::size_t bytes = 0; last < view->rows() && (last == first || bytes < kBytesTogether); ++last)
            bytes += view->captured_bytes(last);
        if (auto shown = send(spool::part_of(found, *view, first, last), context); !shown) return shown;
        first = last;
    }
    return {};
}

Result<void> ShownRows::send(const spool::FoundRows& found, bool context) {
    wire::Answer answer;
    wire::FoundRows& rows = *answer.mutable_rows();
    rows.set_job(found.job);
    rows.set_run(found.run);
    rows.set_context(context);
    if (question_.with_bytes()) {
        wire::Batch batch = found.batch;
        add_packet_bytes(found, batch);
        rows.set_batch(batch.SerializeAsString());
    } else {
        rows.set_batch(found.batch.SerializeAsString());
    }
    (context ? context_ : matching_) += found.batch.rows();
    return pipe_.add(answer);
}

}  // namespace packetsentry::worker
