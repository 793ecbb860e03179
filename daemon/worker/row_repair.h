// Makes rows again whose packets are in the pcapng of a segment (daemon/spool/FORMAT.md). They are missing if
// a crash came between the packets of a block and its frame, or if the rows file was damaged later.
//
// The frames that can be read stay as they are, apart from the numbers of their blocks. The packets between
// them are dissected again, as they were stored: what redaction has removed from them is not there. The
// numbers of their rows follow those of the row before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/capture/file/descriptor_input.h"
#include "daemon/spool/format/byte_reader.h"
#include "daemon/spool/format/file_header.h"

namespace packetsentry::worker {

// What whoever orders the repair knows about the segment.
struct RowRepairOrder {
    spool::FileHeader header = {};    // of the rows file
    std::uint32_t run = 0;            // of the job, from 1
    std::uint64_t first_number = 1;   // of the first row, unless a frame tells
    std::uint64_t number_limit = 0;   // all rows have lower numbers; 0: it is not known
    std::uint64_t rows = 0;           // that the segment had; 0: it is not known
    std::uint64_t packets_bytes = 0;  // the closed length of the pcapng
};

// Returns the rows file as it should be. Nothing: no row is missing, or some of the missing rows cannot be
// made again, and then the old file says which they are. rows: the rows file as far as it is there. packets:
// the pcapng, to be read from its beginning. Both may hold any bytes. The work is that of reading both once,
// and the memory that of both rows files and of one packet.
[[nodiscard]] std::optional<std::string> repair_rows(spool::Bytes rows, capture::DescriptorInput packets,
                                                     const RowRepairOrder& order);

}  // namespace packetsentry::worker
