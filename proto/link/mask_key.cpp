#include "proto/link/mask_key.h"

#include <sys/random.h>

#include "daemon/base/syscall.h"

namespace packetsentry::proto {

// So few bytes come whole or not at all: getrandom(2).
base::Result<std::string> make_mask_key() {
    std::string key(kMaskKeySize, '\0');
    if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
        return base::fail(base::ErrorCode::internal, base::syscall_text("make a key for masking addresses"));
    return key;
}

}  // namespace packetsentry::proto
