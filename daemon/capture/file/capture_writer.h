// Writes packets to a descriptor as nanosecond pcap or as pcapng.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

enum class FileFormat : std::uint8_t { pcap, pcapng };

class CaptureWriter {
  public:
    // continued: append to what another writer began on the same open file: no second head in pcap, a
    // new section in pcapng.
    [[nodiscard]] static std::unique_ptr<CaptureWriter> make(base::UniqueFd output, FileFormat format,
                                                             bool continued);
    virtual ~CaptureWriter() = default;

    // Buffers; writes when the buffer (1 MiB) is full. interfaces: the source's; in pcap they must have
    // one link type. Error: file; the writer then takes no more, and packets_written() tells what stands
    // whole: an ordinary file is cut back to that. The process must ignore SIGPIPE.
    [[nodiscard]] virtual base::Result<void> write(const Packet& packet,
                                                   std::span<const SourceInterface> interfaces) = 0;
    // All buffered bytes to the descriptor; with no packet yet, the file's head (interfaces as above).
    [[nodiscard]] virtual base::Result<void> flush(std::span<const SourceInterface> interfaces) = 0;

    // Before the first write: not continued after all.
    virtual void from_the_head() = 0;

    // Behind the last packet: what the interfaces have counted until time_ns, where the format can say it.
    virtual void put_counts(std::span<const SourceInterface> interfaces, std::int64_t time_ns) = 0;

    // A pipe whose reader hangs costs packets, which are counted, instead of time.
    virtual void never_wait() = 0;
    // The last flush: waits for a pipe for so long. May be called again for what bytes_waiting() then tells.
    [[nodiscard]] virtual base::Result<void> flush_within(std::chrono::milliseconds time) = 0;

    // What was flushed, from the system's memory to the disk. Error: file, for good; packets_written() are
    // then those before the last that succeeded.
    [[nodiscard]] virtual base::Result<void> sync() = 0;

    [[nodiscard]] virtual std::uint64_t packets() const = 0;          // buffered ones included
    [[nodiscard]] virtual std::uint64_t packets_refused() const = 0;  // not among packets()
    [[nodiscard]] virtual std::uint64_t packets_written() const = 0;  // whole on the descriptor
    [[nodiscard]] virtual std::uint64_t bytes() const = 0;            // buffered ones included
    [[nodiscard]] virtual std::uint64_t bytes_waiting() const = 0;    // buffered, not on the descriptor
};

}  // namespace packetsentry::capture
