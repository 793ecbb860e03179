// Reads pcapng files (draft-ietf-opsawg-pcapng): any number of sections in either byte order, enhanced,
// simple and obsolete packet blocks. Other blocks are passed over, however large.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/file/byte_view.h"
#include "daemon/capture/file/capture_reader.h"
#include "daemon/capture/file/input_stream.h"
#include "daemon/capture/file/time_scale.h"
#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

//  Every block:  0 type  4 total length  8 body …  total length again
class PcapngReader : public CaptureReader {
  public:
    // In the whole file. What the worker holds of each is about 130 bytes and its name, so all of them take
    // less than 100 MiB.
    static constexpr std::size_t kInterfaceLimit = 262144;
    static constexpr std::size_t kNameLimit = 256;  // bytes of an interface's name that are kept

    [[nodiscard]] static bool begins_with_magic(std::span<const std::byte> first);
    [[nodiscard]] static base::Result<std::unique_ptr<PcapngReader>> open(InputStream& stream);

    explicit PcapngReader(InputStream& stream) : stream_(stream) {}
    [[nodiscard]] base::Result<Step> next(Packet& packet) override;
    [[nodiscard]] std::span<const SourceInterface> interfaces() const override { return interfaces_; }

  private:
    struct SectionInterface {
        TimeScale clock;
        std::uint32_t index = 0;  // in interfaces_
        std::uint32_t link_type = 0;
        std::uint32_t snapshot_length = 0;
        std::uint32_t limit = 0;  // of captured lengths
    };
    struct Block {
        std::uint32_t type = 0;
        std::uint32_t size = 0;
    };

    // packet: a packet block stands whole at the front of the stream, as block_.
    [[nodiscard]] base::Result<Step> advance();
    [[nodiscard]] base::Result<Step> take_block(Block block);
    [[nodiscard]] base::Result<Step> take_whole(Block block);
    [[nodiscard]] base::Result<Step> begin_section();
    [[nodiscard]] base::Result<Step> begin_skip(std::uint32_t consumed, Block block);
    [[nodiscard]] base::Result<Step> finish_skip();
    [[nodiscard]] base::Result<void> add_interface();
    [[nodiscard]] std::uint32_t index_of(const SourceInterface& interface);
    [[nodiscard]] base::Result<void> decode_simple(Packet& packet) const;
    [[nodiscard]] base::Result<void> decode_timed(Packet& packet) const;
    [[nodiscard]] base::Result<void> set_frame(Packet& packet, const SectionInterface& from,
                                               std::size_t begin, std::uint32_t captured) const;
    [[nodiscard]] base::Result<Step> stopped(Want state, bool in_packet) const;
    [[nodiscard]] std::unexpected<base::Error> damaged(const std::string& what) const;
    [[nodiscard]] ByteView front(std::size_t size) const { return {stream_.bytes(size), swapped_}; }

    InputStream& stream_;
    bool swapped_ = false;
    std::vector<SourceInterface> interfaces_;
    std::vector<SectionInterface> section_;
    std::vector<std::uint32_t> last_section_;  // indices the section before gave its interfaces
    Block block_;
    bool skipping_ = false;
    std::uint64_t skip_left_ = 0;
    std::uint32_t skip_size_ = 0;
    std::uint64_t packets_ = 0;
};

}  // namespace packetsentry::capture
