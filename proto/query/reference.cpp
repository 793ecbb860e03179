#include "proto/query/reference.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <optional>

#include "proto/query/aliases.h"
#include "proto/query/layer_names.h"
#include "proto/query/missing_names.h"
#include "proto/query/restrictions.h"
#include "proto/query/shown.h"
#include "proto/query/word_list.h"

namespace packetsentry::query {
namespace {

using rows::FieldInfo;
using rows::FieldKind;

constexpr std::string_view kCaselessPaths[] = {
    "dns.answers.data",
    "dns.answers.name",
    "dns.question.name",
    "packetsentry.dhcp.host_name",
    "packetsentry.dns.announced",
    "tls.client.server_name",
    "url.domain",
};

bool is_caseless(const Source& source) {
    return source.numbers != nullptr ||
           std::ranges::find(kCaselessPaths, source.info->path) != std::end(kCaselessPaths);
}

std::vector<Source> sources_of(std::string_view name) {
    if (const FieldInfo* const info = rows::find_field(name)) return {source_of(*info, {})};
    std::vector<Source> sources;
    for (const Alias& alias : aliases())
        if (alias.name == name)
            if (const FieldInfo* const info = rows::find_field(alias.path))
                sources.push_back(source_of(*info, name));
    for (const FieldInfo& info : rows::kFields)
        if (has_word(info.wireshark, name)) sources.push_back(source_of(info, name));
    return sources;
}

// A name that stands for addresses and for their texts asks the addresses.
void keep_one_kind(std::vector<Source>& sources) {
    const auto is_address = [](const Source& source) { return source.info->kind == FieldKind::address; };
    if (std::ranges::any_of(sources, is_address)) std::erase_if(sources, std::not_fn(is_address));
}

void apply_alias(Reference& reference, std::string_view name) {
    const auto found = std::ranges::find(aliases(), name, &Alias::name);
    if (found == aliases().end()) return;
    reference.reading = found->reading;
    reference.word = found->word;
    reference.mask = found->mask;
    if (reference.masked()) reference.shift = static_cast<unsigned>(std::countr_zero(found->mask));
}

bool is_plain(const Reference& reference) {
    const Source& source = reference.sources.front();
    return reference.sources.size() == 1 && reference.reading == Reference::Reading::plain &&
           !reference.masked() && source.restriction.kind == Restriction::Kind::none &&
           source.address_size == source_of(*source.info, {}).address_size &&
           source.numbers == rows::named_numbers(source.info->path);
}

std::string unknown_text(std::string_view name, const std::vector<std::string_view>& among) {
    if (std::string why = why_missing(name); !why.empty()) return why;
    std::string text = "there is no field " + shown(name);
    const auto near = nearest_names(name, among);
    if (near.empty()) return text + "; 'packetsentryctl fields' lists those that there are";
    text += near.size() == 1 ? "; near it is " : "; near it are ";
    for (std::size_t i = 0; i < near.size(); ++i) text.append(i == 0 ? "" : ", ").append(near[i]);
    return text;
}

// None: there is no such name.
std::optional<Reference> find_reference(std::string_view typed) {
    Reference reference;
    reference.typed = typed;
    if (const LayerName* const layer = find_layer(typed)) {
        reference.name = reference.layer = layer->name;
        reference.kind = FieldKind::flag;
        return reference;
    }
    const std::string name = current_name(typed);
    reference.sources = sources_of(name);
    if (reference.sources.empty()) return std::nullopt;
    keep_one_kind(reference.sources);
    const FieldInfo& first = *reference.sources.front().info;
    reference.kind = first.kind;
    reference.caseless = std::ranges::any_of(reference.sources, is_caseless);
    apply_alias(reference, name);
    reference.name = is_plain(reference) ? first.path : name;
    return reference;
}

// chosen: whether the names of a field are wanted.
template <typename Chosen>
std::vector<std::string_view> list_names(Chosen chosen) {
    std::vector<std::string_view> all;
    const auto add = [&all](std::string_view name) {
        all.push_back(name);
        return false;
    };
    for (const FieldInfo& info : rows::kFields) {
        if (!chosen(info)) continue;
        add(info.path);
        any_word(info.wireshark, ' ', add);
    }
    for (const Alias& alias : aliases())
        if (rows::find_field(alias.path) != nullptr) add(alias.name);
    for (const LayerName& layer : layer_names()) add(layer.name);
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

}  // namespace

bool Reference::named() const {
    return !sources.empty() &&
           std::ranges::all_of(sources, [](const Source& source) { return source.numbers != nullptr; });
}

bool is_name(std::string_view name) {
    return find_layer(name) != nullptr || !sources_of(current_name(name)).empty();
}

Result<Reference> resolve(std::string_view name, Place place) {
    auto reference = find_reference(name);
    if (!reference) return refuse(unknown_text(name, all_names()), place);
    if (reference->sources.empty()) return *std::move(reference);
    const FieldInfo& first = *reference->sources.front().info;
    if (const auto why = why_not_asked(first.path); !why.empty())
        return refuse(std::string(first.path) + " cannot be asked: " + std::string(why), place);
    return *std::move(reference);
}

Result<Reference> resolve_to_read(std::string_view name, Place place) {
    auto reference = find_reference(name);
    if (!reference) return refuse(unknown_text(name, names_to_read()), place);
    return *std::move(reference);
}

const std::vector<std::string_view>& all_names() {
    static const std::vector<std::string_view> names =
        list_names([](const FieldInfo& info) { return why_not_asked(info.path).empty(); });
    return names;
}

const std::vector<std::string_view>& names_to_read() {
    static const std::vector<std::string_view> names = list_names([](const FieldInfo&) { return true; });
    return names;
}

}  // namespace packetsentry::query
