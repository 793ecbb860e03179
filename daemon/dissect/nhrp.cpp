#include "daemon/dissect/nhrp.h"

#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kNhrp{.word = "NHRP", .name = "nhrp", .detail = kDetailOnly};

constexpr std::size_t kOperationAt = 17;
constexpr std::array kOperations{
    NumberWord{1, "Resolution request"},   NumberWord{2, "Resolution reply"},
    NumberWord{3, "Registration request"}, NumberWord{4, "Registration reply"},
    NumberWord{5, "Purge request"},        NumberWord{6, "Purge reply"},
    NumberWord{7, "Error indication"},     NumberWord{8, "Traffic indication"},
};

}  // namespace

// None of it is vouched for: it is full of addresses of any length.
Layer dissect_nhrp(Cursor& bytes, Walk& walk) {
    walk.stop_keeping();
    bytes.skip(kOperationAt);
    const std::uint8_t operation = bytes.u8();
    walk.check(bytes);
    walk.understood(kNhrp, LayerName::by_protocol);
    if (const std::string_view word = word_of(kOperations, operation); !bytes.failed() && !word.empty())
        walk.detail(word);
    return {};
}

}  // namespace packetsentry::dissect
