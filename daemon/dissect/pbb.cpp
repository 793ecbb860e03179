#include "daemon/dissect/pbb.h"

#include "daemon/dissect/ethernet.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kInstance = field("packetsentry.pbb.id");
constexpr std::array kPbbDetail{&kInstance};
constexpr Protocol kPbb{.word = "PBB", .detail = kPbbDetail};

constexpr std::uint8_t kReserved = 0x07;

}  // namespace

Layer dissect_pbb(Cursor& bytes, Walk& walk) {
    const std::uint8_t flags = bytes.u8();
    const std::uint32_t instance = bytes.u24();
    walk.check(bytes);
    walk.understood(kPbb, LayerName::ieee8021ah);
    if (bytes.failed()) return {};
    if ((flags & kReserved) != 0 || (walk.networks() != 0 && !is_ethernet(bytes))) walk.stop_keeping();
    walk.header_ends(bytes);
    walk.out.add(kInstance, instance);
    if (!walk.enter_tunnel("pbb")) return {};
    return {dissect_ethernet};
}

}  // namespace packetsentry::dissect
