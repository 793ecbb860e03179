// Writes packets to a descriptor as nanosecond pcap or as pcapng.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/output_buffer.h"
#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

enum class FileFormat : std::uint8_t { pcap, pcapng };

class CaptureWriter {
  public:
    // continued: append to what another writer began on the same open file: no second head in pcap, a
    // new section in pcapng.
    [[nodiscard]] static std::unique_ptr<CaptureWriter> make(base::UniqueFd output, FileFormat format,
                                                             Compression compression, bool continued);
    virtual ~CaptureWriter() = default;

    // Buffers; flushes when a chunk is full. interfaces: the source's; in pcap they must have one link type.
    // Error: file; the writer then takes no more, and output() tells what stands whole there.
    [[nodiscard]] virtual base::Result<void> write(const Packet& packet,
                                                   std::span<const SourceInterface> interfaces) = 0;
    // All buffered blocks to the output; with no packet yet, the file's head (interfaces as above).
    [[nodiscard]] base::Result<void> flush(std::span<const SourceInterface> interfaces);
    // Ends the file, with its head if it has nothing else; the next packet is the first one of another
    // file. Error: as for write().
    [[nodiscard]] base::Result<void> end_file(std::span<const SourceInterface> interfaces);
    // Before the first write: what another writer has written is complete, and the packets go to another
    // file.
    void leave_file();

    // Before the first write: not continued after all.
    virtual void from_the_head() = 0;

    // Behind the last packet: what the interfaces have counted until time_ns, where the format can say it.
    virtual void put_counts(std::span<const SourceInterface> interfaces, std::int64_t time_ns) = 0;

    // Begins a section with these comments about what follows, or, behind the last packet, about what came
    // before. A format that has no comments leaves them out.
    virtual void put_comments(std::span<const std::string> comments) = 0;

    // What becomes of the blocks, and how many of them have got where.
    [[nodiscard]] OutputBuffer& output() { return out_; }
    [[nodiscard]] const OutputBuffer& output() const { return out_; }

  protected:
    // Puts the head of the file, if there is none yet.
    [[nodiscard]] virtual base::Result<void> put_head(std::span<const SourceInterface> interfaces) = 0;
    // The next packet needs a head before it.
    virtual void begin_file() = 0;

    CaptureWriter(base::UniqueFd output, Compression compression) : out_(std::move(output), compression) {}

    OutputBuffer out_;
};

}  // namespace packetsentry::capture
