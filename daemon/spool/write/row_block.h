// The block of rows that grows until it becomes a frame (FORMAT.md, "Rows"). It is cut for the disk, while
// the batches of the link are cut so that nobody waits. A row is put into columns once: the block takes over
// the rows of batches, of which only the names of dictionary entries change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/server_names.h"
#include "daemon/record/batch_builder.h"
#include "daemon/spool/format/rows_frame.h"

namespace packetsentry::spool {

// A recorded packet. It is looked at during the call only.
struct RecordedPacket {
    static constexpr std::uint32_t kWhole = ~std::uint32_t{0};

    std::uint64_t number;  // of its row in this run of the job, from 1
    const capture::Packet& packet;
    const dissect::Dissection& dissection;
    std::span<const capture::SourceInterface> interfaces;  // the source's
    std::string_view interface_name = {};                  // as for record::BatchBuilder
    // So many bytes of its frame are stored at most; 0: it is not stored.
    std::uint32_t stored_limit = kWhole;
};

// A packet whose row grows in a batch elsewhere, so that it is put into columns once. It is looked at during
// the call only.
struct BatchedPacket {
    std::uint64_t number;  // of its row in this run of the job, from 1
    const capture::Packet& packet;
    std::span<const capture::SourceInterface> interfaces;  // the source's
    std::uint32_t stored_limit = RecordedPacket::kWhole;   // as there
};

// What is in the pcapng of a packet.
struct WrittenPacket {
    std::uint64_t place = 0;  // where its block begins
    std::uint32_t bytes = 0;  // 0: it is not there, and so has no place
    bool whole = true;        // it is stored as it was captured
};

// No allocation per row once the memory of a block has grown.
class RowBlock {
  public:
    explicit RowBlock(std::uint32_t rows_limit) : builder_({.rows = rows_limit}) {}

    // As BatchBuilder::take_names_from().
    void take_names_from(const flows::ServerNames& names) { builder_.take_names_from(names); }

    [[nodiscard]] std::uint32_t rows() const { return builder_.rows(); }
    // No row may be appended before seal().
    [[nodiscard]] bool full() const { return builder_.full(); }
    // The number of the row must be one more than that of the row before.
    void append(const RecordedPacket& recorded, const WrittenPacket& written);
    // Appends rows of a batch that is open, from the row first on, of which these are the packets. Their
    // numbers must follow that of the row before. Call it only if has_room_for() says so.
    void append(const record::BatchBuilder& batch, std::uint32_t first,
                std::span<const WrittenPacket> packets);
    // As BatchBuilder::has_room_for().
    [[nodiscard]] bool has_room_for(const record::BatchBuilder& batch) const {
        return builder_.has_room_for(batch);
    }

    // Appends the frame of the block to file, and begins the next block. block: its number in the rows
    // file. seed: of that file's header. Call it only if there are rows. Error (internal): no reader
    // would take this block. Nothing was appended then, and its rows are lost.
    [[nodiscard]] base::Result<BlockFacts> seal(std::string& file, std::uint32_t block, std::uint32_t run,
                                                std::uint64_t seed);

  private:
    void begin(std::uint64_t first_number);
    void note(const WrittenPacket& packet);

    record::BatchBuilder builder_;
    std::vector<std::uint32_t> stored_;  // of each row
    bool all_whole_ = true;              // every packet is stored as it was captured
    std::uint64_t packets_at_ = 0;       // the place of the first stored packet; 0: none is stored
};

}  // namespace packetsentry::spool
