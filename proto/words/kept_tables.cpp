#include "proto/words/kept_tables.h"

#include <algorithm>
#include <string_view>

namespace packetsentry::proto {

std::vector<wire::Table> kept_tables(const wire::Keep& keep) {
    std::vector<wire::Table> tables;
    if (keeps_packet_rows(keep)) tables.push_back(wire::TABLE_PACKETS);
    for (const DerivedKeep& derived : kDerivedKeeps)
        if ((keep.*derived.has)()) tables.push_back(derived.table);
    return tables;
}

std::size_t derived_tables_of(const wire::Keep& keep) {
    return static_cast<std::size_t>(
        std::ranges::count_if(kDerivedKeeps, [&](const DerivedKeep& one) { return (keep.*one.has)(); }));
}

std::vector<wire::Retention> retentions_of(const wire::Keep& keep) {
    std::vector<wire::Retention> retentions;
    if (keep.has_packets()) retentions.push_back(keep.packets());
    if (keep.has_rows()) retentions.push_back(keep.rows());
    for (const DerivedKeep& derived : kDerivedKeeps)
        if ((keep.*derived.has)()) retentions.push_back((keep.*derived.retention)());
    return retentions;
}

std::string kept_words(const wire::Keep& keep) {
    std::vector<std::string_view> words;
    if (keep.has_packets()) words.emplace_back("packets");
    if (keeps_packet_rows(keep)) words.emplace_back("rows");
    for (const DerivedKeep& derived : kDerivedKeeps)
        if ((keep.*derived.has)()) words.push_back(many_of_table(derived.table));
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text.append(i == 0 ? "" : i + 1 == words.size() ? " and " : ", ").append(words[i]);
    return text;
}

}  // namespace packetsentry::proto
