// Asks -f, --filter-ip and --filter-port of rows. They mean what they mean while packets are captured
// (base/packet_filter.h), as the dissector found the packet. There is one difference: a live filter has
// seen the bytes that the snapshot length truncated, and a row only knows what was captured. A row that
// does not know what an option asks about does not pass.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "daemon/base/packet_filter.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

class RowOptions {
  public:
    explicit RowOptions(base::PacketFilter options) : options_(std::move(options)) {}

    // Clears the byte of each row that does not pass. mask has a byte for each row.
    void keep(const proto::BatchView& view, std::span<std::uint8_t> mask);

  private:
    void keep_kinds(const proto::BatchView& view, std::span<std::uint8_t> mask) const;
    void keep_addresses(const proto::BatchView& view, std::span<std::uint8_t> mask);

    base::PacketFilter options_;
    std::vector<std::uint8_t> slots_;  // of the dictionary: 1 where the address is in the prefix
};

}  // namespace packetsentry::spool
