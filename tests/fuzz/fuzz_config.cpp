// The text of a configuration file.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/base/unique_fd.h"
#include "daemon/config/config_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace packetsentry;
    const base::UniqueFd file(::memfd_create("config", MFD_CLOEXEC));
    if (::write(file.get(), data, size) != static_cast<ssize_t>(size)) return 0;
    config::Config config;
    (void)config::read_config_file("/proc/self/fd/" + std::to_string(file.get()), config);
    return 0;
}
