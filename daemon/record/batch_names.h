// The names of the addresses of one batch, beside its dictionary of addresses.
#pragma once

#include <cstddef>
#include <span>

#include "daemon/base/address.h"
#include "daemon/flows/server_names.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {

// Bytes of the names of a batch, with what tells whose they are. Names come from strangers; the addresses
// behind those that fill this have none.
inline constexpr std::size_t kNamesLimit = 192 * 1024;

// Puts what is known of these addresses, which are in the order of their slots, in place of the names that
// the batch has. They have what room the rest of the batch leaves, up to kNamesLimit, so that names make no
// batch longer than a reader takes (proto::kBatchFrameLimit). Call it last.
void put_names(std::span<const base::Address> addresses, const flows::ServerNames& names, wire::Batch& batch);

}  // namespace packetsentry::record
