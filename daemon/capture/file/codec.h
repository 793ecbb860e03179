// How one kind of compressed data is unpacked. compressed_input.h does the reading.
#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace packetsentry::capture {

struct UnpackFailure {
    std::string why;      // "" where the library does not say
    bool damaged = true;  // false: it may be whole, but we cannot unpack it
};

class Codec {
  public:
    virtual ~Codec() = default;

    using Failure = UnpackFailure;

    [[nodiscard]] virtual std::string_view name() const = 0;  // "gzip"

    // Unpacks what in begins with, takes off in what it has used, and returns how many bytes of out it has
    // filled. It uses all of in, unless out is full or a frame ends.
    [[nodiscard]] virtual std::expected<std::size_t, Failure> unpack(std::span<const std::byte>& in,
                                                                     std::span<std::byte> out) = 0;
    // Tells whether the data is cut if it ends here.
    [[nodiscard]] virtual bool in_frame() const = 0;
};

// Takes off the zeros that a tape, or the format, puts between two frames.
inline void skip_padding(std::span<const std::byte>& in) {
    while (!in.empty() && in.front() == std::byte{0}) in = in.subspan(1);
}

}  // namespace packetsentry::capture
