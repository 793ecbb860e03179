#include "daemon/log/event.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

namespace packetsentry::log {
namespace {

std::multiset<std::string> catalogued() {
    std::ifstream catalog(CATALOG);
    EXPECT_TRUE(catalog) << CATALOG;
    std::multiset<std::string> ids;
    for (std::string line; std::getline(catalog, line);)
        if (line.starts_with("-- ")) ids.insert(line.substr(3));
    return ids;
}

TEST(Event, EachHasItsStanzaInTheCatalogAndNoOtherHas) {
    std::multiset<std::string> ids;
    for (const Kind& kind : kinds()) ids.insert(std::string(kind.message_id));
    EXPECT_EQ(ids, catalogued());
}

TEST(Event, IdentitiesAreDifferentAndInLowerCaseHexadecimal) {
    std::set<std::string_view> ids;
    for (const Kind& kind : kinds()) {
        EXPECT_TRUE(ids.insert(kind.message_id).second) << kind.message_id;
        EXPECT_EQ(kind.message_id.find_first_not_of("0123456789abcdef"), std::string_view::npos);
        EXPECT_EQ(&kind_of(kind.event), &kind);
    }
}

}  // namespace
}  // namespace packetsentry::log
