// The text of a configuration file.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/config/config_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace packetsentry;
    config::Config config;
    (void)config::read_config_text({reinterpret_cast<const char*>(data), size}, "packetsentry.toml", config);
    return 0;
}
