#include "daemon/spool/search/block_dictionary.h"

#include <bit>
#include <compare>
#include <cstring>

#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"
#include "proto/rows/message_fields.h"

namespace packetsentry::spool {
namespace {

using proto::MessageFields;

constexpr std::size_t kSlotSize = 16;

// Counts the messages inside of a batch, each of which takes memory when it is parsed, however short it
// is.
class MessagesInside {
  public:
    // False: there are too many.
    [[nodiscard]] bool add(const MessageFields& fields) {
        if (fields.is_text(wire::Batch::kProtocolFieldNumber)) protocol_bytes_ += fields.value().size();
        for (const int field : {wire::Batch::kInterfaceFieldNumber, wire::Batch::kProtocolFieldNumber,
                                wire::Batch::kColumnFieldNumber, wire::Batch::kLayersFieldNumber})
            if (fields.is_text(field)) ++messages_;
        return messages_ <= kMessagesLimit && protocol_bytes_ <= kProtocolBytesLimit;
    }

  private:
    static constexpr int kMessagesLimit = proto::kBatchInterfaceLimit + proto::kBatchProtocolLimit +
                                          proto::kBatchColumnLimit + proto::kBatchLayersLimit;
    // A protocol has a list of texts, and so its messages may be many by themselves.
    static constexpr std::size_t kProtocolBytesLimit = 256 * 1024;

    int messages_ = 0;
    std::size_t protocol_bytes_ = 0;
};

// An address as a number of 128 bits. Addresses of one size are in the order of these.
struct AddressNumber {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    auto operator<=>(const AddressNumber&) const = default;
};

std::uint64_t eight_bytes_at(const char* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

// slot: 16 bytes. Those behind the size are not part of the address.
AddressNumber address_number(const char* slot, std::size_t size) {
    const std::uint64_t high = eight_bytes_at(slot);
    if (size >= kSlotSize) return {high, eight_bytes_at(slot + 8)};
    return {high >> (8 * (8 - size)), 0};
}

AddressNumber address_number(const std::string& key) {
    std::string slot = key;
    slot.resize(kSlotSize);
    return address_number(slot.data(), key.size());
}

bool asks_for_address(const IndexLookup& lookup) {
    return lookup.kind == KeyKind::ipv4 || lookup.kind == KeyKind::ipv6 || lookup.kind == KeyKind::mac;
}

}  // namespace

// If a field stands there twice, its last value counts, as protobuf has it.
std::optional<BlockDictionary> BlockDictionary::find(Bytes batch) {
    std::string_view addresses, sizes;
    MessagesInside inside;
    MessageFields fields(as_text(batch));
    while (fields.next()) {
        if (!inside.add(fields)) return std::nullopt;
        if (fields.is_text(wire::Batch::kAddressFieldNumber)) addresses = fields.value();
        if (fields.is_text(wire::Batch::kAddressSizeFieldNumber)) sizes = fields.value();
    }
    if (!fields.at_end() || addresses.size() != kSlotSize * sizes.size()) return std::nullopt;
    return BlockDictionary(addresses, sizes);
}

bool BlockDictionary::has_address(const KeyRange& range) const {
    const auto size = static_cast<char>(range.first.size());
    const AddressNumber first = address_number(range.first);
    const AddressNumber last = address_number(range.last);
    for (std::size_t slot = 0; slot < sizes_.size(); ++slot) {
        if (sizes_[slot] != size) continue;
        const AddressNumber address =
            address_number(addresses_.data() + kSlotSize * slot, range.first.size());
        if (address >= first && address <= last) return true;
    }
    return false;
}

bool BlockDictionary::may_have(const IndexPlan& plan) const {
    return plan.answer(true, [this](const IndexLookup& lookup) {
        return !asks_for_address(lookup) || has_address(lookup.range);
    });
}

}  // namespace packetsentry::spool
