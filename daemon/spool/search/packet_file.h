// The pcapng of a segment, from which packets are read whose places the rows tell (FORMAT.md, "Packets").
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/format/byte_reader.h"
#include "daemon/spool/format/packet_places.h"
#include "daemon/spool/search/spool_file.h"

namespace packetsentry::spool {

// A packet as it was stored. Refers to bytes that are valid during the call that gives it.
struct StoredPacket {
    std::size_t place = 0;         // its index in the places that were asked for
    std::uint32_t interface = 0;   // as the pcapng counts them
    std::uint32_t wire_bytes = 0;  // its length on the wire
    Bytes frame = {};              // what is stored of it
};

class PacketSink {
  public:
    virtual ~PacketSink() = default;

    // An error ends the reading, and is what read() returns.
    [[nodiscard]] virtual base::Result<void> take(const StoredPacket& packet) = 0;
};

struct PacketCounts {
    std::uint64_t read = 0;
    std::uint64_t not_stored = 0;  // the pcapng never had them
    std::uint64_t unreadable = 0;  // there is no such packet where it must be

    bool operator==(const PacketCounts&) const = default;
};

class PacketFile {
  public:
    // No stored packet is longer. A place that says so counts as unreadable.
    static constexpr std::uint32_t kPacketLimit = 1024 * 1024;
    // Packets are read together, up to so many bytes, and with so many bytes between two of them.
    static constexpr std::uint64_t kTogether = 1024 * 1024;
    static constexpr std::uint64_t kGap = 64 * 1024;

    // Error (file): it cannot be read, or it does not begin as a pcapng does.
    [[nodiscard]] static base::Result<PacketFile> open(SpoolFile file);

    // Gives the packets at these places to the sink, in their order. places: ascending. A packet that is
    // not there, or whose block is not the one that the place says, is counted and left out. Error: the
    // sink's, or (file) the kernel could not read.
    [[nodiscard]] base::Result<PacketCounts> read(std::span<const PacketPlace> places,
                                                  PacketSink& sink) const;

  private:
    PacketFile(SpoolFile file, bool swapped) : file_(std::move(file)), swapped_(swapped) {}
    // Memory for what is read together. It is not cleared, so nothing is spent on what is not read.
    struct Room {
        std::unique_ptr<std::byte[]> bytes = {};
        std::size_t size = 0;

        [[nodiscard]] std::span<std::byte> first(std::size_t wanted);
    };
    [[nodiscard]] base::Result<void> read_group(std::span<const PacketPlace> places, std::size_t first,
                                                std::size_t last, Room& room, PacketSink& sink,
                                                PacketCounts& counts) const;
    [[nodiscard]] bool read_block(Bytes block, StoredPacket& packet) const;
    [[nodiscard]] std::uint32_t number(Bytes bytes, std::size_t at) const;

    SpoolFile file_;
    bool swapped_ = false;  // its numbers have the other byte order than those of the spool
};

}  // namespace packetsentry::spool
