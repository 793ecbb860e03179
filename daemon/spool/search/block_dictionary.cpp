#include "daemon/spool/search/block_dictionary.h"

#include <algorithm>
#include <bit>
#include <compare>
#include <cstring>

#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {
namespace {

constexpr std::size_t kLongest = 16;  // bytes of an address

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
    // A protocol has a list, which takes memory by itself.
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

std::uint64_t big_endian(std::uint64_t value) {
    return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

// address: at most kLongest bytes.
AddressNumber address_number(std::string_view address) {
    AddressNumber number;
    std::memcpy(&number.high, address.data(), std::min(address.size(), sizeof number.high));
    if (address.size() > sizeof number.high)
        std::memcpy(&number.low, address.data() + sizeof number.high, address.size() - sizeof number.high);
    return {big_endian(number.high), big_endian(number.low)};
}

// Tells whether the addresses, which stand one behind the other, have these sizes.
bool have_sizes(std::string_view addresses, std::string_view sizes) {
    std::size_t bytes = 0;
    for (const char size : sizes) {
        if (static_cast<unsigned char>(size) > kLongest) return false;
        bytes += static_cast<std::size_t>(size);
    }
    return bytes == addresses.size();
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
    if (!fields.at_end() || !have_sizes(addresses, sizes)) return std::nullopt;
    return BlockDictionary(addresses, sizes);
}

bool BlockDictionary::has_address(const KeyRange& range) const {
    const AddressNumber first = address_number(range.first);
    const AddressNumber last = address_number(range.last);
    std::size_t begin = 0;
    for (const char size_of_slot : sizes_) {
        const auto size = static_cast<std::size_t>(size_of_slot);
        const std::string_view slot = addresses_.substr(begin, size);
        begin += size;
        if (size != range.first.size()) continue;
        const AddressNumber address = address_number(slot);
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
