// Rows of one block that were found.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "daemon/spool/format/packet_places.h"
#include "daemon/spool/search/packet_file.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::spool {

// It depends on nothing else, so that it may be kept while the search goes on. The packets' file is
// shared by all that was found in its segment, and remains open as long as any of that is kept.
struct FoundRows {
    std::uint64_t job = 0;
    std::uint32_t run = 0;                           // of the job
    wire::Batch batch = {};                          // these rows alone; BatchView::check() accepts it
    std::vector<PacketPlace> places = {};            // of the packet of each row; empty: none is stored
    std::shared_ptr<const PacketFile> packets = {};  // null: the segment has no packets any more
    bool packets_removed = false;                    // retention has removed them
    // A byte for each row, 0 if it is only near rows that the question finds (surroundings.h). Empty: the
    // question finds each of them.
    std::vector<std::uint8_t> matching = {};
};

// Returns the rows from first to last - 1, as many as there are at least one. found: BatchView::check()
// accepted its batch, and view is what it gave.
[[nodiscard]] FoundRows part_of(const FoundRows& found, const proto::BatchView& view, std::uint32_t first,
                                std::uint32_t last);

// Gives the packets of these rows to the sink, in their order; StoredPacket::place is the row. If the
// segment has no packets any more, those that were stored count as not stored if retention has removed
// them, and otherwise as unreadable. Errors: as PacketFile::read().
[[nodiscard]] base::Result<PacketCounts> read_packets(const FoundRows& found, PacketSink& sink);

}  // namespace packetsentry::spool
