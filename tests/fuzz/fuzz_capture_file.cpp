// A capture file of any bytes: never a crash, never much memory. Its length says how it is read: as an
// ordinary file, the same with a filter, or from a pipe.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "daemon/capture/file/file_source.h"

namespace {

using packetsentry::base::UniqueFd;
namespace capture = packetsentry::capture;

constexpr std::size_t kPipeBytes = 60'000;  // what a pipe takes without a reader

UniqueFd memory_file(std::span<const std::uint8_t> bytes) {
    UniqueFd file(::memfd_create("capture", MFD_CLOEXEC));
    if (::write(file.get(), bytes.data(), bytes.size()) < 0 || ::lseek(file.get(), 0, SEEK_SET) < 0)
        std::abort();
    return file;
}

UniqueFd filled_pipe(std::span<const std::uint8_t> bytes) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0) std::abort();
    const UniqueFd writing(ends[1]);
    if (::write(writing.get(), bytes.data(), bytes.size()) < 0) std::abort();
    return UniqueFd(ends[0]);
}

// Touches every byte, and holds what a reader must keep to.
class Touch : public capture::PacketSink {
  public:
    explicit Touch(const capture::PacketSource& source) : source_(source) {}
    bool packet(const capture::Packet& packet) override {
        if (packet.interface >= source_.interfaces().size()) std::abort();
        if (packet.frame.size() > 512 * 1024) std::abort();
        for (const std::byte byte : packet.frame) sum_ = sum_ + std::to_integer<unsigned>(byte);
        return true;
    }

  private:
    const capture::PacketSource& source_;
    volatile unsigned sum_ = 0;
};

void read_all(UniqueFd input, const char* filter) {
    auto source = capture::FileSource::open(std::move(input), capture::CaptureFilter{.expression = filter});
    if (!source) return;
    Touch sink(**source);
    for (;;) {
        const auto state = (*source)->read(sink, 7);
        if (!state || *state != capture::SourceState::ready) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes(data, size);
    if (size % 3 == 0)
        read_all(memory_file(bytes), "");
    else if (size % 3 == 1)
        read_all(memory_file(bytes), "udp port 53 or ether host 0:1:2:3:4:5");
    else if (size < kPipeBytes)
        read_all(filled_pipe(bytes), "");
    return 0;
}
