#include "daemon/spool/search/block_dictionary.h"

#include <algorithm>
#include <bit>
#include <compare>
#include <cstring>

#include "daemon/spool/search/address_runs.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"
#include "proto/rows/message_fields.h"

namespace packetsentry::spool {
namespace {

using proto::MessageFields;

constexpr std::size_t kLongest = 16;  // bytes of an address

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

bool has_ipv4(const AddressRun& run, std::string_view address) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, address.data(), sizeof bits);
    bool found = false;
    for_each_ipv4(run, ~std::uint32_t{0}, bits, [&found](std::size_t) {
        found = true;
        return false;
    });
    return found;
}

// range: of addresses of the run's size.
bool has_address(const AddressRun& run, const KeyRange& range) {
    if (run.size == sizeof(std::uint32_t) && range.first == range.last) return has_ipv4(run, range.first);
    const AddressNumber first = address_number(range.first);
    const AddressNumber last = address_number(range.last);
    for (std::size_t i = 0; i < run.count(); ++i) {
        const AddressNumber address = address_number(run.address(i));
        if (address >= first && address <= last) return true;
    }
    return false;
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
    AddressRuns runs(addresses_, sizes_);
    for (AddressRun run; runs.next(run);)
        if (run.size == range.first.size() && spool::has_address(run, range)) return true;
    return false;
}

bool BlockDictionary::may_have(const IndexPlan& plan) const {
    return plan.answer(true, [this](const IndexLookup& lookup) {
        return !asks_for_address(lookup) || has_address(lookup.range);
    });
}

}  // namespace packetsentry::spool
