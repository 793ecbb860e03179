#include "daemon/dissect/option_list.h"

namespace packetsentry::dissect {

void check_option_list(Cursor options, Walk& walk) {
    while (!options.empty()) {
        const std::uint8_t kind = options.u8();
        if (kind == 0) break;
        if (kind == 1) continue;
        const std::uint8_t size = options.u8();
        if (!options.failed() && size < 2) options.fail();
        options.skip(size < 2 ? 0 : size - 2U);
    }
    walk.check(options);
}

}  // namespace packetsentry::dissect
