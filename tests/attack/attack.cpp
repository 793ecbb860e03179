// Stands in the dissector's place: a packet with "attack:NAME:ARGUMENT;" in it takes the worker over. What
// came of it is the packet's row: "ATTACK NAME: succeeded", or why not.
#include <algorithm>
#include <string>
#include <string_view>

#include "daemon/dissect/dissect.h"
#include "tests/attack/attacks.h"

namespace packetsentry::dissect {
namespace {

constexpr std::string_view kMark = "attack:";
constexpr FieldInfo kOutcome{.path = "attack.outcome"};
constexpr std::array<const FieldInfo*, 1> kDetail{&kOutcome};
constexpr Protocol kAttack{.word = "ATTACK", .detail = kDetail};
constexpr Protocol kOther{.word = "OTHER"};

std::string order_in(std::span<const std::byte> frame) {
    const std::string_view text(reinterpret_cast<const char*>(frame.data()), frame.size());
    const std::size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) return {};
    const std::string_view rest = text.substr(mark + kMark.size());
    return std::string(rest.substr(0, rest.find(';')));
}

}  // namespace

void dissect(std::span<const std::byte> frame, std::size_t, std::uint32_t, Dissection& out, Layout*) {
    out.reset();
    out.protocol = &kOther;
    const std::string order = order_in(frame);
    if (order.empty()) return;
    const std::string name = order.substr(0, order.find(':'));
    const std::string argument = order.substr(std::min(order.size(), name.size() + 1));
    const std::string why_not = attack::try_out(name, argument);
    out.protocol = &kAttack;
    const std::size_t begin = out.begin_text();
    out.put(name + ": " + (why_not.empty() ? "succeeded" : why_not));
    out.add(kOutcome, out.text_since(begin));
}

}  // namespace packetsentry::dissect
