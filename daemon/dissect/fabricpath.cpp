#include "daemon/dissect/fabricpath.h"

#include "daemon/dissect/ethernet.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kFabricPath{.word = "FabricPath"};

}  // namespace

Layer dissect_fabricpath(Cursor& bytes, Walk& walk) {
    bytes.skip(2);
    walk.check(bytes);
    walk.understood(kFabricPath, LayerName::fabricpath);
    if (bytes.failed()) return {};
    if (walk.networks() != 0 && !is_ethernet(bytes)) walk.stop_keeping();
    walk.header_ends(bytes);
    if (!walk.enter_tunnel("fabricpath")) return {};
    return {dissect_ethernet};
}

}  // namespace packetsentry::dissect
