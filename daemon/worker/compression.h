// Translates how a client wants an output to be compressed.
#pragma once

#include "daemon/capture/file/output_compressor.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::worker {

[[nodiscard]] inline capture::Compression compression_of(const wire::Save& save) {
    if (save.compression() == wire::COMPRESSION_GZIP) return capture::Compression::gzip;
    return save.compression() == wire::COMPRESSION_ZSTD ? capture::Compression::zstd
                                                        : capture::Compression::none;
}

}  // namespace packetsentry::worker
