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

base::Result<void> CaptureWriter::flush(std::span<const SourceInterface> interfaces) {
    if (auto headed = put_head(interfaces); !headed) return headed;
    return out_.flush();
}

base::Result<void> CaptureWriter::end_file(std::span<const SourceInterface> interfaces) {
    if (auto headed = put_head(interfaces); !headed) return headed;
    leave_file();
    return out_.state();
}

void CaptureWriter::leave_file() {
    out_.end_file();
    begin_file();
}

}  // namespace packetsentry::capture
