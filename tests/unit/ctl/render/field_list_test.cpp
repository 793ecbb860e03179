#include "ctl/render/field_list.h"

#include <gtest/gtest.h>

#include "tests/unit/ctl/render/parsed_json.h"

namespace packetsentry::ctl::render {
namespace {

std::vector<std::string> paths_about(std::string_view word) {
    std::vector<std::string> paths;
    for (const rows::FieldInfo* const info : fields_about(word)) paths.emplace_back(info->path);
    return paths;
}

TEST(Fields, AllWithoutAWord) {
    EXPECT_EQ(fields_about("").size(), std::size(rows::kFields));
}

TEST(Fields, AreFoundByNameWiresharksNameAndMeaning) {
    EXPECT_EQ(paths_about("dns.question.name"), std::vector<std::string>{"dns.question.name"});
    EXPECT_EQ(paths_about("DNS.Question.Name"), std::vector<std::string>{"dns.question.name"});
    EXPECT_EQ(paths_about("dns.qry.name"), std::vector<std::string>{"dns.question.name"});
    EXPECT_EQ(paths_about("reference clock"), std::vector<std::string>{"packetsentry.ntp.stratum"});
    EXPECT_TRUE(paths_about("no such thing").empty());
}

TEST(Fields, OfOneTable) {
    EXPECT_TRUE(fields_about("flow.state", wire::TABLE_PACKETS).empty());
    EXPECT_EQ(fields_about("flow.state", wire::TABLE_FLOWS).size(), 1);
    EXPECT_TRUE(fields_about("flow.state", wire::TABLE_DNS).empty());
    EXPECT_EQ(fields_about("dns.question.name", wire::TABLE_DNS).size(), 1);
    EXPECT_TRUE(fields_about("dns.question.name", wire::TABLE_FLOWS).empty());
}

TEST(Fields, AsATable) {
    const auto found = fields_about("dns.qry.name");
    EXPECT_EQ(fields_table(found, true),
              "FIELD              KIND  MEANING                     IN WIRESHARK  EXAMPLE\n"
              "dns.question.name  text  The name that is asked for  dns.qry.name  "
              "dns.question.name contains \"example\"\n");
    EXPECT_EQ(fields_table(found, false),
              "dns.question.name  text  The name that is asked for  dns.qry.name  "
              "dns.question.name contains \"example\"\n");
    EXPECT_TRUE(fields_table(fields_about("dns.header_flags"), false).contains("  text, list  "));
    EXPECT_TRUE(fields_table(fields_about("flow.state"), false).contains("  text, of flows  "));
}

TEST(Fields, AsJson) {
    const auto json = parsed_json(field_json(rows::field("network.vlan.id")));
    EXPECT_EQ(text_at(json, "/path"), "network.vlan.id");
    EXPECT_EQ(text_at(json, "/kind"), "number");
    EXPECT_EQ(text_at(json, "/wireshark/0"), "vlan.id");
    EXPECT_EQ(text_at(json, "/example"), "network.vlan.id == 7");
    EXPECT_FALSE(parsed_json(field_json(rows::field("event.sequence"))).as_object().contains("example"));
    EXPECT_EQ(json.at("tables").as_array().size(), 1U);
    EXPECT_EQ(text_at(json, "/tables/0"), "packets");
    EXPECT_EQ(text_at(parsed_json(field_json(rows::field("source.ip"))), "/tables/1"), "flows");
    EXPECT_EQ(text_at(parsed_json(field_json(rows::field("source.bytes"))), "/tables/0"), "flows");
    EXPECT_TRUE(json.at("keyword").as_bool());
    EXPECT_FALSE(json.at("list").as_bool());
    EXPECT_FALSE(json.at("quiet").as_bool());
    EXPECT_TRUE(parsed_json(field_json(rows::field("packetsentry.layers"))).at("quiet").as_bool());
}

}  // namespace
}  // namespace packetsentry::ctl::render
