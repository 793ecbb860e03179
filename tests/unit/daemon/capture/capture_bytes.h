// Capture files made in memory, byte by byte, and what a FileSource makes of them.
#pragma once

#include <lz4frame.h>
#include <lzma.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/capture/file/file_source.h"

namespace packetsentry::capture {

enum class Order { little, big };

// Appends numbers in one byte order.
class Bytes {
  public:
    explicit Bytes(Order order = Order::little) : order_(order) {}

    Bytes& u8(std::uint64_t value) { return number(value, 1); }
    Bytes& u16(std::uint64_t value) { return number(value, 2); }
    Bytes& u32(std::uint64_t value) { return number(value, 4); }
    Bytes& u64(std::uint64_t value) { return number(value, 8); }
    Bytes& text(std::string_view bytes) {
        bytes_ += bytes;
        return *this;
    }
    Bytes& pad() {
        while (bytes_.size() % 4 != 0) bytes_ += '\0';
        return *this;
    }
    [[nodiscard]] const std::string& str() const { return bytes_; }
    [[nodiscard]] Order order() const { return order_; }

  private:
    Bytes& number(std::uint64_t value, int size) {
        for (int i = 0; i < size; ++i) {
            const int place = order_ == Order::little ? i : size - 1 - i;
            bytes_ += static_cast<char>(value >> (8 * place) & 0xff);
        }
        return *this;
    }

    Order order_;
    std::string bytes_;
};

inline std::string pcap_head(Order order, bool nano, std::uint32_t link_type = 1,
                             std::uint32_t snaplen = 65535) {
    return Bytes(order)
        .u32(nano ? 0xa1b23c4d : 0xa1b2c3d4)
        .u16(2)
        .u16(4)
        .u64(0)
        .u32(snaplen)
        .u32(link_type)
        .str();
}

inline std::string pcap_record(Order order, std::uint32_t seconds, std::uint32_t fraction,
                               std::string_view frame, std::uint32_t wire_bytes) {
    return Bytes(order).u32(seconds).u32(fraction).u32(frame.size()).u32(wire_bytes).text(frame).str();
}

inline std::string block(Order order, std::uint32_t type, std::string_view body) {
    const std::string padded = Bytes().text(body).pad().str();
    const std::size_t size = padded.size() + 12;
    return Bytes(order).u32(type).u32(size).text(padded).u32(size).str();
}

inline std::string section(Order order) {
    return block(order, 0x0a0d0d0a, Bytes(order).u32(0x1a2b3c4d).u16(1).u16(0).u64(~0ULL).str());
}

inline std::string option(Order order, std::uint16_t code, std::string_view value) {
    return Bytes(order).u16(code).u16(value.size()).text(value).pad().str();
}

inline std::string interface_block(Order order, std::uint16_t link_type, std::uint32_t snaplen,
                                   std::string_view options = "") {
    return block(order, 1, Bytes(order).u16(link_type).u16(0).u32(snaplen).text(options).str());
}

inline std::string enhanced(Order order, std::uint32_t interface, std::uint64_t ticks, std::string_view frame,
                            std::uint32_t wire_bytes, std::string_view options = "") {
    return block(order, 6,
                 Bytes(order)
                     .u32(interface)
                     .u32(ticks >> 32)
                     .u32(ticks & 0xffffffff)
                     .u32(frame.size())
                     .u32(wire_bytes)
                     .text(frame)
                     .pad()
                     .text(options)
                     .str());
}

inline std::string simple(Order order, std::uint32_t wire_bytes, std::string_view frame) {
    return block(order, 3, Bytes(order).u32(wire_bytes).text(frame).str());
}

inline std::string obsolete(Order order, std::uint16_t interface, std::uint64_t ticks, std::string_view frame,
                            std::uint32_t wire_bytes) {
    return block(order, 2,
                 Bytes(order)
                     .u16(interface)
                     .u16(0xffff)
                     .u32(ticks >> 32)
                     .u32(ticks & 0xffffffff)
                     .u32(frame.size())
                     .u32(wire_bytes)
                     .text(frame)
                     .str());
}

inline std::string gzipped(std::string_view bytes) {
    z_stream state{};
    deflateInit2(&state, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&state, bytes.size()) + 64, '\0');
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state.avail_in = static_cast<uInt>(bytes.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    deflate(&state, Z_FINISH);
    out.resize(out.size() - state.avail_out);
    deflateEnd(&state);
    return out;
}

inline std::string zstd_compressed(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
    return out;
}

inline std::string lz4_compressed(std::string_view bytes) {
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    std::string out(LZ4F_compressFrameBound(bytes.size(), &preferences), '\0');
    out.resize(LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), &preferences));
    return out;
}

inline std::string xz_compressed(std::string_view bytes) {
    std::string out(lzma_stream_buffer_bound(bytes.size()), '\0');
    std::size_t size = 0;
    (void)lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                  reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
                                  reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
    out.resize(size);
    return out;
}

inline base::UniqueFd memory_file(std::string_view bytes = "") {
    base::UniqueFd file(::memfd_create("capture", MFD_CLOEXEC));
    while (!bytes.empty()) {
        const ssize_t size = ::write(file.get(), bytes.data(), bytes.size());
        if (size <= 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

// Copies of what a source gave.
struct SeenPacket {
    std::int64_t time_ns = 0;
    bool has_time = true;
    std::uint32_t wire_bytes = 0;
    std::uint32_t link_type = 0;
    std::uint32_t interface = 0;
    std::string frame;

    bool operator==(const SeenPacket&) const = default;
};

class Collector : public PacketSink {
  public:
    bool packet(const Packet& packet) override {
        const std::string frame(reinterpret_cast<const char*>(packet.frame.data()), packet.frame.size());
        seen.push_back(
            {packet.time_ns, packet.has_time, packet.wire_bytes, packet.link_type, packet.interface, frame});
        return seen.size() < stop_at;
    }

    std::vector<SeenPacket> seen;
    std::size_t stop_at = SIZE_MAX;
};

struct Reading {
    std::vector<SeenPacket> packets;
    std::vector<SourceInterface> interfaces;
    SourceCounters counters;
    bool opened = false;
    std::optional<base::Error> error;

    [[nodiscard]] std::string message() const { return error ? error->message : ""; }
};

inline Reading read_file(base::UniqueFd input, const std::string& filter = "") {
    Reading reading;
    CaptureFilter wanted;
    wanted.expression = filter;
    auto source = FileSource::open(std::move(input), wanted);
    if (!source) {
        reading.error = source.error();
        return reading;
    }
    reading.opened = true;
    Collector collector;
    for (;;) {
        auto state = (*source)->read(collector, 3);
        if (!state) reading.error = state.error();
        if (!state || *state == SourceState::end) break;
    }
    reading.packets = std::move(collector.seen);
    reading.interfaces.assign((*source)->interfaces().begin(), (*source)->interfaces().end());
    reading.counters = (*source)->counters();
    return reading;
}

inline Reading read_bytes(std::string_view bytes, const std::string& filter = "") {
    return read_file(memory_file(bytes), filter);
}

}  // namespace packetsentry::capture
