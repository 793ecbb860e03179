// Which column of the truth is answered by what of ours.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "daemon/capture/packet.h"
#include "daemon/dissect/dissection.h"
#include "tests/conformance/tab_separated.h"

namespace packetsentry::conformance {

struct Ours {
    const capture::Packet& packet;
    const dissect::Dissection& dissection;
};

struct Column {
    std::string_view name;
    // Our answer in the truth's form; nothing where we see none.
    Values (*ours)(const Ours& ours);
    // The truth's values in a form that can be compared; empty: nothing to compare ours with.
    Values (*truth)(const Table& table, std::size_t row, std::string_view column);
    // Compared only where the truth tells: it has no such column for some link types.
    bool only_where_told = false;
};

[[nodiscard]] std::span<const Column> columns();

}  // namespace packetsentry::conformance
