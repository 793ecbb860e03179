#include "daemon/capture/file/input_stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "daemon/capture/file/compressed_input.h"
#include "daemon/capture/file/gzip_codec.h"
#include "daemon/capture/file/lz4_codec.h"
#include "daemon/capture/file/xz_codec.h"
#include "daemon/capture/file/zstd_codec.h"

namespace packetsentry::capture {
namespace {

// What is read at once stays in the second-level cache until it is dissected.
constexpr std::size_t kReadBytes = 256 * 1024;

template <typename Made>
std::unique_ptr<Codec> make() {
    return std::make_unique<Made>();
}

struct Compression {
    std::string_view magic;
    std::unique_ptr<Codec> (*make)();
};
constexpr std::array kCompressions{
    Compression{"\x1f\x8b", make<GzipCodec>},
    Compression{"\x28\xb5\x2f\xfd", make<ZstdCodec>},
    Compression{"\x04\x22\x4d\x18", make<Lz4Codec>},
    Compression{"\xfd\x37zX", make<XzCodec>},
};

std::unique_ptr<ByteInput> decompressor_for(std::span<const std::byte> first, ByteInput& from) {
    const std::string_view text(reinterpret_cast<const char*>(first.data()), first.size());
    for (const Compression& row : kCompressions)
        if (text.starts_with(row.magic)) return std::make_unique<CompressedInput>(from, row.make());
    return nullptr;
}

}  // namespace

InputStream::InputStream(DescriptorInput descriptor)
    : descriptor_(std::move(descriptor)), buffer_(std::make_unique_for_overwrite<std::byte[]>(kCapacity)) {}

base::Result<std::unique_ptr<InputStream>> InputStream::open(DescriptorInput input) {
    auto stream = std::make_unique<InputStream>(std::move(input));
    auto first = stream->descriptor_.peek();
    if (!first) return std::unexpected(first.error());
    stream->decompressor_ = decompressor_for(*first, stream->descriptor_);
    return stream;
}

void InputStream::move_to_front() {
    const std::size_t left = available();
    std::memmove(buffer_.get(), buffer_.get() + begin_, left);
    begin_ = 0;
    end_ = left;
}

Want InputStream::refill(std::size_t size) {
    if (failed_) return Want::failed;
    move_to_front();
    ByteInput& input = decompressor_ ? *decompressor_ : descriptor_;
    while (available() < size) {
        auto chunk = input.read({buffer_.get() + end_, std::min(kCapacity - end_, kReadBytes)});
        if (!chunk) {
            error_ = std::move(chunk.error());
            failed_ = true;
            return Want::failed;
        }
        if (chunk->state == Chunk::State::waiting) return Want::waiting;
        if (chunk->state == Chunk::State::end) return Want::ended;
        end_ += chunk->size;
    }
    return Want::enough;
}

Want InputStream::want_waiting(std::size_t size) {
    Want state = want(size);
    while (state == Want::waiting) {
        wait();
        state = want(size);
    }
    return state;
}

Want InputStream::skip(std::uint64_t& size) {
    for (;;) {
        const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(size, available()));
        consume(here);
        size -= here;
        if (size == 0) return Want::enough;
        if (const Want state = want(1); state != Want::enough) return state;
    }
}

std::uint64_t InputStream::position() const {
    return decompressor_ ? decompressor_->position() : descriptor_.position() - available();
}

}  // namespace packetsentry::capture
