// The interface to which a session gives its packets and status lines.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ctl/client/row_source.h"
#include "daemon/base/result.h"

namespace packetsentry::ctl {

class Presenter {
  public:
    virtual ~Presenter() = default;

    // Row r is event.sequence first_sequence + view->number_offset(r). chosen has a byte for each row, and
    // only rows whose byte is not 0 are to be shown; empty: all. Error: file; there is no point in going on.
    [[nodiscard]] virtual base::Result<void> rows(const Rows& rows, std::span<const std::uint8_t> chosen) = 0;
    // "Starting capture on eth0 (filter: none)": stamped with the present time where the format has
    // such lines.
    [[nodiscard]] virtual base::Result<void> status(std::string_view text) = 0;
    // Counts and gaps, in a format of ours where the user asked for silence: false where they are to be
    // told on standard error.
    [[nodiscard]] virtual bool keeps_counts(std::string_view text) = 0;
    // Nothing more comes: says where results are, and waits for a terminal that is slow.
    [[nodiscard]] virtual base::Result<void> end() = 0;
    // Rows that a terminal did not take; files have them. Final after end().
    [[nodiscard]] virtual std::uint64_t not_shown() const = 0;
    // Whoever read our output has gone.
    [[nodiscard]] virtual bool closed() const = 0;
};

}  // namespace packetsentry::ctl
