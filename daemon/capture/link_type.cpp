#include "daemon/capture/link_type.h"

#include <pcap/dlt.h>

#include <array>

namespace packetsentry::capture {
namespace {

struct Pair {
    std::uint32_t link_type;
    int dlt;
};

constexpr std::array kDifferent{
    Pair{100, DLT_ATM_RFC1483}, Pair{101, DLT_RAW},      Pair{102, DLT_SLIP_BSDOS},
    Pair{103, DLT_PPP_BSDOS},   Pair{106, DLT_ATM_CLIP},
};

}  // namespace

int dlt_of(std::uint32_t link_type) {
    for (const Pair& pair : kDifferent)
        if (pair.link_type == link_type) return pair.dlt;
    return static_cast<int>(link_type);
}

std::uint32_t link_type_of(int dlt) {
    for (const Pair& pair : kDifferent)
        if (pair.dlt == dlt) return pair.link_type;
    return static_cast<std::uint32_t>(dlt);
}

}  // namespace packetsentry::capture
