// The index as a whole: made from a rows file, and asked.
#include <map>
#include <random>
#include <set>

#include "daemon/spool/format/key_table.h"
#include "proto/flows/community_id.h"
#include "tests/unit/daemon/spool/format/opened_index.h"

namespace packetsentry::spool {
namespace {

using test::RowBuilder;

Opened three_hosts() {
    RowsFile file;
    file.add(one_row(
        {.source = "10.0.0.1", .destination = "10.0.1.2", .source_port = 80, .destination_port = 255}));
    file.add(one_row({.source = "10.0.0.1", .destination = "2001:db8::7", .source_port = 443}));
    file.add(one_row({.source = "192.0.2.9",
                      .source_mac = std::string("\2\0\0\0\0\1", 6),
                      .ip_protocol = 17,
                      .word = "DNS",
                      .name = "dns"}));
    return Opened(file.index());
}

TEST(Index, TellsTheBlocksOfAnAddress) {
    const Opened index = three_hosts();
    EXPECT_EQ(index.view().blocks(), 3U);
    EXPECT_EQ(index.view().all(), 0b111U);
    EXPECT_EQ(index.view().rules(), kKeyRules);
    EXPECT_EQ(index.address("10.0.0.1"), 0b011U);
    EXPECT_EQ(index.address("10.0.1.2"), 0b001U);
    EXPECT_EQ(index.address("192.0.2.9"), 0b100U);
    EXPECT_EQ(index.address("192.0.2.8"), 0U);
    EXPECT_EQ(index.address("2001:db8::7"), 0b010U);
    EXPECT_EQ(index.table(KeyKind::mac).exact(std::string_view("\2\0\0\0\0\1", 6)), 0b100U);
    EXPECT_TRUE(index.view().may_have(0b100, 2));
    EXPECT_FALSE(index.view().may_have(0b100, 1));
    EXPECT_FALSE(index.view().may_have(~BlockMask{0}, 3));
}

TEST(Index, TellsTheBlocksOfANetwork) {
    const Opened index = three_hosts();
    EXPECT_EQ(index.network("10.0.0.0", 24), 0b011U);
    EXPECT_EQ(index.network("10.0.1.0", 24), 0b001U);
    EXPECT_EQ(index.network("192.0.0.0", 16), 0b100U);
    EXPECT_EQ(index.network("0.0.0.0", 0), 0b111U);
    EXPECT_EQ(index.network("11.0.0.0", 8), 0U);
    EXPECT_EQ(index.network("2001:db8::", 32), 0b010U);
}

TEST(Index, TellsTheBlocksOfPorts) {
    const Opened index = three_hosts();
    EXPECT_EQ(index.table(KeyKind::port).exact(port_key(443)), 0b010U);
    EXPECT_EQ(index.table(KeyKind::port).range(port_range(80, 255)), 0b001U);
    EXPECT_EQ(index.table(KeyKind::port).range(port_range(256, 65535)), 0b010U);
    EXPECT_EQ(index.table(KeyKind::port).range(port_range(0, 65535)), 0b011U);
    EXPECT_EQ(index.table(KeyKind::port).range(port_range(100, 90)), 0U);
}

TEST(Index, TellsTheBlocksOfProtocols) {
    const Opened index = three_hosts();
    EXPECT_EQ(index.table(KeyKind::protocol).exact("dns"), 0b100U);
    EXPECT_EQ(index.table(KeyKind::protocol).exact("udp"), 0b100U);
    EXPECT_EQ(index.table(KeyKind::protocol).exact("eth"), 0b111U);
    EXPECT_EQ(index.table(KeyKind::protocol).exact("ipv6"), 0U);
    EXPECT_EQ(index.table(KeyKind::protocol).exact("et"), 0U);
}

TEST(Index, TellsTheBlocksOfNames) {
    RowsFile file;
    for (const char* name :
         {"www.example.org", "Mail.Example.Org", "example.org", "example.com", "w.example.orgx"})
        file.add(named(name));
    const Opened index(file.index());
    EXPECT_EQ(index.name("WWW.example.org"), 0b00001U);
    EXPECT_EQ(index.name("mail.example.org"), 0b00010U);
    EXPECT_EQ(index.name("ail.example.org"), 0U);
    EXPECT_EQ(index.table(KeyKind::name).prefix(name_key(".example.org")), 0b00011U);
    EXPECT_EQ(index.table(KeyKind::name).prefix(""), 0b11111U);
    EXPECT_EQ(index.like("*.example.ORG"), 0b00011U);
    EXPECT_EQ(index.like("*example.org"), 0b00111U);
    EXPECT_EQ(index.like("w*.example.*"), 0b10001U);
    EXPECT_EQ(index.like("example.???"), 0b01100U);
    EXPECT_EQ(index.like("example.org"), 0b00100U);
    EXPECT_EQ(index.like("*ample*"), 0b11111U);
    EXPECT_EQ(index.like(""), 0U);
}

TEST(Index, FindsNamesThatAreLongerThanAKey) {
    RowsFile file;
    const std::string name = "begin." + std::string(300, 'a') + ".example.org";
    file.add(named("example.com"));
    file.add(named(name));
    const Opened index(file.index());
    EXPECT_EQ(index.name(name), 0b10U);
    EXPECT_EQ(index.like(name), 0b10U);
    EXPECT_EQ(index.like("begin.*.example.org"), 0b10U);
    EXPECT_EQ(index.like("*example.com"), 0b01U);
}

TEST(Index, HasTheFieldsOfItsList) {
    for (const char* path :
         {"dns.answers.name", "packetsentry.dns.announced", "packetsentry.dns.authorities.name",
          "packetsentry.dns.additionals.name", "packetsentry.dhcp.host_name", "packetsentry.dhcp.client_fqdn",
          "packetsentry.dhcpv6.client_fqdn", "tls.client.server_name", "url.domain"}) {
        RowsFile file;
        RowBuilder rows = one_row({});
        rows.text(path, "x.example");
        file.add(rows);
        EXPECT_EQ(Opened(file.index()).name("x.example"), 1U) << path;
    }
    RowsFile file;
    RowBuilder rows = one_row({});
    rows.number("packetsentry.inner.source.port", 7)
        .number("packetsentry.inner.destination.port", 65'536 + 8)
        .address("dns.resolved_ip", "192.0.2.77")
        .text("packetsentry.detail", "other.example");
    file.add(rows);
    const Opened index(file.index());
    EXPECT_EQ(index.table(KeyKind::port).exact(port_key(7)), 1U);
    EXPECT_EQ(index.table(KeyKind::port).keys(), 1U);
    EXPECT_EQ(index.address("192.0.2.77"), 1U);
    EXPECT_EQ(index.name("other.example"), 0U);
}

// A row of a table that has a column of them.
RowBuilder with_community_id(std::string_view text) {
    RowBuilder rows = one_row({.source = "1.2.3.4", .destination = "5.6.7.8"});
    rows.text("network.community_id", text);
    return rows;
}

wire::Batch in_flows(const RowBuilder& rows) {
    wire::Batch batch = rows.batch();
    batch.set_table(wire::TABLE_FLOWS);
    batch.clear_first_place();
    return batch;
}

BlockMask blocks_of_id(const Opened& index, std::string_view id) {
    return index.table(KeyKind::community_id).exact(flows::bytes_of(flows::parse_community_id(id).value()));
}

TEST(Index, TellsTheBlocksOfACommunityId) {
    constexpr std::string_view kId = "1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0=";
    RowsFile file(wire::TABLE_FLOWS);
    file.add(in_flows(one_row({})));
    file.add(in_flows(with_community_id(kId)));
    const Opened index(file.index());
    EXPECT_EQ(index.table(KeyKind::community_id).keys(), 1U);
    EXPECT_EQ(blocks_of_id(index, kId), 0b10U);

    file.add(in_flows(with_community_id("of another version")));
    EXPECT_EQ(Opened(file.index()).view().part(KeyKind::community_id).bytes, 0U);
    EXPECT_EQ(Opened(file.index()).table(KeyKind::community_id).exact("x"), 0b111U);
}

TEST(Index, TellsTheBlocksOfAConversation) {
    const test::RowValues tcp{.source = "1.2.3.4",
                              .destination = "5.6.7.8",
                              .source_port = 1122,
                              .destination_port = 3344,
                              .ip_protocol = 6};
    RowsFile file;
    file.add(one_row(tcp));
    file.add(one_row({.arp = true}));
    RowBuilder rows = one_row({.source = "5.6.7.8", .destination = "1.2.3.4", .ip_protocol = 1});
    rows.number("packetsentry.icmp.type", 8);
    rows.row(tcp);
    file.add(rows);
    // What a row of packets says itself is not asked.
    file.add(with_community_id("of another version"));
    const Opened index(file.index());
    EXPECT_EQ(index.table(KeyKind::community_id).keys(), 3U);
    EXPECT_EQ(blocks_of_id(index, "1:wCb3OG7yAFWelaUydu0D+125CLM="), 0b101U);
    EXPECT_EQ(blocks_of_id(index, "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg="), 0U);
}

TEST(Index, OfAnEmptySegmentHasNoBlocks) {
    const Opened index(RowsFile().index());
    EXPECT_EQ(index.view().blocks(), 0U);
    EXPECT_EQ(index.view().all(), 0U);
    EXPECT_EQ(index.address("10.0.0.1"), 0U);
    EXPECT_TRUE(index.blocks().empty());
}

TEST(Index, TellsWhereBlocksStandAndOfWhichTimeTheyAre) {
    RowsFile file;
    file.add(one_row({.time_ns = 1000}));
    const std::uint64_t second = file.bytes().size();
    RowBuilder rows = one_row({.time_ns = 5000});
    rows.row({.time_ns = 4000});
    file.add(rows);
    const Opened index(file.index());
    EXPECT_EQ(index.blocks(),
              (std::vector<BlockEntry>{{kFileHeaderBytes, 1000, 1000}, {second, 4000, 5000}}));
    EXPECT_EQ(index.view().rows_bytes(), file.bytes().size());
}

// Each block has an address of its own; block b has the bit b >> shift.
TEST(Index, WithMoreThan64BlocksABitStandsForNeighbours) {
    for (const std::uint32_t blocks : {63U, 64U, 65U, 128U, 129U, 300U}) {
        RowsFile file;
        for (std::uint32_t block = 0; block < blocks; ++block)
            file.add(
                one_row({.source = "10.0." + std::to_string(block / 256) + '.' + std::to_string(block % 256),
                         .destination = "10.9.9.9"}));
        const Opened index(file.index());
        const unsigned shift = blocks <= 64 ? 0 : blocks <= 128 ? 1 : blocks <= 256 ? 2 : 3;
        EXPECT_EQ(index.blocks().size(), blocks);
        EXPECT_EQ(index.address("10.9.9.9"), index.view().all());
        for (std::uint32_t block = 0; block < blocks; ++block) {
            EXPECT_TRUE(index.view().may_have(index.view().all(), block));
            const BlockMask mask =
                index.address("10.0." + std::to_string(block / 256) + '.' + std::to_string(block % 256));
            EXPECT_EQ(mask, BlockMask{1} << (block >> shift)) << blocks << ' ' << block;
            EXPECT_TRUE(index.view().may_have(mask, block));
        }
    }
}

TEST(Index, OfAKindWithTooManyKeysIsEveryBlock) {
    KeyTable most(1);
    for (std::uint32_t key = 0; key < kKeysLimit; ++key) most.add(std::to_string(key), 1);
    EXPECT_FALSE(most.everywhere());
    EXPECT_EQ(most.sorted().size(), kKeysLimit);
    most.add("0", 2);
    EXPECT_FALSE(most.everywhere());
    most.add("one more", 1);
    EXPECT_TRUE(most.everywhere());
    EXPECT_TRUE(most.sorted().empty());

    KeyTable longest(1);
    const std::string name(kKeyLimit - 5, 'x');
    for (std::uint32_t key = 10'000; key < 10'000 + kTextLimit / kKeyLimit; ++key)
        longest.add(name + std::to_string(key), 1);
    EXPECT_FALSE(longest.everywhere());
    longest.add(name + "1234", 1);
    longest.add(name + "123", 1);
    EXPECT_TRUE(longest.everywhere());
}

// 70 blocks with 1,000 addresses each: all of them are found, or the kind says that it does not know.
TEST(Index, OfAFloodIsBoundedAndHonest) {
    RowsFile file;
    std::uint32_t address = 0x0a000000;
    const auto text = [](std::uint32_t number) {
        return std::to_string(number >> 24) + '.' + std::to_string(number >> 16 & 255) + '.' +
               std::to_string(number >> 8 & 255) + '.' + std::to_string(number & 255);
    };
    for (int block = 0; block < 70; ++block) {
        RowBuilder rows;
        for (int row = 0; row < 1000; ++row) rows.row({.source = text(address++), .destination_port = 53});
        file.add(rows);
    }
    const std::string bytes = file.index();
    EXPECT_LT(bytes.size(), 10'000U);
    const Opened index(bytes);
    EXPECT_EQ(index.view().part(KeyKind::ipv4).bytes, 0U);
    EXPECT_EQ(index.address("10.0.0.1"), index.view().all());
    EXPECT_EQ(index.address("9.9.9.9"), index.view().all());
    EXPECT_EQ(index.table(KeyKind::port).exact(port_key(54)), 0U);
}

// Random blocks, and what a scan of all rows says.
TEST(Index, NeverMissesABlock) {
    std::mt19937 random(7);
    RowsFile file;
    std::map<std::string, std::set<std::uint32_t>> blocks_of;
    for (std::uint32_t block = 0; block < 150; ++block) {
        RowBuilder rows;
        for (int row = 0; row < 4; ++row) {
            const std::string address = "10.0.0." + std::to_string(random() % 256);
            rows.row({.source = address});
            blocks_of[address].insert(block);
        }
        file.add(rows);
    }
    const Opened index(file.index());
    for (const auto& [address, blocks] : blocks_of)
        for (const std::uint32_t block : blocks)
            EXPECT_TRUE(index.view().may_have(index.address(address), block));
}

}  // namespace
}  // namespace packetsentry::spool
