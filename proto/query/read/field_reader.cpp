#include "proto/query/read/field_reader.h"

#include <algorithm>

#include "proto/query/layer_names.h"
#include "proto/query/read/packet_order.h"
#include "proto/query/word_list.h"

namespace packetsentry::query {
namespace {

std::uint32_t count_in(std::string_view chain, std::string_view layer) {
    if (layer == kFrameLayer) return 1;
    std::uint32_t count = 0;
    any_word(chain, ':', [&](std::string_view one) {
        count += one == layer ? 1 : 0;
        return false;
    });
    return count;
}

// The two paths of the interface's name share one column; a name that stands for both has its value once.
bool is_same_column(const Source& one, const Source& other) {
    const DenseValue read = dense_value(*one.info);
    return read != nullptr && read == dense_value(*other.info) &&
           one.restriction.kind == other.restriction.kind;
}

}  // namespace

FieldReader::FieldReader(const Reference& field, NamedValues named) : layer_(field.layer) {
    std::vector<Source> sources = field.sources;
    put_in_packet_order(sources);
    sources.erase(std::ranges::unique(sources, is_same_column).begin(), sources.end());
    for (const Source& source : sources) sources_.emplace_back(field, source, named);
}

void FieldReader::bind(const proto::BatchView& view, const BatchOrigin& origin) {
    view_ = &view;
    for (SourceReader& source : sources_) source.bind({&view, origin});
    if (!layer_.empty()) count_layers(view);
}

void FieldReader::count_layers(const proto::BatchView& view) {
    layers_in_chain_.clear();
    for (std::uint32_t i = 0; i < view.layers_count(); ++i)
        layers_in_chain_.push_back(count_in(view.layers(i), layer_));
}

std::span<const FieldValue> FieldReader::values(std::uint32_t row) {
    values_.clear();
    if (!layer_.empty())
        values_.assign(layers_in_chain_[view_->layers_index(row)], FieldValue::of_text(layer_));
    for (SourceReader& source : sources_) source.add(row, values_);
    return values_;
}

}  // namespace packetsentry::query
