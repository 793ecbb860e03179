// Asks rows for a name that matches a pattern (format/glob.h), in whichever field of FORMAT.md, "Indexed
// fields", kind 6, it stands. Upper and lower case are the same.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

class RowNames {
  public:
    explicit RowNames(std::string_view pattern);

    // Sets the byte of each row that has such a name to 1. mask has a byte for each row.
    void mark(const proto::BatchView& view, std::span<std::uint8_t> mask);

  private:
    [[nodiscard]] bool matches(std::string_view name);

    std::string pattern_;
    std::string lower_;  // the present name, so that most names cost no allocation
};

}  // namespace packetsentry::spool
