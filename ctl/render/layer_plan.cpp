#include "ctl/render/layer_plan.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "ctl/render/escape.h"
#include "ctl/render/layer_titles.h"
#include "proto/query/layer_names.h"
#include "proto/query/word_list.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kOwnPrefix = "packetsentry.";
constexpr std::string_view kInnerPrefix = "packetsentry.inner.";
constexpr std::string_view kOwnTitle = "PacketSentry";

// The rows of these tables have no layers, but one list of fields.
struct TableTitle {
    wire::Table table;
    std::string_view title;
};
constexpr TableTitle kTableTitles[] = {{wire::TABLE_FLOWS, "Conversation"},
                                       {wire::TABLE_DNS, "Question"},
                                       {wire::TABLE_HTTP, "Request"},
                                       {wire::TABLE_TLS, "Handshake"}};
// A name that says what lies between two headers. The header before it has the number itself.
constexpr std::string_view kBetweenHeaders = "ethertype";
constexpr std::array<std::string_view, 2> kNoNews = {"ecs.version", "packetsentry.summary"};

// Fields of these families are those of these layers too.
struct Family {
    std::string_view name;
    std::string_view layers;  // separated by blanks
};
constexpr Family kFamilies[] = {
    {"dns", "dns mdns llmnr"},   {"http", "http ssdp"}, {"tls", "tls quic"},
    {"vlan", "vlan ieee8021ad"}, {"quic", "quic"},      {"sll", "sll"},
    {"wireguard", "wg"},         {"nvgre", "gre"},      {"ieee8021ad", "ieee8021ad"}};

// Lists that have one value for each layer of a kind, outermost first.
constexpr std::array<std::string_view, 9> kOneForEachLayer = {
    "packetsentry.geneve.id",    "packetsentry.gtp.teid",      "packetsentry.l2tp.session",
    "packetsentry.mpls.label",   "packetsentry.nvgre.id",      "packetsentry.pbb.id",
    "packetsentry.vlan.between", "packetsentry.vlan.priority", "packetsentry.vxlan.id"};

// The Wireshark names of these are each of a part of the values.
constexpr std::array<std::string_view, 5> kByPath = {
    "dns.answers.data", "dns.resolved_ip", "packetsentry.dns.additional_ip",
    "packetsentry.dns.additionals.data", "packetsentry.dns.authorities.data"};

// The values belong to the innermost layer that may have them.
constexpr std::array<std::string_view, 1> kOfTheInnermost = {"network.inner.vlan.id"};

template <typename Names>
bool is_among(const Names& names, std::string_view name) {
    return std::ranges::find(names, name) != std::ranges::end(names);
}

// "ip" for "ip.src".
std::string_view first_part(std::string_view name) {
    return name.substr(0, name.find('.'));
}

bool is_of_family(std::string_view layer, std::string_view family) {
    const auto* const row = std::ranges::find(kFamilies, family, &Family::name);
    if (row != std::ranges::end(kFamilies)) return query::has_word(row->layers, layer);
    return layer == family;
}

struct Home {
    std::size_t layer;
    std::string_view name;
};

class Planner {
  public:
    explicit Planner(std::string_view chain) {
        layers_.push_back(query::kFrameLayer);
        query::any_word(chain, ':', [this](std::string_view layer) {
            if (!layer.empty() && layer != kBetweenHeaders) layers_.push_back(layer);
            return false;
        });
        for (const std::string_view layer : layers_) {
            const std::string_view title = layer_title(layer);
            plan_.push_back({.title = title.empty() ? escaped(layer) : std::string(title)});
        }
        plan_.push_back({.title = std::string(kOwnTitle)});
    }

    std::vector<PlannedLayer> plan() && {
        for (const rows::FieldInfo* const info : in_order())
            if (!is_among(kNoNews, info->path)) add(*info);
        return std::move(plan_);
    }

    // By their numbers, which keep related fields together, with what opens a layer first: the packet's
    // place, and what is asked before what is answered.
    static std::vector<const rows::FieldInfo*> in_order() {
        std::vector<const rows::FieldInfo*> fields;
        for (const rows::FieldInfo& info : rows::kFields) fields.push_back(&info);
        const auto rank = [](const rows::FieldInfo* info) {
            if (info == &rows::field("packetsentry.number")) return 0;
            const bool answer = info->path.starts_with("dns.answers.");
            const int group = answer ? rows::field("dns.resolved_ip").number - 1 : info->number;
            return 1000 * group + info->number;
        };
        std::ranges::sort(fields, {}, rank);
        return fields;
    }

  private:
    void add(const rows::FieldInfo& info) {
        const Home home = home_of(info);
        if (!is_among(kOneForEachLayer, info.path) || home.layer == own()) {
            plan_[home.layer].fields.push_back({.info = &info, .name = home.name});
            return;
        }
        add_to_each(info, home);
    }

    void add_to_each(const rows::FieldInfo& info, const Home& home) {
        std::vector<std::size_t> homes;
        for (std::size_t i = home.layer; i < layers_.size(); ++i)
            if (is_of_family(layers_[i], first_part(home.name)) || i == home.layer) homes.push_back(i);
        // The outermost tag has a field of its own.
        if (info.path == "packetsentry.vlan.between" && homes.size() > 1) homes.erase(homes.begin());
        for (std::size_t i = 0; i < homes.size(); ++i) {
            PlannedField field{.info = &info, .name = home.name, .first = i, .last = i};
            if (i + 1 == homes.size()) field.last = PlannedField{}.last;
            plan_[homes[i]].fields.push_back(field);
        }
    }

    // By the first Wireshark name that a layer has: of all names that some layer has, by that of the
    // outermost such layer, and inside of a tunnel of the innermost.
    Home home_of(const rows::FieldInfo& info) const {
        const bool innermost = info.path.starts_with(kInnerPrefix) || is_among(kOfTheInnermost, info.path);
        std::optional<Home> home;
        query::any_word(info.wireshark, ' ', [&](std::string_view name) {
            const auto layer = find_layer(first_part(name), innermost);
            const bool better = layer && (!home || (innermost ? *layer > home->layer : *layer < home->layer));
            if (better) home = {.layer = *layer, .name = name};
            return false;
        });
        if (!home) return home_by_path(info);
        if (is_among(kByPath, info.path)) home->name = info.path;
        return *home;
    }

    // What Wireshark has no name for, or what is in a layer that Wireshark calls otherwise.
    Home home_by_path(const rows::FieldInfo& info) const {
        std::string_view path = info.path;
        if (path.starts_with(kOwnPrefix)) path.remove_prefix(kOwnPrefix.size());
        if (const auto layer = find_layer(first_part(path), false))
            return {.layer = *layer, .name = info.path};
        const bool link_address = info.path.ends_with(".mac") && layers_.size() > 1;
        return {.layer = link_address ? link_layer() : own(), .name = info.path};
    }

    std::optional<std::size_t> find_layer(std::string_view family, bool innermost) const {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < layers_.size() && (!found || innermost); ++i)
            if (is_of_family(layers_[i], family)) found = i;
        return found;
    }

    // Behind what the capturing machine put before the frame.
    std::size_t link_layer() const {
        constexpr std::array<std::string_view, 3> kBefore = {"radiotap", "ppi", "wlan_radio"};
        std::size_t layer = 1;
        while (layer + 1 < layers_.size() && is_among(kBefore, layers_[layer])) ++layer;
        return layer;
    }

    std::size_t own() const { return layers_.size(); }

    std::vector<std::string_view> layers_;
    std::vector<PlannedLayer> plan_;
};

}  // namespace

std::vector<PlannedLayer> plan_layers(std::string_view chain) {
    return Planner(chain).plan();
}

std::vector<PlannedLayer> plan_table(wire::Table table) {
    const auto* const row = std::ranges::find(kTableTitles, table, &TableTitle::table);
    PlannedLayer layer{.title = std::string(row == std::ranges::end(kTableTitles) ? kOwnTitle : row->title)};
    for (const rows::FieldInfo* const info : Planner::in_order())
        if (info->is_of(table) && !is_among(kNoNews, info->path))
            layer.fields.push_back({.info = info, .name = info->path});
    return {std::move(layer)};
}

}  // namespace packetsentry::ctl::render
