#include "ctl/render/layer_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "ctl/render/layer_titles.h"
#include "proto/query/layer_names.h"

namespace packetsentry::ctl::render {
namespace {

using Titles = std::vector<std::string>;

Titles titles_of(const std::vector<PlannedLayer>& plan) {
    Titles titles;
    for (const PlannedLayer& layer : plan) titles.push_back(layer.title);
    return titles;
}

// "2 ip.src": the layer's place in the plan, and the name there.
std::string home_in(const std::vector<PlannedLayer>& plan, std::string_view path) {
    std::string homes;
    for (std::size_t i = 0; i < plan.size(); ++i)
        for (const PlannedField& field : plan[i].fields)
            if (field.info->path == path)
                homes += (homes.empty() ? "" : ", ") + std::to_string(i) + " " + std::string(field.name);
    return homes;
}

TEST(LayerTitles, EachProtocolOfTheFilterLanguageHasOne) {
    for (const query::LayerName& layer : query::layer_names())
        EXPECT_FALSE(layer_title(layer.name).empty()) << layer.name;
    EXPECT_EQ(layer_title("eth"), "Ethernet");
    EXPECT_EQ(layer_title("ip"), "IPv4");
    EXPECT_EQ(layer_title("nonsense"), "");
}

TEST(LayerPlan, HasTheLayersInTheirOrder) {
    EXPECT_EQ(titles_of(plan_layers("eth:ethertype:ip:udp:dns")),
              (Titles{"Frame", "Ethernet", "IPv4", "UDP", "DNS", "PacketSentry"}));
    EXPECT_EQ(titles_of(plan_layers("raw:ip:sigcomp\x1b[2J")),
              (Titles{"Frame", "Raw IP", "IPv4", "sigcomp\\x1B[2J", "PacketSentry"}));
    EXPECT_EQ(titles_of(plan_layers("")), (Titles{"Frame", "PacketSentry"}));
}

TEST(LayerPlan, EachFieldHasOnePlace) {
    const std::set<std::string_view> no_news = {"ecs.version", "packetsentry.summary"};
    for (const char* chain : {"", "eth:ethertype:ip:tcp:http", "eth:ethertype:arp", "ipv6:udp:dns",
                              "eth:ethertype:ip:udp:vxlan:eth:ethertype:ipv6:tcp:tls"}) {
        std::map<std::string_view, int> places;
        for (const PlannedLayer& layer : plan_layers(chain))
            for (const PlannedField& field : layer.fields) ++places[field.info->path];
        for (const rows::FieldInfo& info : rows::kFields)
            EXPECT_EQ(places[info.path], no_news.contains(info.path) ? 0 : 1) << chain << " " << info.path;
    }
}

TEST(LayerPlan, AFieldIsCalledAsTheLayerCallsIt) {
    const auto four = plan_layers("eth:ethertype:ip:tcp:tls");
    EXPECT_EQ(home_in(four, "source.ip"), "2 ip.src");
    EXPECT_EQ(home_in(four, "packetsentry.ip.ttl"), "2 ip.ttl");
    EXPECT_EQ(home_in(four, "source.port"), "3 tcp.srcport");
    EXPECT_EQ(home_in(four, "packetsentry.tcp.sack_left"), "3 tcp.options.sack_le");
    EXPECT_EQ(home_in(four, "tls.version"), "4 tls.version");
    EXPECT_EQ(home_in(four, "@timestamp"), "0 frame.time");
    EXPECT_EQ(home_in(four, "event.sequence"), "5 event.sequence");
    EXPECT_EQ(home_in(four, "packetsentry.malformed"), "5 packetsentry.malformed");
    const auto six = plan_layers("eth:ethertype:ipv6:udp:mdns");
    EXPECT_EQ(home_in(six, "source.ip"), "2 ipv6.src");
    EXPECT_EQ(home_in(six, "packetsentry.ip.ttl"), "2 ipv6.hlim");
    EXPECT_EQ(home_in(six, "source.port"), "3 udp.srcport");
    EXPECT_EQ(home_in(six, "dns.question.name"), "4 dns.qry.name");
    EXPECT_EQ(home_in(six, "dns.answers.data"), "4 dns.answers.data");
    EXPECT_EQ(home_in(six, "packetsentry.dns.authorities.data"), "4 packetsentry.dns.authorities.data");
    EXPECT_EQ(home_in(plan_layers("eth:ethertype:arp"), "source.ip"), "2 arp.src.proto_ipv4");
    EXPECT_EQ(home_in(plan_layers("radiotap:wlan:llc:ip"), "source.mac"), "2 source.mac");
    EXPECT_EQ(home_in(plan_layers("eth:ethertype:ip:udp:ssdp"), "packetsentry.ssdp.usn"),
              "4 packetsentry.ssdp.usn");
}

TEST(LayerPlan, WhatIsInsideOfATunnelStandsBelowItsInnermostLayer) {
    const auto plan = plan_layers("eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:udp:dns");
    EXPECT_EQ(home_in(plan, "source.ip"), "2 ip.src");
    EXPECT_EQ(home_in(plan, "packetsentry.inner.source.ip"), "6 ip.src");
    EXPECT_EQ(home_in(plan, "packetsentry.inner.destination.port"), "7 udp.dstport");
    EXPECT_EQ(home_in(plan, "packetsentry.udp.length"), "3 udp.length");
}

TEST(LayerPlan, EachOfSeveralTagsShowsItsOwnValue) {
    const auto plan = plan_layers("eth:ethertype:ieee8021ad:vlan:vlan:ethertype:ip");
    EXPECT_EQ(home_in(plan, "network.vlan.id"), "2 vlan.id");
    EXPECT_EQ(home_in(plan, "network.inner.vlan.id"), "4 vlan.id");
    EXPECT_EQ(home_in(plan, "packetsentry.vlan.between"), "3 vlan.id, 4 vlan.id");
    const auto labels = plan_layers("eth:ethertype:mpls:mpls:ip");
    ASSERT_EQ(home_in(labels, "packetsentry.mpls.label"), "2 mpls.label, 3 mpls.label");
    const auto label_of = [](const PlannedLayer& layer) {
        return *std::ranges::find(layer.fields, "packetsentry.mpls.label",
                                  [](const PlannedField& field) { return field.info->path; });
    };
    EXPECT_EQ(label_of(labels[2]).first, 0U);
    EXPECT_EQ(label_of(labels[2]).last, 0U);
    EXPECT_EQ(label_of(labels[3]).first, 1U);
    EXPECT_GT(label_of(labels[3]).last, 1000U);
}

}  // namespace
}  // namespace packetsentry::ctl::render
