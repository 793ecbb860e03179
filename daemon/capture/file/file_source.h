// Capture files: pcap (both byte orders, micro- and nanoseconds) and pcapng (sections, interfaces,
// options, enhanced, simple and obsolete packet blocks), plain or compressed with gzip, zstd, lz4 or xz.
//
// Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. Own reader: libpcap refuses files whose
// interfaces differ in link type or snapshot length.
#pragma once

#include <memory>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/capture_filter.h"
#include "daemon/capture/file/descriptor_input.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

class FileSource : public PacketSource {
  public:
    // input: a regular file or a pipe, read from its current position to its end, never mapped.
    // filter: applied here, compiled once for each link type (an expression that a link type cannot have
    // passes none of its packets, unless no link type can have it). Its options pass what their program
    // cannot decide on (FilterProgram::of_options()), which the sink is to decide. Waits for what a pipe has
    // before its first packet. Errors: file (not a capture file), filter. file_name: for an error.
    [[nodiscard]] static base::Result<std::unique_ptr<FileSource>> open(DescriptorInput input,
                                                                        const CaptureFilter& filter,
                                                                        const std::string& file_name = "");
    [[nodiscard]] static base::Result<std::unique_ptr<FileSource>> open(base::UniqueFd input,
                                                                        const CaptureFilter& filter,
                                                                        const std::string& file_name = "");

    // Returns the size of an input that is a regular file, and 0 for a pipe.
    [[nodiscard]] virtual std::uint64_t file_bytes() const = 0;
};

}  // namespace packetsentry::capture
