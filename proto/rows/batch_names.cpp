#include "proto/rows/batch_names.h"

#include <utility>

namespace packetsentry::proto {
namespace {

constexpr unsigned char kMacBytes = 6;

bool is_named_once(std::span<const std::uint32_t> slots, std::string_view address_sizes) {
    std::uint32_t before = 0;  // no slot
    for (const std::uint32_t slot : slots) {
        if (slot <= before || slot > address_sizes.size()) return false;
        if (static_cast<unsigned char>(address_sizes[slot - 1]) == kMacBytes) return false;
        before = slot;
    }
    return true;
}

bool is_known(char source) {
    const int number = static_cast<unsigned char>(source);
    return number != wire::NAME_SOURCE_UNKNOWN && wire::NameSource_IsValid(number);
}

}  // namespace

const char* BatchNames::read(const BatchFields& fields) {
    const std::span<const std::uint32_t> slots = fields.named.numbers();
    if (!is_named_once(slots, fields.address_size)) return "named addresses";
    if (!std::ranges::all_of(fields.name_source, is_known)) return "source of a name";
    std::vector<std::size_t> begin{0};
    begin.reserve(slots.size() + 1);
    for (const std::uint32_t size : fields.name_size.numbers()) {
        if (size == 0 || size > kBatchNameLimit) return "length of a name";
        begin.push_back(begin.back() + size);
    }
    if (begin.back() != fields.name.size()) return "bytes of names";
    slots_ = slots;
    texts_ = fields.name;
    sources_ = fields.name_source;
    begin_ = std::move(begin);
    return nullptr;
}

}  // namespace packetsentry::proto
