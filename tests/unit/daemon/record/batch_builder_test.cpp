#include "daemon/record/batch_builder.h"

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "daemon/flows/state_bytes.h"
#include "daemon/record/batch_names.h"
#include "proto/link/channel.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::record {
namespace {

constexpr const dissect::FieldInfo& kName = dissect::field("dns.question.name");
constexpr const dissect::FieldInfo& kResolved = dissect::field("dns.resolved_ip");
constexpr const dissect::FieldInfo& kStatus = dissect::field("http.response.status_code");
constexpr std::array kDetail = {&kName};
constexpr dissect::Protocol kDns{.word = "DNS", .name = "dns", .shows_ports = false, .detail = kDetail};
constexpr dissect::Protocol kTcp{.word = "TCP", .name = "", .shows_ports = true, .detail = {}};

base::Address ip(const char* text) {
    return *base::parse_ip(text);
}

struct BatchBuilderTest : testing::Test {
    const std::vector<capture::SourceInterface> interfaces{{"eth0", 1, 262144, 2}, {"eth1", 1, 262144, 3}};
    const std::array<std::byte, 60> frame{};
    dissect::Dissection dissection;

    capture::Packet packet(std::int64_t time) const {
        capture::Packet made;
        made.time_ns = time;
        made.wire_bytes = 100;
        made.link_type = 1;
        made.frame = frame;
        return made;
    }
    void tcp(const char* source, std::uint16_t port) {
        dissection.reset();
        dissection.protocol = &kTcp;
        dissection.network = dissect::Network::ipv4;
        dissection.ip_protocol = 6;
        dissection.source = ip(source);
        dissection.destination = ip("10.0.0.9");
        dissection.has_ports = true;
        dissection.source_port = port;
        dissection.destination_port = 80;
    }
};

wire::Batch parsed(const std::string& bytes) {
    wire::Batch batch;
    EXPECT_TRUE(batch.ParseFromString(bytes));
    return batch;
}

// The batch is right, and of its two rows the second alone is flagged.
void expect_second_is_incomplete(const std::string& bytes) {
    const wire::Batch batch = parsed(bytes);
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_FALSE(view->flag(0, wire::FLAG_INCOMPLETE));
    EXPECT_TRUE(view->flag(1, wire::FLAG_INCOMPLETE));
}

TEST_F(BatchBuilderTest, RowsComeBackAsTheyWentIn) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1234);
    builder.append(packet(1'000'000'000), dissection, interfaces);
    tcp("10.0.0.2", 1235);
    dissection.protocol = &kDns;
    dissection.malformed = true;
    dissection.add(kName, "example.com");
    dissection.add(kResolved, ip("10.0.0.1"));
    dissection.add(kResolved, ip("2001:db8::1"));
    dissection.add(kStatus, 200);
    dissection.add(kStatus, 404);       // not a list: the first stays
    auto second = packet(999'999'999);  // backwards
    second.interface = 1;
    builder.append(second, dissection, interfaces);
    ASSERT_EQ(builder.rows(), 2U);

    const wire::Batch batch = parsed(builder.seal());
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->time_ns(0), 1'000'000'000);
    EXPECT_EQ(view->time_ns(1), 999'999'999);
    EXPECT_EQ(view->captured_bytes(0), 60U);
    EXPECT_EQ(view->wire_bytes(0), 100U);
    EXPECT_EQ(view->source_port(1), 1235);
    EXPECT_EQ(view->protocol(0).word(), "TCP");
    EXPECT_EQ(view->protocol(1).detail(0), kName.number);
    EXPECT_EQ(view->interface(1).name(), "eth1");
    EXPECT_TRUE(view->flag(1, wire::FLAG_MALFORMED));
    EXPECT_FALSE(view->flag(0, wire::FLAG_MALFORMED));
    EXPECT_EQ(view->destination(0), view->destination(1));  // one slot an address
    EXPECT_EQ(view->source_mac(0), 0U);
    ASSERT_EQ(view->columns().size(), 3U);
    EXPECT_EQ(view->columns()[0].text(0), "example.com");
    EXPECT_EQ(base::to_string(view->address(static_cast<std::uint32_t>(view->columns()[1].number(1)))),
              "2001:db8::1");
    EXPECT_EQ(view->columns()[2].values(), 1U);
    EXPECT_EQ(view->columns()[2].number(0), 200U);
}

// Names as a worker knows them: what it has been passed on.
struct KnownNames : flows::ServerNames {
    KnownNames() : ServerNames(16 * 1024 * 1024, 7) {}
    void know(const base::Address& address, std::string_view name, flows::NameSource source) {
        std::string passed;
        flows::StateWriter bytes(passed);
        bytes.address(address);
        bytes.word(source, flows::NameSource::dns);
        bytes.text(name);
        EXPECT_TRUE(adopt(passed));
    }
};

// As the reader of a batch has them: "10.0.0.1=www.example/1".
std::string names_in(const std::string& bytes) {
    const wire::Batch batch = parsed(bytes);
    const auto view = proto::BatchView::check(batch);
    EXPECT_TRUE(view) << view.error().message;
    std::string text;
    for (std::uint32_t slot = 1; view && slot <= view->address_slots(); ++slot) {
        const proto::AddressName name = view->name_of(slot);
        if (name.text.empty()) continue;
        text += base::to_string(view->address(slot)) + "=" + std::string(name.text) + "/" +
                std::to_string(name.source) + " ";
    }
    return text;
}

TEST_F(BatchBuilderTest, AddressesHaveTheNamesThatAreKnownWhenTheBatchIsSealed) {
    KnownNames names;
    BatchBuilder builder, nameless;
    builder.take_names_from(names);
    const auto append = [&] {
        tcp("10.0.0.1", 1234);
        dissection.add(kResolved, ip("2001:db8::1"));
        dissection.source_mac = base::Address::from(std::array<std::byte, 6>{std::byte{2}});
        for (BatchBuilder* const one : {&builder, &nameless}) one->append(packet(0), dissection, interfaces);
    };
    append();
    EXPECT_EQ(names_in(builder.seal()), "") << "nothing is known";
    append();
    names.know(ip("10.0.0.9"), "www.example", flows::NameSource::tls);
    names.know(ip("2001:db8::1"), "six.example", flows::NameSource::dns);
    names.know(ip("10.0.0.2"), "elsewhere.example", flows::NameSource::dns);
    EXPECT_EQ(names_in(builder.draft().SerializeAsString()),
              "10.0.0.9=www.example/2 2001:db8::1=six.example/1 ");
    EXPECT_EQ(names_in(builder.seal()), "10.0.0.9=www.example/2 2001:db8::1=six.example/1 ");
    append();
    names.know(ip("10.0.0.9"), "host.example", flows::NameSource::http);
    EXPECT_EQ(names_in(builder.seal()), "10.0.0.9=host.example/3 2001:db8::1=six.example/1 ");
    EXPECT_EQ(names_in(nameless.seal()), "");
}

// A block of the spool takes rows over from a batch, and asks for names by itself.
TEST_F(BatchBuilderTest, RowsThatAreTakenOverHaveNamesOfTheirOwn) {
    KnownNames names;
    BatchBuilder batch, block;
    block.take_names_from(names);
    tcp("10.0.0.1", 1234);
    batch.append(packet(0), dissection, interfaces);
    block.append(batch, 0, 1);
    names.know(ip("10.0.0.1"), "one.example", flows::NameSource::dns);
    EXPECT_EQ(names_in(batch.seal()), "");
    EXPECT_EQ(names_in(block.seal()), "10.0.0.1=one.example/1 ");
}

// As many addresses as a batch may have, with the longest names that strangers can give them.
TEST_F(BatchBuilderTest, NamesAreBounded) {
    KnownNames names;
    BatchBuilder builder;
    builder.take_names_from(names);
    for (std::uint32_t row = 0; row < 2000; ++row) {
        tcp("10.0.0.1", 1);
        dissection.source.bytes[1] = std::byte(row >> 8);
        dissection.source.bytes[2] = std::byte(row & 0xff);
        const std::string name = std::to_string(row) + std::string(240, 'x');
        names.know(dissection.source, name, flows::NameSource::dns);
        builder.append(packet(0), dissection, interfaces);
    }
    const wire::Batch batch = parsed(builder.seal());
    EXPECT_TRUE(proto::BatchView::check(batch));
    EXPECT_LE(batch.name().size(), kNamesLimit);
    EXPECT_GT(batch.name().size(), kNamesLimit - 5000 - 6 * 1000);
    EXPECT_LT(batch.named_size(), 1000);
}

// The rest of a batch comes first: names have the room that it leaves.
TEST_F(BatchBuilderTest, NamesMakeNoBatchLongerThanItsReaderTakes) {
    KnownNames names;
    for (const std::size_t left : {std::size_t{0}, std::size_t{40'000}, std::size_t{100'000}}) {
        wire::Batch batch;
        batch.set_captured(std::string(proto::kBatchFrameLimit - left, 'x'));
        std::vector<base::Address> addresses;
        for (std::uint32_t i = 0; i < 1000; ++i) {
            addresses.push_back(
                base::parse_ip("10.0." + std::to_string(i >> 8) + "." + std::to_string(i & 255)).value());
            names.know(addresses.back(), std::string(200, 'n'), flows::NameSource::dns);
        }
        put_names(addresses, names, batch);
        EXPECT_LE(batch.ByteSizeLong(), left == 0 ? proto::kBatchFrameLimit + 8 : proto::kBatchFrameLimit)
            << left;
        EXPECT_EQ(batch.named_size() != 0, left != 0) << left;
    }
}

TEST_F(BatchBuilderTest, RowsAreNumberedFromAnyNumber) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1234);
    std::vector<std::uint64_t> first_numbers;
    for (const std::uint64_t number : {0U, 100U, 0U, 7U}) {
        if (number != 0) builder.number_from(number);
        builder.append(packet(1), dissection, interfaces);
        builder.append(packet(2), dissection, interfaces);
        first_numbers.push_back(parsed(builder.seal()).first_number());
    }
    EXPECT_EQ(first_numbers, (std::vector<std::uint64_t>{1, 100, 102, 7}));
}

// Rows of all kinds, and what is left of them when they have gone through another batch.
struct TakenOver : BatchBuilderTest {
    void append(BatchBuilder& builder, std::uint32_t i) {
        dissection.reset();
        if (i % 7 != 0) tcp(("10.0.0." + std::to_string(i % 11)).c_str(), static_cast<std::uint16_t>(i));
        if (i % 3 == 0) dissection.protocol = &kDns;
        const std::string name =
            std::string(i % 5, 'n') + std::to_string(i);  // which the dissection refers to
        if (i % 4 == 0) dissection.add(kName, name);
        if (i % 5 == 0) dissection.add(kResolved, ip(("10.1.0." + std::to_string(i % 13)).c_str()));
        if (i % 10 == 0) dissection.add(kResolved, ip("2001:db8::1"));
        if (i % 6 == 0) dissection.add(kStatus, i);
        if (i % 8 != 0) dissection.layers.add(dissect::LayerName::eth);
        if (i % 9 == 0) dissection.layers.add(dissect::LayerName::ip);
        dissection.source_mac = base::Address::from(std::as_bytes(std::span("\2\0\0\0\0\1", 6)));
        dissection.headers.tcp_sequence = i;
        dissection.headers.hop_limit = static_cast<std::uint8_t>(i);
        dissection.malformed = i % 12 == 0;
        auto made = packet(1'000'000 + i * 37 % 100);
        made.has_time = i % 13 != 0;
        made.number = i + i / 20;
        made.interface = i % 2;
        made.wire_bytes += i % 3;
        builder.append(made, dissection, interfaces, i % 17 == 0 ? "wlan0" : "");
    }
};

// What a row says in words, whatever the entries of its batch's dictionaries are called.
std::string said(const proto::BatchView& view, std::uint32_t row) {
    std::string text;
    const auto add = [&text](const auto& value) { text += std::to_string(value) + ' '; };
    for (const std::uint32_t slot :
         {view.source(row), view.destination(row), view.source_mac(row), view.destination_mac(row)})
        text += base::to_string(view.address(slot)) + ' ';
    text += view.protocol(row).word() + ' ' + view.interface(row).name() + ' ';
    text += view.layers(view.layers_index(row));
    add(view.time_ns(row));
    add(view.place(row));
    add(view.wire_bytes(row));
    add(view.captured_bytes(row));
    add(view.fields().flags[row]);
    add(view.source_port(row));
    add(view.destination_port(row));
    add(view.network(row));
    add(view.ip_protocol(row));
    add(view.tcp_sequence(row));
    add(view.hop_limit(row));
    for (const proto::ColumnView& column : view.columns())
        for (std::size_t i = column.first_value(row); i < column.values() && column.row(i) == row; ++i) {
            text += ' ' + std::string(column.name()) + '=';
            if (column.kind() == wire::Column::TEXT)
                text += column.text(i);
            else if (column.kind() == wire::Column::ADDRESS)
                text += base::to_string(column.address(i));
            else
                add(column.number(i));
        }
    return text;
}

std::vector<std::string> said_by(const std::string& bytes) {
    const wire::Batch batch = parsed(bytes);
    const auto view = proto::BatchView::check(batch);
    EXPECT_TRUE(view) << view.error().message;
    std::vector<std::string> rows;
    for (std::uint32_t row = 0; view && row < view->rows(); ++row) rows.push_back(said(*view, row));
    return rows;
}

TEST_F(TakenOver, RowsSayTheSameInAnotherBatch) {
    constexpr std::uint32_t kRows = 200;
    BatchBuilder whole;
    BatchBuilder source;
    BatchBuilder target;
    std::uint32_t taken = 0;  // of the source's open batch
    for (std::uint32_t i = 1; i <= kRows; ++i) {
        append(whole, i);
        append(source, i);
        const bool ends = i % 45 == 0 || i == kRows;
        if (!ends && i % 19 != 0) continue;
        target.append(source, taken, source.rows() - taken);
        taken = ends ? 0 : source.rows();
        if (ends) source.discard();
    }
    EXPECT_EQ(target.rows(), kRows);
    EXPECT_EQ(said_by(target.seal()), said_by(whole.seal()));
}

// What only other rows name is not in the dictionaries.
TEST_F(TakenOver, APartOfABatchIsAsIfThereWereNoOtherRows) {
    BatchBuilder source;
    BatchBuilder alone;
    BatchBuilder target;
    for (std::uint32_t i = 1; i <= 60; ++i) append(source, i);
    for (std::uint32_t i = 31; i <= 33; ++i) append(alone, i);
    target.append(source, 30, 3);
    const wire::Batch part = parsed(target.draft().SerializeAsString());
    const wire::Batch expected = parsed(alone.draft().SerializeAsString());
    EXPECT_EQ(part.address_size().size(), expected.address_size().size());
    EXPECT_EQ(part.protocol_size(), expected.protocol_size());
    EXPECT_EQ(part.interface_size(), expected.interface_size());
    EXPECT_EQ(part.layers_size(), expected.layers_size());
    EXPECT_EQ(part.column_size(), expected.column_size());
    EXPECT_EQ(said_by(target.seal()), said_by(alone.seal()));
    EXPECT_EQ(said_by(source.seal()).size(), 60U) << "it goes on as if nothing had been taken";
}

TEST_F(TakenOver, ThereIsRoomForAsMuchAsALimitPermits) {
    BatchBuilder source({.bytes = 40});
    BatchBuilder target({.bytes = 40});
    tcp("10.0.0.1", 1);
    dissection.add(kName, "twenty bytes of name");
    source.append(packet(0), dissection, interfaces);
    EXPECT_TRUE(target.has_room_for(source));
    target.append(source, 0, 1);
    EXPECT_TRUE(target.has_room_for(source));
    target.append(source, 0, 1);
    EXPECT_TRUE(target.full());
    EXPECT_FALSE(target.has_room_for(source));
    target.discard();
    EXPECT_TRUE(target.has_room_for(source));
}

TEST_F(BatchBuilderTest, ADraftIsSealedAsItIs) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1234);
    for (const std::int64_t time : {1, 2}) builder.append(packet(time), dissection, interfaces);
    const std::string draft = builder.draft().SerializeAsString();
    EXPECT_EQ(builder.seal(), draft);
}

TEST_F(BatchBuilderTest, LayersAndNumbersOfHeadersComeBack) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1234);
    dissection.layers.add(dissect::LayerName::eth);
    dissection.layers.note_ethertype(0x0800);
    dissection.layers.add(dissect::LayerName::ip);
    dissection.headers = {
        .tcp_sequence = 0xFFFFFFFF, .tcp_flags = dissect::kTcpHeader | 0x12, .hop_limit = 64};
    builder.append(packet(0), dissection, interfaces);
    dissection.reset();
    builder.append(packet(0), dissection, interfaces);
    const wire::Batch batch = parsed(builder.seal());
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->layers_count(), 2U);
    EXPECT_EQ(view->layers_index(0), 1U);
    EXPECT_EQ(view->layers_index(1), 0U);
    EXPECT_EQ(view->layers(1), "eth:ip");
    EXPECT_EQ(view->ethertype(1), 0x0800);
    EXPECT_TRUE(view->has_tcp(0));
    EXPECT_FALSE(view->has_tcp(1));
    EXPECT_EQ(view->tcp_flags(0), 0x12);
    EXPECT_EQ(view->tcp_sequence(0), 0xFFFFFFFF);
    EXPECT_EQ(view->hop_limit(0), 64);
    EXPECT_EQ(view->hop_limit(1), 0);
}

// Each row with another chain: the batch ends before its dictionary does.
TEST_F(BatchBuilderTest, IsFullByChainsOfLayers) {
    BatchBuilder builder({.rows = proto::kBatchRowLimit});
    std::uint16_t type = 0x0600;
    for (; !builder.full(); ++type) {
        dissection.reset();
        dissection.layers.add(dissect::LayerName::eth);
        dissection.layers.note_ethertype(type);
        builder.append(packet(0), dissection, interfaces);
    }
    EXPECT_EQ(builder.rows(), static_cast<std::uint32_t>(proto::kBatchLayersLimit));
    const wire::Batch batch = parsed(builder.seal());
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->layers_index(builder.rows()), 1U);
    EXPECT_FALSE(builder.full());
}

TEST_F(BatchBuilderTest, ColumnsOfZerosAreLeftOut) {
    BatchBuilder builder;
    dissection.reset();
    builder.append(packet(0), dissection, interfaces);
    const wire::Batch batch = parsed(builder.seal());
    EXPECT_EQ(batch.source_mac().size(), 0U);
    EXPECT_EQ(batch.source_port().size(), 0U);
    EXPECT_EQ(batch.interface_index_size(), 0);
    EXPECT_EQ(batch.cut_bytes_size(), 1);
    EXPECT_TRUE(proto::BatchView::check(batch));
}

TEST_F(BatchBuilderTest, RowsAreNumberedOnOverBatchesAndDiscardedOnesKeepTheirNumbers) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1);
    builder.append(packet(1), dissection, interfaces);
    EXPECT_EQ(parsed(builder.seal()).first_number(), 1U);
    builder.append(packet(2), dissection, interfaces);
    builder.discard();
    EXPECT_EQ(builder.rows(), 0U);
    builder.append(packet(3), dissection, interfaces);
    const wire::Batch batch = parsed(builder.seal());
    EXPECT_EQ(batch.table(), wire::TABLE_PACKETS);
    EXPECT_EQ(batch.first_number(), 3U);
    EXPECT_EQ(batch.rows(), 1U);
    EXPECT_EQ(batch.first_time_ns(), 3);
}

TEST_F(BatchBuilderTest, IsFullByRowsByTextAndByAddresses) {
    BatchBuilder by_rows({.rows = 3});
    tcp("10.0.0.1", 1);
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(by_rows.full());
        by_rows.append(packet(i), dissection, interfaces);
    }
    EXPECT_TRUE(by_rows.full());

    BatchBuilder by_text({.rows = 1000, .bytes = 20});
    dissection.add(kName, "twelve bytes");
    by_text.append(packet(0), dissection, interfaces);
    EXPECT_FALSE(by_text.full());
    by_text.append(packet(0), dissection, interfaces);
    EXPECT_TRUE(by_text.full());

    BatchBuilder by_addresses({.rows = proto::kBatchRowLimit});
    std::uint32_t rows = 0;
    for (; !by_addresses.full() && rows < 20'000; ++rows) {
        tcp("10.0.0.1", 1);
        dissection.source.bytes[1] = std::byte(rows >> 8 & 0xff);
        dissection.source.bytes[2] = std::byte(rows & 0xff);
        by_addresses.append(packet(0), dissection, interfaces);
    }
    EXPECT_GT(rows, 4096U);
    EXPECT_LT(rows, 10'000U);
    EXPECT_TRUE(proto::BatchView::check(parsed(by_addresses.seal())));
}

// The largest numbers there are, in as many fields as a packet may have.
TEST_F(BatchBuilderTest, IsFullByValuesSoThatAReaderTakesIt) {
    constexpr dissect::FieldInfo kNumbers{1, "a.number", dissect::FieldKind::number, rows::kList};
    BatchBuilder builder;
    dissection.reset();
    for (std::size_t i = 0; i < dissect::Dissection::kFieldLimit; ++i) dissection.add(kNumbers, UINT64_MAX);
    while (!builder.full()) builder.append(packet(0), dissection, interfaces);
    EXPECT_EQ(builder.rows(), 16U);
    EXPECT_LT(builder.seal().size(), proto::kBatchFrameLimit);
}

// Each packet with as many addresses as it may have, none of them twice.
TEST_F(BatchBuilderTest, AddressesOfOnePacketFitAlways) {
    BatchBuilder builder;
    for (std::uint32_t row = 0; row < 3; ++row) {
        dissection.reset();
        for (std::uint32_t i = 0; i < dissect::Dissection::kFieldLimit; ++i) {
            base::Address address = ip("10.0.0.1");
            address.bytes[1] = std::byte(row);
            address.bytes[2] = std::byte(i >> 8);
            address.bytes[3] = std::byte(i & 0xff);
            dissection.add(kResolved, address);
        }
        builder.append(packet(0), dissection, interfaces);
        EXPECT_TRUE(builder.full());
        const wire::Batch batch = parsed(builder.seal());
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        EXPECT_EQ(view->columns()[0].values(), dissect::Dissection::kFieldLimit);
    }
}

TEST_F(BatchBuilderTest, ARowThatALimitCutShortIsFlagged) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1);
    builder.append(packet(0), dissection, interfaces);
    dissection.incomplete = true;
    builder.append(packet(0), dissection, interfaces);
    expect_second_is_incomplete(builder.seal());
}

// One column more than a batch has: the row says so, and the next batch has room again.
TEST_F(BatchBuilderTest, ColumnsBeyondTheLimitAreFlagged) {
    std::vector<std::string> paths;
    for (int i = 0; i <= proto::kBatchColumnLimit; ++i) paths.push_back("a." + std::to_string(i));
    std::vector<dissect::FieldInfo> names;
    for (const std::string& path : paths) names.push_back({1, path, dissect::FieldKind::number});
    BatchBuilder builder;
    tcp("10.0.0.1", 1);
    for (const auto& name : std::span(names).first(proto::kBatchColumnLimit)) dissection.add(name, 7U);
    builder.append(packet(0), dissection, interfaces);
    EXPECT_TRUE(builder.full());
    dissection.add(names.back(), 7U);
    builder.append(packet(0), dissection, interfaces);
    expect_second_is_incomplete(builder.seal());
    tcp("10.0.0.1", 1);
    dissection.add(names.back(), 7U);
    builder.append(packet(0), dissection, interfaces);
    EXPECT_FALSE(parsed(builder.seal()).flags()[0] & wire::FLAG_INCOMPLETE);
}

TEST_F(BatchBuilderTest, TheBytesOfLongPacketsAreCutIntoBatchesThatAReaderTakes) {
    constexpr std::array<std::size_t, 4> kLengths = {65'535, 262'144, 0, 1};
    constexpr std::size_t kPackets = 100;
    BatchBuilder builder;
    builder.keep_captured();
    const std::vector<std::byte> longest(262'144, std::byte{0x61});
    const auto seal = [&](std::size_t next) {
        const std::string& bytes = builder.seal();
        EXPECT_LT(bytes.size(), proto::kBatchFrameLimit / 2);
        const wire::Batch batch = parsed(bytes);
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        for (std::uint32_t row = 0; row < view->rows(); ++row)
            EXPECT_EQ(view->captured(row).size(), kLengths[(next - view->rows() + row) % kLengths.size()]);
    };
    std::size_t batches = 0;
    for (std::size_t i = 0; i < kPackets; ++i) {
        tcp("10.0.0.1", 1);
        capture::Packet made = packet(0);
        made.frame = std::span(longest).first(kLengths[i % kLengths.size()]);
        builder.append(made, dissection, interfaces);
        if (!builder.full() && i + 1 < kPackets) continue;
        seal(i + 1);
        ++batches;
    }
    EXPECT_GE(batches, 6U);
}

TEST_F(BatchBuilderTest, AnInterfaceMayHaveAnyName) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1);
    builder.append(packet(0), dissection, interfaces, "d\xff");
    EXPECT_EQ(parsed(builder.seal()).interface(0).name(), "d\xff");
}

TEST_F(BatchBuilderTest, NumbersThatNameSomethingSaySo) {
    constexpr const dissect::FieldInfo& kVlan = dissect::field("network.vlan.id");
    BatchBuilder builder;
    tcp("10.0.0.1", 1);
    dissection.add(kStatus, 200U);
    dissection.add(kVlan, 30U);
    builder.append(packet(0), dissection, interfaces);
    const wire::Batch batch = parsed(builder.seal());
    EXPECT_FALSE(batch.column(0).keyword());
    EXPECT_TRUE(batch.column(1).keyword());
}

TEST_F(BatchBuilderTest, APacketWithoutATimeIsFlagged) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1);
    builder.append(packet(5), dissection, interfaces);
    auto timeless = packet(0);
    timeless.has_time = false;
    builder.append(timeless, dissection, interfaces);
    const wire::Batch batch = parsed(builder.seal());
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->flag(1, wire::FLAG_NO_TIME));
    EXPECT_EQ(view->time_ns(1), 5);
}

TEST_F(BatchBuilderTest, TheInterfaceOfACookedPacketIsItsOwn) {
    BatchBuilder builder;
    tcp("10.0.0.1", 1);
    builder.append(packet(5), dissection, interfaces, "wlan0");
    const wire::Batch batch = parsed(builder.seal());
    EXPECT_EQ(batch.interface(0).name(), "wlan0");
}

}  // namespace
}  // namespace packetsentry::record
