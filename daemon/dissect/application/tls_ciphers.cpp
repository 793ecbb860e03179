#include "daemon/dissect/application/tls_ciphers.h"

#include <algorithm>

#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr NumberWord kCiphers[] = {
#include "daemon/dissect/application/tls_cipher_table.inc"
};
static_assert(std::ranges::adjacent_find(kCiphers, std::ranges::greater_equal{}, &NumberWord::number) ==
                  std::end(kCiphers),
              "a search by halves needs the numbers in their order");

}  // namespace

std::string_view tls_cipher_name(std::uint16_t number) {
    const auto* const found = std::ranges::lower_bound(kCiphers, number, {}, &NumberWord::number);
    return found != std::end(kCiphers) && found->number == number ? found->name : std::string_view();
}

}  // namespace packetsentry::dissect
