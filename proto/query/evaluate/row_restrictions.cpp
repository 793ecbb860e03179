#include "proto/query/evaluate/row_restrictions.h"

#include <algorithm>

#include "proto/query/layer_chains.h"
#include "proto/query/layer_names.h"

namespace packetsentry::query {
namespace {

using Kind = Restriction::Kind;

void keep_equal(Mask mask, std::string_view column, std::uint8_t value) {
    for (std::size_t row = 0; row < mask.size(); ++row)
        mask[row] &= static_cast<std::uint8_t>(static_cast<std::uint8_t>(column[row]) == value);
}

// fits(chain) is asked for each chain once.
template <typename Fits>
void keep_chains(BoundBatch& batch, Mask mask, Fits fits) {
    const proto::BatchView& view = batch.view();
    std::vector<std::uint8_t> kept;
    for (std::uint32_t i = 0; i < view.layers_count(); ++i) kept.push_back(fits(view.layers(i)) ? 1 : 0);
    for (std::uint32_t row = 0; row < mask.size(); ++row) mask[row] &= kept[view.layers_index(row)];
}

void keep_direction(BoundBatch& batch, Mask mask, bool egress) {
    MaskPool::Lent sent = batch.lend_mask();
    if (const auto* const column = batch.column("network.direction", wire::Column::TEXT))
        for (std::size_t i = 0; i < column->values(); ++i)
            if (column->text(i) == "egress") sent.mask()[column->row(i)] = 1;
    for (std::size_t row = 0; row < mask.size(); ++row)
        mask[row] &= static_cast<std::uint8_t>((sent.mask()[row] != 0) == egress);
}

void keep_with_column(BoundBatch& batch, Mask mask, std::string_view path) {
    MaskPool::Lent has = batch.lend_mask();
    const auto kind = rows::column_kind(rows::find_field(path)->kind);
    if (const auto* const column = batch.column(path, kind))
        for (std::size_t i = 0; i < column->values(); ++i) has.mask()[column->row(i)] = 1;
    for (std::size_t row = 0; row < mask.size(); ++row) mask[row] &= has.mask()[row];
}

}  // namespace

bool restricts_rows(const Restriction& restriction) {
    return restriction.kind != Kind::none && restriction.kind != Kind::record_type;
}

void keep_rows(BoundBatch& batch, const Restriction& restriction, Mask mask) {
    if (mask.empty()) return;
    switch (restriction.kind) {
        case Kind::network:
            return keep_equal(mask, batch.view().fields().network, restriction.number);
        case Kind::transport:
            return keep_equal(mask, batch.view().fields().ip_protocol, restriction.number);
        case Kind::inner_transport:
            return keep_chains(batch, mask, [&](std::string_view chain) {
                return innermost_transport(chain) == restriction.name;
            });
        case Kind::layer:
            return keep_chains(batch, mask,
                               [&](std::string_view chain) { return has_layer(chain, restriction.name); });
        case Kind::without_layer:
            return keep_chains(batch, mask,
                               [&](std::string_view chain) { return !has_layer(chain, restriction.name); });
        case Kind::with_field:
            return keep_with_column(batch, mask, restriction.name);
        case Kind::egress:
            return keep_direction(batch, mask, true);
        case Kind::not_egress:
            return keep_direction(batch, mask, false);
        case Kind::none:
        case Kind::record_type:
            return;
    }
}

void mark_layer(BoundBatch& batch, std::string_view layer, Mask mask) {
    std::ranges::fill(mask, std::uint8_t{1});
    if (layer == kFrameLayer) return;
    keep_chains(batch, mask, [&](std::string_view chain) { return has_layer(chain, layer); });
}

}  // namespace packetsentry::query
