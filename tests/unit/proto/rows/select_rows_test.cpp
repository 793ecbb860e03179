#include "proto/rows/select_rows.h"

#include <gtest/gtest.h>

#include <random>

#include "proto/query/read/field_reader.h"
#include "proto/query/reference.h"
#include "tests/support/row_builder.h"
#include "tests/support/test_batch.h"
#include "tests/support/told_batch.h"

namespace packetsentry::proto {
namespace {

using Random = std::minstd_rand;

std::uint32_t below(Random& random, std::uint32_t limit) {
    return static_cast<std::uint32_t>(random() % limit);
}

std::string some_host(Random& random) {
    const std::uint32_t number = below(random, 40);
    if (number == 0) return "";
    return (number % 5 == 0 ? "2001:db8::" : "10.0.0.") + std::to_string(number);
}

void add_row(test::RowBuilder& rows, Random& random) {
    constexpr const char* kWords[] = {"TCP", "UDP", "DNS", "DATA"};
    const std::uint32_t word = below(random, 4);
    rows.row({.source = some_host(random),
              .destination = some_host(random),
              .source_mac = below(random, 2) == 0 ? std::string("\2\0\0\0\0\1", 6) : "",
              .source_port = static_cast<std::uint16_t>(below(random, 3)),
              .destination_port = static_cast<std::uint16_t>(below(random, 65536)),
              .ip_protocol = static_cast<std::uint8_t>(below(random, 20)),
              .flags = static_cast<int>(below(random, 32)) & ~wire::FLAG_PORTS,
              .word = kWords[word],
              .name = word == 2 ? "dns" : "",
              .interface = below(random, 3) == 0 ? "eth1" : "eth0",
              .wire_bytes = 100 + below(random, 9),
              .cut_bytes = below(random, 100),
              .time_ns = static_cast<std::int64_t>(below(random, 1000)) - 500,
              .tcp_flags = word == 0 ? 0x12 : -1});
    if (word != 2) return;
    rows.text("dns.question.name", "host" + std::to_string(below(random, 9)) + ".example.org")
        .number("packetsentry.tcp.mss", below(random, 7));
    for (std::uint32_t i = below(random, 4); i != 0; --i)
        rows.address("dns.resolved_ip", "192.0.2." + std::to_string(below(random, 9)));
}

template <typename Number>
void add_column(std::string& column, std::uint32_t rows, Random& random) {
    for (std::uint32_t row = 0; row < rows; ++row) append_number(column, static_cast<Number>(random()));
}

void add_headers(wire::Batch& batch, Random& random) {
    const std::uint32_t rows = batch.rows();
    for (std::string* column : {batch.mutable_hop_limit(), batch.mutable_traffic_class()})
        add_column<std::uint8_t>(*column, rows, random);
    for (std::string* column :
         {batch.mutable_identification(), batch.mutable_fragment(), batch.mutable_tcp_window(),
          batch.mutable_tcp_payload_bytes(), batch.mutable_udp_length()})
        add_column<std::uint16_t>(*column, rows, random);
    for (std::string* column : {batch.mutable_tcp_sequence(), batch.mutable_tcp_acknowledgement(),
                                batch.mutable_tcp_timestamp(), batch.mutable_tcp_timestamp_echo()})
        add_column<std::uint32_t>(*column, rows, random);
}

// A third of the addresses of IP have a name.
void add_names(wire::Batch& batch, Random& random) {
    for (std::uint32_t slot = 1; slot <= batch.address_size().size(); ++slot) {
        if (batch.address_size()[slot - 1] == 6 || below(random, 3) != 0) continue;
        const std::string name = "host" + std::to_string(below(random, 999)) + ".example.org";
        batch.add_named(slot);
        batch.mutable_name()->append(name);
        batch.add_name_size(static_cast<std::uint32_t>(name.size()));
        batch.mutable_name_source()->push_back(static_cast<char>(1 + below(random, 3)));
    }
}

void add_captured(wire::Batch& batch, Random& random) {
    std::uint32_t bytes = 0;
    for (std::uint32_t row = 0; row < batch.rows(); ++row)
        bytes += batch.wire_bytes(static_cast<int>(row)) - batch.cut_bytes(static_cast<int>(row));
    add_column<std::uint8_t>(*batch.mutable_captured(), bytes, random);
}

wire::Batch random_batch(Random& random) {
    test::RowBuilder rows;
    for (std::uint32_t i = 1 + below(random, 60); i != 0; --i) add_row(rows, random);
    wire::Batch batch = rows.batch();
    batch.set_first_number(1 + below(random, 1000));
    if (below(random, 2) == 0) add_headers(batch, random);
    if (below(random, 2) == 0) add_captured(batch, random);
    if (below(random, 2) == 0) add_names(batch, random);
    if (below(random, 2) == 0)
        for (std::uint32_t row = 0; row < batch.rows(); ++row)
            batch.add_skipped(row == 0 ? 0 : below(random, 4));
    if (below(random, 4) == 0)
        for (std::uint32_t row = 0; row < batch.rows(); ++row)
            batch.add_left_out(row == 0 ? 0 : below(random, 3));
    return batch;
}

// Every value that anybody can read of a row, as one text.
class RowTold {
  public:
    explicit RowTold(const BatchView& view) : view_(view) {
        for (const std::string_view name : query::names_to_read()) {
            const auto field = query::resolve_to_read(name, {});
            readers_.emplace_back(*field, query::NamedValues::texts);
            readers_.back().bind(view, {.first_sequence = view.first_number()});
        }
    }
    [[nodiscard]] std::string operator()(std::uint32_t row) {
        std::string told = std::to_string(view_.number(row)) + '/' + std::to_string(view_.place(row)) + ' ' +
                           std::string(view_.captured(row)) + ' ' + view_.interface(row).name() + ' ' +
                           std::to_string(view_.fields().flags[row]) + ' ' +
                           view_.protocol(row).ShortDebugString();
        for (query::FieldReader& reader : readers_) {
            told += ';';
            for (const query::FieldValue& value : reader.values(row)) told += tell(value) + ',';
        }
        return told;
    }

  private:
    // An address with its name.
    [[nodiscard]] std::string tell(const query::FieldValue& value) const {
        if (value.kind == rows::FieldKind::text) return std::string(value.text);
        if (value.kind != rows::FieldKind::address) return std::to_string(value.number);
        const auto slot = static_cast<std::uint32_t>(value.number);
        const AddressName name = view_.name_of(slot);
        return base::to_string(view_.address(slot)) + '=' + std::string(name.text) + '/' +
               std::to_string(name.source);
    }

    const BatchView& view_;
    std::vector<query::FieldReader> readers_;
};

std::vector<std::uint32_t> some_rows(std::uint32_t rows, Random& random) {
    const std::uint32_t one_in = 1 + below(random, 12);
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t row = 0; row < rows; ++row)
        if (below(random, one_in) == 0) chosen.push_back(row);
    if (chosen.empty()) chosen.push_back(below(random, rows));
    return chosen;
}

TEST(SelectRows, EachRowSaysWhatItSaidBefore) {
    Random random(7);
    for (int round = 0; round < 200; ++round) {
        const wire::Batch batch = random_batch(random);
        const auto view = BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        const auto chosen = some_rows(view->rows(), random);
        const wire::Batch selected = select_rows(*view, chosen);
        const auto found = BatchView::check(selected);
        ASSERT_TRUE(found) << found.error().message;
        ASSERT_EQ(found->rows(), chosen.size());
        EXPECT_EQ(found->table(), wire::TABLE_PACKETS);
        EXPECT_LE(selected.ByteSizeLong(), batch.ByteSizeLong() + 2 * chosen.size());
        RowTold before(*view), after(*found);
        for (std::uint32_t i = 0; i < chosen.size(); ++i) ASSERT_EQ(after(i), before(chosen[i]));
    }
}

// What no block of the spool has: then a batch can be read in place.
wire::Batch stored_batch(Random& random) {
    wire::Batch batch = random_batch(random);
    batch.clear_left_out();
    batch.clear_captured();
    return batch;
}

TEST(SelectRows, SelectsInPlaceWhatItSelectsOfAParsedBatch) {
    Random random(8);
    for (int round = 0; round < 200; ++round) {
        const wire::Batch batch = stored_batch(random);
        const auto parsed = BatchView::check(batch);
        ASSERT_TRUE(parsed) << parsed.error().message;
        const std::string bytes = batch.SerializeAsString();
        const auto in_place = BatchView::in_place(bytes);
        ASSERT_TRUE(in_place);
        const auto chosen = some_rows(batch.rows(), random);
        if (chosen.size() == batch.rows()) continue;
        ASSERT_EQ(select_rows(*in_place, chosen).SerializeAsString(),
                  select_rows(*parsed, chosen).SerializeAsString());
        ASSERT_EQ(test::told_batch(*in_place), test::told_batch(*parsed));
        ASSERT_FALSE(in_place->broken());
    }
}

// Anything may stand there. What is not broken was read as protobuf reads it.
TEST(SelectRows, SelectsNothingWrongOfAForgedBatchInPlace) {
    Random random(9);
    int usable = 0, broken = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string bytes = stored_batch(random).SerializeAsString();
        for (std::uint32_t i = 1 + below(random, 3); i != 0; --i)
            bytes[below(random, static_cast<std::uint32_t>(bytes.size()))] =
                static_cast<char>(below(random, 256));
        const auto in_place = BatchView::in_place(bytes);
        if (!in_place) continue;
        const auto chosen = some_rows(in_place->rows(), random);
        const wire::Batch selected = select_rows(*in_place, chosen);
        if (!in_place->broken()) {
            ASSERT_TRUE(BatchView::check(selected));
        }
        const std::string told = test::told_batch(*in_place);
        ++(in_place->broken() ? broken : usable);
        if (in_place->broken()) continue;
        wire::Batch batch;
        ASSERT_TRUE(batch.ParseFromString(bytes));
        const auto parsed = BatchView::check(batch);
        ASSERT_TRUE(parsed) << parsed.error().message;
        ASSERT_EQ(told, test::told_batch(*parsed));
    }
    EXPECT_GT(usable, 100);
    EXPECT_GT(broken, 10);
}

TEST(SelectRows, TakesOnlyWhatTheRowsNeed) {
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1", .destination = "10.0.0.2", .word = "DNS", .interface = "eth0"});
    rows.text("dns.question.name", "example.org");
    rows.row({.source = "10.0.0.3", .destination = "10.0.0.2", .word = "TCP", .interface = "eth1"});
    const auto view = BatchView::check(rows.batch());
    ASSERT_TRUE(view);
    const wire::Batch selected = select_rows(*view, std::vector<std::uint32_t>{1});
    EXPECT_EQ(selected.address_size().size(), 2U);
    EXPECT_EQ(selected.first_number(), 2U);
    EXPECT_EQ(selected.column_size(), 0);
    ASSERT_EQ(selected.interface_size(), 1);
    EXPECT_EQ(selected.interface(0).name(), "eth1");
    ASSERT_EQ(selected.protocol_size(), 1);
    EXPECT_EQ(selected.protocol(0).word(), "TCP");
    EXPECT_EQ(selected.layers_size(), 1);
}

TEST(SelectRows, SaysWhichNumbersAreLeftOut) {
    const wire::Batch batch = test::test_batch(101, 9);
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view);
    const wire::Batch adjacent = select_rows(*view, std::vector<std::uint32_t>{3, 4, 5});
    EXPECT_EQ(adjacent.first_number(), 104U);
    EXPECT_EQ(adjacent.left_out_size(), 0);
    const wire::Batch some = select_rows(*view, std::vector<std::uint32_t>{1, 2, 8});
    EXPECT_EQ(some.first_number(), 102U);
    ASSERT_EQ(some.left_out_size(), 3);
    EXPECT_EQ(some.left_out(0), 0U);
    EXPECT_EQ(some.left_out(1), 0U);
    EXPECT_EQ(some.left_out(2), 5U);
}

TEST(SelectRows, TakesTheNamesOfItsAddressesAlone) {
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1", .destination = "10.0.0.2"});
    rows.row({.source = "10.0.0.3", .destination = "10.0.0.1"});
    wire::Batch batch = rows.batch();
    for (const std::uint32_t slot : {1U, 2U, 3U}) {
        batch.add_named(slot);
        batch.mutable_name()->append("host" + std::to_string(slot));
        batch.add_name_size(5);
        batch.mutable_name_source()->push_back(static_cast<char>(slot));
    }
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    const wire::Batch selected = select_rows(*view, std::vector<std::uint32_t>{1});
    EXPECT_EQ(selected.name(), "host3host1") << "in the order of the new slots";
    const auto found = BatchView::check(selected);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->name_of(found->source(0)), (AddressName{"host3", wire::NAME_SOURCE_HTTP}));
    EXPECT_EQ(found->name_of(found->destination(0)), (AddressName{"host1", wire::NAME_SOURCE_DNS}));
}

// Forged places and times wrap, and the new batch must be one that readers take all the same.
TEST(SelectRows, MakesAValidBatchOfAForgedOne) {
    wire::Batch batch = test::test_batch(1, 4);
    batch.set_first_place(kNumberLimit);
    for (const std::uint64_t skipped : {0ULL, 5ULL, ~0ULL, 1ULL << 63}) batch.add_skipped(skipped);
    batch.set_first_time_ns(std::numeric_limits<std::int64_t>::max());
    batch.set_time_delta_ns(2, std::numeric_limits<std::int64_t>::max());
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    for (std::uint32_t first = 0; first < 4; ++first) {
        const std::vector<std::uint32_t> chosen =
            first == 3 ? std::vector<std::uint32_t>{3} : std::vector<std::uint32_t>{first, 3};
        const wire::Batch selected = select_rows(*view, chosen);
        const auto found = BatchView::check(selected);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(found->time_ns(0), view->time_ns(first));
        EXPECT_EQ(found->time_ns(found->rows() - 1), view->time_ns(3));
    }
}

}  // namespace
}  // namespace packetsentry::proto
