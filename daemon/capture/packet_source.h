// Where packets come from: the kernel (live_source.h) or a file (file_source.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/packet.h"

namespace packetsentry::capture {

struct SourceInterface {
    std::string name;  // empty where a file does not say
    std::uint32_t link_type = 0;
    std::uint32_t snapshot_length = 0;
    std::uint32_t system_index = 0;  // of a live interface; 0: a file, or the "any" device
    // The kernel counted these on a live interface up to the last call of counters(). SourceCounters has the
    // sums over all interfaces.
    std::uint64_t received = 0;
    std::uint64_t dropped_by_kernel = 0;
    // These have been read from its ring. The others that were received and not dropped still lie in it, also
    // those that the kernel does not show yet.
    std::uint64_t delivered = 0;
};

// Totals since the source was opened, 64-bit. Of a file only delivered and filtered count.
struct SourceCounters {
    std::uint64_t received = 0;  // by the kernel, dropped ones included
    std::uint64_t dropped_by_kernel = 0;
    std::uint64_t delivered = 0;  // read from the ring or the file
    std::uint64_t filtered = 0;   // of the delivered: did not pass a filter applied here
    std::uint64_t position = 0;   // input bytes consumed, compressed ones of a compressed file
};

enum class SourceState : std::uint8_t {
    ready,  // more may be there now
    idle,   // nothing now; wait for wait_fds()
    end,    // no more, for good
};

// What a live interface told besides packets.
struct SourceEvent {
    enum class Kind : std::uint8_t {
        interface_down,
        interface_up,
        interface_gone,
        interface_renamed,
    } kind;
    std::string interface;  // by the name it was opened with
    std::string text;
};

// Receives packets; the frame is valid during the call only. Returns false to stop the current read()
// after this packet.
class PacketSink {
  public:
    virtual ~PacketSink() = default;
    virtual bool packet(const Packet& packet) = 0;
};

// One thread. Never throws; no allocation per packet.
class PacketSource {
  public:
    virtual ~PacketSource() = default;

    // Hands over at most limit packets without waiting. An error ends the source; packets before the
    // damage have been delivered by then.
    [[nodiscard]] virtual base::Result<SourceState> read(PacketSink& sink, std::size_t limit) = 0;

    // May grow while a pcapng file is read; indices stay.
    [[nodiscard]] virtual std::span<const SourceInterface> interfaces() const = 0;
    [[nodiscard]] virtual const SourceCounters& counters() = 0;

    // Descriptors to poll for reading while idle; empty for an ordinary file, which never is idle.
    [[nodiscard]] virtual std::vector<int> wait_fds() const = 0;
    // Poll no longer than this: not everything wakes a descriptor.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> wait_limit() const = 0;
    // The next thing that happened to an interface.
    [[nodiscard]] virtual std::optional<SourceEvent> next_event() = 0;
};

}  // namespace packetsentry::capture
