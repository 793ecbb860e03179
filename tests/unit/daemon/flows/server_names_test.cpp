#include "daemon/flows/server_names.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_table.h"
#include "tests/support/dns_answer.h"
#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {
namespace {

// What each flow is called, by the port of its client.
class Called : public FlowSink {
  public:
    void flow(const Flow& flow, FlowReason) override {
        const std::uint16_t port =
            flow.originator() == kServer ? flow.responder().port : flow.originator().port;
        std::string& text = names[port];
        for (std::size_t i = 0; flow.names() != nullptr && i < flow.names()->size(); ++i) {
            text += text.empty() ? "" : " ";
            text +=
                std::string(to_string(flow.names()->source(i))) + ":" + std::string(flow.names()->text(i));
        }
        if (flow.lacks_names()) text += " and more";
    }
    std::map<std::uint16_t, std::string> names;
};

class NamesOfServers : public testing::Test {
  protected:
    void learn(const test::DnsAnswer& answer) {
        const test::Bytes frame = answer.frame();
        dissect::dissect(frame, frame.size(), 1, *dissection);
        table.learn_names(*dissection);
    }
    void learn(std::string_view name) {
        learn(test::DnsAnswer(name).record(name, test::kDnsA, test::hex("C6336407")));  // kServer's
    }
    void ask(std::uint16_t port, CalledName called = {}) {
        FlowPacket made = packet(tuple(IPPROTO_UDP, {kClient.address, port}, kServer), 10);
        made.called = called;
        (void)table.take(made, 0);
    }
    void answer(std::uint16_t port, CalledName called) {
        FlowPacket made = packet(tuple(IPPROTO_UDP, kServer, {kClient.address, port}), 10);
        made.called = called;
        (void)table.take(made, 0);
    }
    [[nodiscard]] std::string known(const base::Address& address) const {
        const auto [name, source] = table.names().find(address);
        return name.empty() ? "" : std::string(to_string(source)) + ":" + std::string(name);
    }
    std::string named(std::uint16_t port) {
        table.finish();
        return shown.names[port];
    }

    Called shown;
    FlowTable table{{}, {}, 99, shown};
    std::unique_ptr<dissect::Dissection> dissection = std::make_unique<dissect::Dissection>();
};

TEST_F(NamesOfServers, AreThoseOfTheConversationThenThatOfDns) {
    learn("WWW.example");
    ask(1000);
    ask(1000, {NameSource::http, "Shop.Example"});
    ask(1000, {NameSource::tls, "www.example"});
    ask(1000, {NameSource::http, "shop.example."});
    EXPECT_EQ(named(1000), "http:shop.example tls:www.example dns:www.example");
}

TEST_F(NamesOfServers, AreWhatDnsHadSaidWhenTheConversationBegan) {
    ask(1000);
    learn("old.example");
    ask(1001);
    learn("new.example");
    for (std::uint16_t port = 1000; port <= 1002; ++port) ask(port);
    EXPECT_EQ(named(1000), "") << "it began before anybody had asked";
    EXPECT_EQ(named(1001), "dns:old.example");
    EXPECT_EQ(named(1002), "dns:new.example");
}

TEST_F(NamesOfServers, AreTheNamesThatWereAskedFor) {
    learn(test::DnsAnswer("www.example")
              .alias("www.example", "edge.example")
              .record("edge.example", test::kDnsA, test::hex("C6336407")));
    ask(1000);
    EXPECT_EQ(named(1000), "dns:www.example");
}

TEST_F(NamesOfServers, AreWhatTheClientSays) {
    ask(1000);
    answer(1000, {NameSource::http, "client.example"});
    ask(1000, {NameSource::http, "192.0.2.1"});
    ask(1000, {NameSource::tls, ""});
    EXPECT_EQ(named(1000), "");
}

// A conversation whose first packet was an answer is found to be the other way round later.
TEST_F(NamesOfServers, FollowTheResponder) {
    learn("server.example");
    learn(test::DnsAnswer("client.example").record("client.example", test::kDnsA, test::hex("C0000201")));
    (void)table.take(tcp_packet(false, segment("SA", 50, 8)), 0);
    FlowPacket request = tcp_packet(true, segment("A", 8, 51, 20));
    request.called = {NameSource::http, "shop.example"};
    (void)table.take(request, 0);
    EXPECT_EQ(named(kClient.port), "http:shop.example dns:server.example");
}

TEST_F(NamesOfServers, AreFew) {
    learn("dns.example");
    for (const char* const name : {"a", "b", "c", "d", "e"}) ask(1000, {NameSource::http, name});
    ask(1001, {NameSource::http, std::string_view("one").substr(0, 3)});
    EXPECT_EQ(named(1000), "http:a http:b http:c http:d and more");
    EXPECT_EQ(named(1001), "http:one dns:dns.example");
}

// Addresses are shown with these names wherever they are.
TEST_F(NamesOfServers, AreNamesOfAddressesOfWhichThatOfDnsIsShown) {
    EXPECT_FALSE(table.names().any());
    EXPECT_EQ(known(kServer.address), "");
    ask(1000, {NameSource::tls, "Shop.Example"});
    EXPECT_TRUE(table.names().any());
    EXPECT_EQ(known(kServer.address), "tls:shop.example");
    ask(1001, {NameSource::http, "www.example"});
    EXPECT_EQ(known(kServer.address), "http:www.example") << "the client that has called it last";
    learn("dns.example");
    EXPECT_EQ(known(kServer.address), "dns:dns.example");
    ask(1000, {NameSource::tls, "shop.example"});
    EXPECT_EQ(known(kServer.address), "dns:dns.example");
    EXPECT_EQ(known(kClient.address), "");
    ask(1002);
    EXPECT_EQ(named(1002), "dns:dns.example") << "a flow has no names by which others call the server";
}

// An answer that calls somebody by a name calls its destination, which is the client.
TEST_F(NamesOfServers, AreNoNamesOfAddressesIfOnlyTheServerSaysThem) {
    ask(1000);
    answer(1000, {NameSource::http, "client.example"});
    EXPECT_EQ(known(kClient.address), "");
    EXPECT_FALSE(table.names().any());
}

// Clients that call as many servers as they like do not displace what DNS has said.
TEST(NamesOfFlows, OfDnsStayHoweverManyNamesClientsSay) {
    ServerNames names(1024 * 1024, 7);
    const auto dissection = std::make_unique<dissect::Dissection>();
    const test::Bytes frame =
        test::DnsAnswer("dns.example").record("dns.example", test::kDnsA, test::hex("C6336407")).frame();
    dissect::dissect(frame, frame.size(), 1, *dissection);
    names.learn(*dissection);
    FlowPacket called = packet(tuple(IPPROTO_UDP, kClient, kServer), 10);
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        called.tuple.destination.address = base::Address::from(std::as_bytes(std::span(&i, 1)));
        Flow flow(called, false);
        const std::string name = std::to_string(i) + ".example";
        names.prepare({NameSource::tls, name});
        names.call(flow, NameSource::tls);
    }
    EXPECT_EQ(names.find(kServer.address).name, "dns.example");
    EXPECT_EQ(names.find(called.tuple.destination.address).name, "99999.example");
    EXPECT_LE(names.bytes(), 1024 * 1024 / 8 + NamePool::bytes_of(11));
}

// Conversations that keep the memory for names full leave their part to DNS.
TEST(NamesOfFlows, OfDnsHaveRoomWhateverConversationsKeep) {
    constexpr std::size_t kRoom = 256 * 1024;
    ServerNames names(kRoom, 7);
    FlowPacket called = packet(tuple(IPPROTO_UDP, kClient, kServer), 10);
    std::vector<Flow> flows;
    for (int i = 0; flows.empty() || !flows.back().lacks_names(); ++i) {
        flows.emplace_back(called, false);
        const std::string name = std::to_string(i) + std::string(200, 'x');
        names.prepare({NameSource::tls, name});
        names.call(flows.back(), NameSource::tls);
        ASSERT_LT(flows.size(), 10'000U);
    }
    EXPECT_EQ(names.find(kServer.address).source, NameSource::tls);
    const auto dissection = std::make_unique<dissect::Dissection>();
    for (const char* const name : {"one.example", "two.example"}) {
        const test::Bytes frame =
            test::DnsAnswer(name).record(name, test::kDnsA, test::hex("C6336407")).frame();
        dissect::dissect(frame, frame.size(), 1, *dissection);
        names.learn(*dissection);
        EXPECT_EQ(names.find(kServer.address).name, name);
    }
}

// Conversations that began with names of DNS keep these, even the part that is left to DNS.
TEST(NamesOfFlows, AreNotThoseOfClientsWhereDnsHasNoRoom) {
    constexpr std::size_t kRoom = 64 * 1024;
    ServerNames names(kRoom, 7);
    const auto dissection = std::make_unique<dissect::Dissection>();
    const auto learn = [&](const std::string& name) {
        const test::Bytes frame =
            test::DnsAnswer(name).record(name, test::kDnsA, test::hex("C6336407")).frame();
        dissect::dissect(frame, frame.size(), 1, *dissection);
        names.learn(*dissection);
    };
    const FlowPacket called = packet(tuple(IPPROTO_UDP, kClient, kServer), 10);
    std::vector<Flow> flows;
    flows.emplace_back(called, false);
    names.prepare({NameSource::tls, "client.example"});
    names.call(flows.back(), NameSource::tls);
    EXPECT_EQ(names.find(kServer.address).name, "client.example");
    for (int i = 0; i < 10'000 && !names.find(kServer.address).name.empty(); ++i) {
        learn(std::to_string(i) + ".example");
        flows.emplace_back(called, false);
        names.begin(flows.back());
    }
    EXPECT_EQ(names.find(kServer.address).name, "") << "neither an old one, nor that of the client";
    EXPECT_LE(names.bytes(), kRoom);
}

// Whoever was named longest ago is still forgotten first.
TEST_F(NamesOfServers, PassOnToAnotherTable) {
    learn("www.example");
    learn(test::DnsAnswer("old.example").record("old.example", test::kDnsA, test::hex("C0000201")));
    learn("www.example");
    const FlowEnd called{base::parse_ip("192.0.2.77").value(), 80};
    FlowPacket request = packet(tuple(IPPROTO_UDP, {kClient.address, 7}, called), 10);
    request.called = {NameSource::http, "called.example"};
    (void)table.take(request, 0);
    std::string passed;
    EXPECT_FALSE(table.give_names_away(passed, 1)) << "one at a time";
    EXPECT_FALSE(table.give_names_away(passed, passed.size() + 1)) << "those of clients come last";
    EXPECT_TRUE(table.give_names_away(passed, passed.size() + 1));
    Called told;
    FlowTable second({}, {}, 100, told);
    ASSERT_TRUE(second.adopt_names(passed));
    (void)second.take(packet(tuple(IPPROTO_UDP, kClient, kServer), 10), 0);
    std::string again;
    EXPECT_EQ(second.names().find(kServer.address).name, "www.example");
    EXPECT_EQ(second.names().find(kServer.address).source, NameSource::dns);
    EXPECT_EQ(second.names().find(called.address).source, NameSource::http);
    EXPECT_TRUE(second.give_names_away(again, 1000));
    EXPECT_EQ(again, passed);
    EXPECT_FALSE(second.names().any());
    second.finish();
    EXPECT_EQ(told.names[kClient.port], "dns:www.example");
    ask(1000);
    EXPECT_EQ(named(1000), "") << "the first table has forgotten it";
}

// The worker that has passed them on may be an attacker's.
TEST(NamesOfFlows, ThatAreDamagedHarmNobody) {
    ServerNames first(100'000, 7);
    const auto dissection = std::make_unique<dissect::Dissection>();
    for (const char* const name : {"one.example", "two.example"}) {
        const char* const address = *name == 'o' ? "C0000201" : "C0000202";
        const test::Bytes frame = test::DnsAnswer(name).record(name, test::kDnsA, test::hex(address)).frame();
        dissect::dissect(frame, frame.size(), 1, *dissection);
        first.learn(*dissection);
    }
    Flow flow(packet(tuple(IPPROTO_UDP, kClient, kServer), 10), false);
    first.prepare({NameSource::http, "called.example"});
    first.call(flow, NameSource::http);
    std::string passed;
    ASSERT_TRUE(first.give_away(passed, 1000));
    EXPECT_LE(passed.size(), 3 * ServerNames::kMostPassed);
    int whole = 0;
    for (std::size_t size = 0; size <= passed.size(); ++size)
        whole += ServerNames(100'000, 8).adopt(std::string_view(passed).substr(0, size)) ? 1 : 0;
    EXPECT_EQ(whole, 4) << "none, one, two, or all";
    // The word for the source is behind the address, of which the first byte is the size.
    constexpr std::size_t kSource = 1 + 16;
    ASSERT_EQ(passed[0], 4);
    std::string unknown = passed;
    unknown[kSource] = static_cast<char>(static_cast<int>(NameSource::dns) + 1);
    EXPECT_FALSE(ServerNames(100'000, 8).adopt(unknown));
    for (std::size_t at = 0; at < passed.size(); ++at) {
        for (const char other : {'\0', '\x1b', '\x7f', '\xff'}) {
            std::string damaged = passed;
            damaged[at] = other;
            ServerNames second(100'000, 8);
            (void)second.adopt(damaged);
            std::string again;
            ASSERT_TRUE(second.give_away(again, 1000));
            EXPECT_LE(again.size(), damaged.size());
            EXPECT_TRUE(ServerNames(100'000, 9).adopt(again)) << at;
        }
    }
    ServerNames unwanted(0, 8);
    EXPECT_TRUE(unwanted.adopt(passed));
    EXPECT_EQ(unwanted.bytes(), 0U);
}

TEST(NamesOfFlows, AreNotStoredWhereNobodyWantsThem) {
    Called shown;
    FlowTable table({.name_bytes = 0}, {}, 99, shown);
    FlowPacket made = packet(tuple(IPPROTO_UDP, kClient, kServer), 10);
    made.called = {NameSource::http, "shop.example"};
    (void)table.take(made, 0);
    table.finish();
    EXPECT_EQ(shown.names[kClient.port], "");
}

// Conversations that call their server by a name of their own, and answers that name another one each: by the
// hundred thousand.
TEST(NamesOfFlows, AreBounded) {
    constexpr std::size_t kRoom = 256 * 1024;
    ServerNames names(kRoom, 7);
    std::vector<Flow> flows;
    const auto dissection = std::make_unique<dissect::Dissection>();
    for (int i = 0; i < 100'000; ++i) {
        const std::string name = std::to_string(i) + ".example";
        if (flows.size() < 10'000) {
            flows.emplace_back(packet(tuple(IPPROTO_UDP, kClient, kServer), 10), false);
            names.prepare({NameSource::http, name});
            names.call(flows.back(), NameSource::http);
        }
        if (i % 10 == 0) {
            const auto number = static_cast<std::uint32_t>(i);
            const test::Bytes frame = test::DnsAnswer("dns." + name)
                                          .record("dns." + name, test::kDnsA, test::big_endian(number, 4))
                                          .frame();
            dissect::dissect(frame, frame.size(), 1, *dissection);
            names.learn(*dissection);
        }
        ASSERT_LE(names.bytes(), kRoom);
    }
    EXPECT_GE(names.bytes(), kRoom - 300);
    EXPECT_NE(flows.front().names(), nullptr);
    EXPECT_EQ(flows.back().names(), nullptr);
    EXPECT_TRUE(flows.back().lacks_names());
    flows.clear();
    EXPECT_LE(names.bytes(), kRoom / 4 + NamePool::bytes_of(20))
        << "names of addresses have a part of the room";
}

}  // namespace
}  // namespace packetsentry::flows
