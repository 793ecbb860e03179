// A filter expression of any bytes: never a crash, never a name looked up, and always one line about
// what is wrong.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/capture/filter/filter_program.h"

namespace {

namespace capture = packetsentry::capture;

constexpr std::size_t kLimit = 256;  // libpcap's optimizer is slow on long ones
constexpr std::array<std::uint32_t, 3> kLinkTypes{1, 101, 276};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > kLimit) return 0;
    const std::string expression(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::array<std::byte, 64> frame{};
    const auto filter =
        capture::FilterProgram::compile(expression, kLinkTypes[data[0] % kLinkTypes.size()], 262144);
    if (filter)
        (void)filter->passes({.wire_bytes = 64, .frame = frame});
    else if (!filter.error().message.starts_with("bad filter"))
        std::abort();
    return 0;
}
