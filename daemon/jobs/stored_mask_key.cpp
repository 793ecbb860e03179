#include "daemon/jobs/stored_mask_key.h"

#include "proto/link/mask_key.h"

namespace packetsentry::jobs {
namespace {

constexpr const char* kMaskKeyFile = "mask-key";

}  // namespace

base::Result<std::string> MaskKey::get() {
    if (key_.empty())
        if (auto loaded = load(); !loaded) return std::unexpected(loaded.error());
    if (key_.empty())
        if (auto made = make(); !made) return std::unexpected(made.error());
    return key_;
}

base::Result<void> MaskKey::load() {
    auto bytes = directory_.read_file(kMaskKeyFile, proto::kMaskKeySize);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return {};
    if ((*bytes)->size() != proto::kMaskKeySize)
        return base::fail(base::ErrorCode::file,
                          directory_.path_of(kMaskKeyFile) +
                              " is not a key for masking addresses; remove it, and a new one is made");
    key_ = std::move(**bytes);
    return {};
}

// Kept before it is used: what was masked with it is masked alike after a restart.
base::Result<void> MaskKey::make() {
    auto made = proto::make_mask_key();
    if (!made) return std::unexpected(made.error());
    if (auto kept = directory_.replace_file(kMaskKeyFile, *made); !kept) return kept;
    key_ = std::move(*made);
    return {};
}

}  // namespace packetsentry::jobs
