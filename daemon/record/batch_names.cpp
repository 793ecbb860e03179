#include "daemon/record/batch_names.h"

#include <algorithm>
#include <cstdint>

#include "proto/link/channel.h"
#include "proto/rows/batch_names.h"

namespace packetsentry::record {
namespace {

constexpr std::size_t kMacBytes = 6;
constexpr std::size_t kBytesBeside = 6;  // a name has at most: its slot, its length and its source
// What a frame has beside its batch, and the keys and lengths of the fields with the names.
constexpr std::size_t kRoomBeside = 16 * 1024;
static_assert(flows::NamePool::kLongest <= proto::kBatchNameLimit);

wire::NameSource wire_source(flows::NameSource source) {
    switch (source) {
        case flows::NameSource::tls:
            return wire::NAME_SOURCE_TLS;
        case flows::NameSource::http:
            return wire::NAME_SOURCE_HTTP;
        case flows::NameSource::dns:
            break;
    }
    return wire::NAME_SOURCE_DNS;
}

std::size_t room_for_names(const wire::Batch& batch) {
    const std::size_t taken = batch.ByteSizeLong() + kRoomBeside;
    return taken < proto::kBatchFrameLimit ? std::min(proto::kBatchFrameLimit - taken, kNamesLimit) : 0;
}

}  // namespace

void put_names(std::span<const base::Address> addresses, const flows::ServerNames& names,
               wire::Batch& batch) {
    batch.clear_named();
    batch.clear_name();
    batch.clear_name_size();
    batch.clear_name_source();
    if (!names.any()) return;
    std::size_t left = room_for_names(batch);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (addresses[i].size == kMacBytes) continue;
        const auto [name, source] = names.find(addresses[i]);
        if (name.empty()) continue;
        if (left < name.size() + kBytesBeside) return;
        left -= name.size() + kBytesBeside;
        batch.add_named(static_cast<std::uint32_t>(i + 1));
        batch.mutable_name()->append(name);
        batch.add_name_size(static_cast<std::uint32_t>(name.size()));
        batch.mutable_name_source()->push_back(static_cast<char>(wire_source(source)));
    }
}

}  // namespace packetsentry::record
