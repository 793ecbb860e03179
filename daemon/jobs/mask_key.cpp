#include "daemon/jobs/mask_key.h"

#include "daemon/base/state_file.h"
#include "proto/mask_key.h"

namespace packetsentry::jobs {

base::Result<std::string> MaskKey::get() {
    if (key_.empty())
        if (auto loaded = load(); !loaded) return std::unexpected(loaded.error());
    if (key_.empty())
        if (auto made = make(); !made) return std::unexpected(made.error());
    return key_;
}

base::Result<void> MaskKey::load() {
    if (state_dir_.empty()) return {};
    auto bytes = base::read_file(path(), proto::kMaskKeySize);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return {};
    if ((*bytes)->size() != proto::kMaskKeySize)
        return base::fail(base::ErrorCode::file,
                          path() + " is no key for masking addresses; without it a new one is made");
    key_ = std::move(**bytes);
    return {};
}

// Kept before it is used: what was masked with it is masked alike after a restart.
base::Result<void> MaskKey::make() {
    auto made = proto::make_mask_key();
    if (!made) return std::unexpected(made.error());
    if (!state_dir_.empty())
        if (auto kept = base::replace_file(path(), *made); !kept) return kept;
    key_ = std::move(*made);
    return {};
}

}  // namespace packetsentry::jobs
