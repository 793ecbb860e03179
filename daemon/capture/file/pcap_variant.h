// The kinds of pcap. Beside the one of the draft (draft-ietf-opsawg-pcap) there are kinds that patched
// libpcaps have written: https://www.tcpdump.org/manpages/pcap-savefile.5.html tells of some, and Wireshark
// reads all of these.
//
//   modified             magic a1b2cd34, Alexey Kuznetsov's: 8 or 12 more bytes in each record's head
//   Red Hat 6.1, Nokia   the usual magic: 8 or 4 more bytes there
//   Ixia                 magics 1c0001ac and 1c0001ab: 4 more bytes in the file's head
//   AIX                  the usual magic, version 2.2: nanoseconds, and link types from another list
//   2.3 and before       the two lengths of a record may stand the other way round
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "daemon/capture/file/input_stream.h"

namespace packetsentry::capture {

struct PcapRecord {
    std::uint32_t seconds = 0;
    std::uint32_t fraction = 0;
    std::uint32_t captured = 0;
    std::uint32_t wire_bytes = 0;
};

struct PcapVariant {
    enum class Lengths : std::uint8_t { captured_first, wire_first, shorter_first };

    bool swapped = false;              // the file's byte order is not this machine's
    std::uint32_t fraction_ns = 1000;  // nanoseconds in a unit of the second field of a record
    std::size_t head_bytes = 24;       // of the file
    std::size_t record_head_bytes = 16;
    std::size_t other_record_head_bytes[2] = {};  // of kinds that have the same magic; 0: none
    Lengths lengths = Lengths::captured_first;
    std::uint32_t link_type = 0;  // once read_head() has been called

    // By the magic alone. first: 4 bytes.
    [[nodiscard]] static std::optional<PcapVariant> by_magic(std::span<const std::byte> first);

    // head: head_bytes of the file.
    void read_head(std::span<const std::byte> head);
    // Tells the kinds of one magic apart by how the first records fit together, as far as the stream has them
    // already. head_bytes are still to be consumed.
    void look_ahead(InputStream& stream);

    // head: record_head_bytes.
    [[nodiscard]] PcapRecord read_record(std::span<const std::byte> head) const;
};

}  // namespace packetsentry::capture
