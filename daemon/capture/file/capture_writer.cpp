#include "daemon/capture/file/capture_writer.h"

#include <utility>

#include "daemon/capture/file/pcap_writer.h"
#include "daemon/capture/file/pcapng_writer.h"

namespace packetsentry::capture {

std::unique_ptr<CaptureWriter> CaptureWriter::make(base::UniqueFd output, FileFormat format,
                                                   Compression compression, bool continued) {
    if (format == FileFormat::pcap)
        return std::make_unique<PcapWriter>(std::move(output), compression, continued);
    // A section of its own continues any pcapng file.
    return std::make_unique<PcapngWriter>(std::move(output), compression);
}

}  // namespace packetsentry::capture
