#include "daemon/spool/search/block_dictionary.h"

#include <bit>
#include <compare>
#include <cstring>

#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {
namespace {

constexpr std::size_t kSlotSize = 16;

// The fields of a message one after the other, as protobuf encodes them (protobuf.dev/programming-guides/
// encoding): a number with the kind of the value in its lowest three bits, and then the value.
class MessageFields {
  public:
    enum Kind : std::uint8_t { varint = 0, eight_bytes = 1, text = 2, four_bytes = 5 };

    explicit MessageFields(std::string_view bytes) : left_(bytes) {}

    [[nodiscard]] bool at_end() const { return left_.empty() && !failed_; }
    // False at the end, and where the bytes are no message.
    [[nodiscard]] bool next() {
        if (left_.empty() || failed_) return false;
        const std::uint64_t tag = number();
        field_ = tag >> 3;
        kind_ = static_cast<std::uint8_t>(tag & 7);
        skip_value();
        return !failed_;
    }
    // A value of another kind than the field has is none of the field's.
    [[nodiscard]] bool is_text(int field) const {
        return field_ == static_cast<std::uint64_t>(field) && kind_ == text;
    }
    [[nodiscard]] std::string_view value() const { return value_; }

  private:
    [[nodiscard]] std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(left_.front());
            left_.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return value;
        }
        failed_ = true;
        return 0;
    }
    [[nodiscard]] std::string_view take(std::uint64_t size) {
        failed_ |= size > left_.size();
        if (failed_) return {};
        const std::string_view taken = left_.substr(0, static_cast<std::size_t>(size));
        left_.remove_prefix(taken.size());
        return taken;
    }
    void skip_value() {
        if (kind_ == varint)
            (void)number();
        else if (kind_ == eight_bytes)
            (void)take(8);
        else if (kind_ == four_bytes)
            (void)take(4);
        else if (kind_ == text)
            value_ = take(number());
        else
            failed_ = true;
    }

    std::string_view left_;
    std::uint64_t field_ = 0;
    std::uint8_t kind_ = varint;
    std::string_view value_;
    bool failed_ = false;
};

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
