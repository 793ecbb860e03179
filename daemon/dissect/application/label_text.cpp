#include "daemon/dissect/application/label_text.h"

namespace packetsentry::dissect {
namespace {

constexpr std::size_t kLabelLimit = 63, kNameLimit = 255;  // bytes, RFC 1035 section 2.3.4

}  // namespace

std::optional<std::string_view> read_label_text(Cursor name, Dissection& out) {
    if (name.remaining() > kNameLimit) return std::nullopt;
    const std::size_t begin = out.begin_text();
    while (!name.empty()) {
        const std::uint8_t size = name.u8();
        if (size == 0 && !name.empty()) return std::nullopt;
        if (size > kLabelLimit) return std::nullopt;
        if (size != 0 && out.begin_text() != begin) out.put('.');
        out.put(name.sub(size).left_text());
    }
    if (name.failed() || out.begin_text() == begin) return std::nullopt;
    return out.text_since(begin);
}

}  // namespace packetsentry::dissect
