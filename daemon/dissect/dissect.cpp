#include "daemon/dissect/dissect.h"

#include "daemon/dissect/link_type_table.h"
#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kLink{.word = "LINK", .detail = kDetailOnly};

}  // namespace

void dissect(std::span<const std::byte> frame, std::size_t wire_bytes, std::uint32_t link_type,
             Dissection& out, Layout* layout) {
    out.reset();
    if (layout != nullptr) layout->begin(frame);
    out.protocol = &kLink;
    Walk walk(out, layout);
    const LayerDissector link = find_link_type(link_type);
    if (link == nullptr) return walk.detail("type ", std::uint64_t{link_type});
    walk.run({link}, Cursor::of_frame(frame, wire_bytes));
}

}  // namespace packetsentry::dissect
