// The source of a session's rows: a job of the daemon (job_rows.h), what is kept of jobs (past_rows.h), or a
// file that a worker of the client's own reads (file_rows.h). Each is a channel with frames.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/base/result.h"
#include "proto/link/channel.h"
#include "proto/messages/control.pb.h"
#include "proto/messages/worker.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl {

// Checked. The view is the source's, until the next call of RowSource::next().
struct Rows {
    std::uint64_t first_sequence = 0;
    const proto::BatchView* view = nullptr;
    std::optional<std::uint64_t> job = std::nullopt;  // of the daemon; none: the rows are from a file
    // What to call the job, where the source has rows of several jobs; else empty. Bytes from outside, which
    // last as long as the source.
    std::string_view job_name = {};
    bool context = false;  // they were not found, but are near rows that were
};

// Counts so far.
struct Counts {
    wire::Ledger ledger;
    std::uint64_t position = 0;  // in the input file
    bool waits = false;          // for an interface: nothing is captured yet
};

// Nothing follows.
struct End {
    wire::Ledger ledger;
    std::optional<base::Error> error;
};

// The packets go on in another file, which is to be opened and given by give_output().
struct WantsFile {
    std::uint64_t number = 0;  // the first file is 1
};

using Event = std::variant<Rows, Counts, wire::Gap, wire::Notice, End, WantsFile>;

class RowSource {
  public:
    virtual ~RowSource() = default;

    [[nodiscard]] virtual proto::Channel& channel() = 0;
    // The next event out of what the channel has received. None: nothing more that concerns rows has come.
    [[nodiscard]] virtual base::Result<std::optional<Event>> next() = 0;
    // The answer to WantsFile: its number, a descriptor that stays the caller's and what to call the file in
    // show; or -1, and why there is no file.
    [[nodiscard]] virtual base::Result<void> give_output(std::uint64_t, int, const std::string&,
                                                         const std::string&) {
        return {};
    }
    // Asks for the end. true: what is under way still comes, then End; false: nothing more comes.
    [[nodiscard]] virtual base::Result<bool> stop() = 0;
    // Why the channel ended without End.
    [[nodiscard]] virtual base::Error lost() = 0;
    // Rows before the first one were let go before this client asked (rather than missed by it).
    [[nodiscard]] virtual bool from_start() const = 0;
    // Counts of the time before the first row that this client asked for.
    [[nodiscard]] virtual wire::Ledger before() const = 0;
};

}  // namespace packetsentry::ctl
