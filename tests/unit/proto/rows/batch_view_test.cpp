#include "proto/rows/batch_view.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/support/told_batch.h"

namespace packetsentry::proto {
namespace {

void append_shorts(std::string& column, std::uint16_t first, std::uint16_t second) {
    append_short(column, first);
    append_short(column, second);
}

void append_longs(std::string& column, std::uint32_t first, std::uint32_t second) {
    append_number(column, first);
    append_number(column, second);
}

// Those of the first row.
void add_headers(wire::Batch& batch) {
    batch.set_hop_limit(std::string("\x40\0", 2));
    batch.set_traffic_class(std::string("\xB9\0", 2));
    append_shorts(*batch.mutable_identification(), 0xABCD, 0);
    append_shorts(*batch.mutable_fragment(), wire::FRAGMENT_DONT, 0);
    append_shorts(*batch.mutable_tcp_flags(), wire::TCP_HEADER | 0x112, 0);
    append_shorts(*batch.mutable_tcp_window(), 65535, 0);
    append_shorts(*batch.mutable_tcp_payload_bytes(), 1448, 0);
    append_shorts(*batch.mutable_udp_length(), 0, 9);
    append_longs(*batch.mutable_tcp_sequence(), 0xFFFFFFFE, 0);
    append_longs(*batch.mutable_tcp_acknowledgement(), 3, 0);
    append_longs(*batch.mutable_tcp_timestamp(), 4, 0);
    append_longs(*batch.mutable_tcp_timestamp_echo(), 0, 0);
}

// Two rows: a TCP packet and one without addresses.
wire::Batch good_batch() {
    wire::Batch batch;
    batch.set_table(wire::TABLE_PACKETS);
    batch.set_first_number(41);
    batch.set_rows(2);
    batch.add_interface()->set_name("eth0");
    batch.add_protocol()->set_word("TCP");
    batch.set_address(std::string("\x0a\0\0\x01\x0a\0\0\x02", 8));
    batch.set_address_size("\x04\x04");
    batch.set_first_time_ns(1000);
    for (const std::int64_t delta : {0, 500}) batch.add_time_delta_ns(delta);
    for (const std::uint32_t bytes : {60U, 1500U}) batch.add_wire_bytes(bytes);
    for (const std::uint32_t cut : {0U, 1404U}) batch.add_cut_bytes(cut);
    for (const std::uint16_t slot : {std::uint16_t{1}, std::uint16_t{0}})
        append_short(*batch.mutable_source(), slot);
    for (const std::uint16_t slot : {std::uint16_t{2}, std::uint16_t{0}})
        append_short(*batch.mutable_destination(), slot);
    batch.set_network(std::string("\x01\0", 2));
    batch.set_ip_protocol(std::string("\x06\0", 2));
    batch.set_protocol_index(std::string(2, '\0'));
    batch.set_flags(std::string("\x02\x01", 2));
    wire::Layers& layers = *batch.add_layers();
    layers.set_names("eth:ethertype:ip:tcp");
    layers.set_ethertype(0x0800);
    for (const std::uint16_t index : {std::uint16_t{1}, std::uint16_t{0}})
        append_short(*batch.mutable_layers_index(), index);
    add_headers(batch);
    wire::Column& column = *batch.add_column();
    column.set_field(rows::field("url.path").number);
    column.set_kind(wire::Column::TEXT);
    column.add_row(1);
    column.set_text("/x");
    column.add_text_size(2);
    return batch;
}

TEST(BatchView, ReadsWhatIsThere) {
    const wire::Batch batch = good_batch();
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->rows(), 2U);
    EXPECT_EQ(view->table(), wire::TABLE_PACKETS);
    EXPECT_EQ(view->first_number(), 41U);
    EXPECT_EQ(view->time_ns(1), 1500);
    EXPECT_EQ(view->captured_bytes(1), 96U);
    EXPECT_EQ(base::to_string(view->address(view->source(0))), "10.0.0.1");
    EXPECT_FALSE(view->address(view->source(1)));
    EXPECT_EQ(view->source_port(0), 0);  // left out
    EXPECT_TRUE(view->flag(0, wire::FLAG_PORTS));
    EXPECT_TRUE(view->flag(1, wire::FLAG_MALFORMED));
    EXPECT_EQ(view->interface(1).name(), "eth0");
    ASSERT_EQ(view->columns().size(), 1U);
    EXPECT_EQ(view->columns()[0].text(0), "/x");
}

// Both addresses have a name.
wire::Batch named_batch() {
    wire::Batch batch = good_batch();
    batch.add_named(1);
    batch.add_named(2);
    batch.set_name("one.examplewww.example");
    batch.add_name_size(11);
    batch.add_name_size(11);
    batch.set_name_source("\x01\x02");
    return batch;
}

TEST(BatchView, HasNamesOfAddresses) {
    const wire::Batch batch = named_batch();
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_TRUE(view->has_names());
    EXPECT_EQ(view->name_of(view->source(0)), (AddressName{"one.example", wire::NAME_SOURCE_DNS}));
    EXPECT_EQ(view->name_of(view->destination(0)), (AddressName{"www.example", wire::NAME_SOURCE_TLS}));
    EXPECT_EQ(view->name_of(0), AddressName{});
    const wire::Batch nameless = good_batch();
    const auto none = BatchView::check(nameless);
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has_names());
    EXPECT_EQ(none->name_of(1), AddressName{});
    wire::Batch one = named_batch();
    one.mutable_named()->RemoveLast();
    one.mutable_name_size()->RemoveLast();
    one.set_name("one.example");
    one.set_name_source("\x03");
    const auto some = BatchView::check(one);
    ASSERT_TRUE(some) << some.error().message;
    EXPECT_EQ(some->name_of(1), (AddressName{"one.example", wire::NAME_SOURCE_HTTP}));
    EXPECT_EQ(some->name_of(2), AddressName{});
}

// In place, sizes are looked at first, and the rest when a name is asked for.
TEST(BatchView, RefusesEveryForgedName) {
    const std::vector<std::pair<const char*, std::function<void(wire::Batch&)>>> forgeries = {
        {"a name of no address", [](auto& b) { b.set_named(0, 0); }},
        {"a name of an address that there is not", [](auto& b) { b.set_named(1, 3); }},
        {"a name of an address far away", [](auto& b) { b.set_named(1, ~0U); }},
        {"two names of one address", [](auto& b) { b.set_named(1, 1); }},
        {"addresses that do not ascend", [](auto& b) { b.set_named(0, 2), b.set_named(1, 1); }},
        {"a name of a MAC address",
         [](auto& b) {
             b.mutable_address()->append("\x02\0\0\0\0\x01", 6);
             b.mutable_address_size()->append("\x06");
             b.set_named(1, 3);
         }},
        {"an address without a name", [](auto& b) { b.add_named(3); }},
        {"a length too much", [](auto& b) { b.add_name_size(1); }},
        {"a length too few", [](auto& b) { b.mutable_name_size()->RemoveLast(); }},
        {"a source too much", [](auto& b) { b.mutable_name_source()->push_back(1); }},
        {"a source too few", [](auto& b) { b.mutable_name_source()->pop_back(); }},
        {"a source that nobody knows", [](auto& b) { (*b.mutable_name_source())[1] = 4; }},
        {"a source that is negative as a char", [](auto& b) { (*b.mutable_name_source())[1] = '\xff'; }},
        {"no source", [](auto& b) { (*b.mutable_name_source())[0] = 0; }},
        {"bytes without a name", [](auto& b) { b.mutable_name()->push_back('x'); }},
        {"a name without its bytes", [](auto& b) { b.mutable_name()->pop_back(); }},
        {"an empty name", [](auto& b) { b.set_name_size(0, 0), b.set_name_size(1, 22); }},
        {"a name that is too long",
         [](auto& b) { b.set_name_size(0, 256), b.set_name(std::string(256 + 11, 'x')); }},
        {"lengths that wrap", [](auto& b) { b.set_name_size(0, ~0U), b.set_name_size(1, 23); }},
        {"bytes, and nobody who is named",
         [](auto& b) { b.clear_named(), b.clear_name_size(), b.clear_name_source(); }},
    };
    for (const auto& [what, forge] : forgeries) {
        wire::Batch batch = named_batch();
        forge(batch);
        EXPECT_FALSE(BatchView::check(batch)) << what;
        const std::string bytes = batch.SerializeAsString();
        const auto in_place = BatchView::in_place(bytes);
        if (!in_place) continue;
        EXPECT_FALSE(in_place->broken()) << what << " is looked at when it is asked for";
        EXPECT_EQ(in_place->name_of(1), AddressName{}) << what;
        EXPECT_TRUE(in_place->broken()) << what;
    }
}

TEST(BatchView, HasInPlaceTheNamesThatItHasParsed) {
    const wire::Batch batch = named_batch();
    const std::string bytes = batch.SerializeAsString();
    const auto in_place = BatchView::in_place(bytes);
    ASSERT_TRUE(in_place);
    EXPECT_EQ(in_place->name_of(2), (AddressName{"www.example", wire::NAME_SOURCE_TLS}));
    EXPECT_FALSE(in_place->broken());
    EXPECT_EQ(test::told_batch(*in_place), test::told_batch(BatchView::check(batch).value()));
}

TEST(BatchView, NamesColumns) {
    wire::Batch batch = good_batch();
    for (int i = 0; i < 2; ++i) *batch.add_column() = batch.column(0);
    batch.mutable_column(1)->clear_field();
    batch.mutable_column(1)->set_name("not.in.the_table");
    batch.mutable_column(2)->set_field(65'000);  // of a newer program
    batch.mutable_column(2)->set_name("url.path");
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    ASSERT_EQ(view->columns().size(), 2U);
    EXPECT_EQ(view->columns()[0].field(), &rows::field("url.path"));
    EXPECT_EQ(view->columns()[0].name(), "url.path");
    EXPECT_EQ(view->columns()[1].field(), nullptr);
    EXPECT_EQ(view->columns()[1].name(), "not.in.the_table");
}

TEST(BatchView, ReadsAddressesOfEachSize) {
    wire::Batch batch = good_batch();
    batch.mutable_address()->append("\x02\0\0\0\0\x01", 6).append("\x20\x01\x0d\xb8", 4).append(12, '\0');
    batch.mutable_address_size()->append("\x06\x10");
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->address_slots(), 4U);
    EXPECT_EQ(base::to_string(view->address(2)), "10.0.0.2");
    EXPECT_EQ(base::to_string(view->address(3)), "02-00-00-00-00-01");
    EXPECT_EQ(base::to_string(view->address(4)), "2001:db8::");
    EXPECT_EQ(view->address_size(3), 6U);
    EXPECT_EQ(view->address_bytes(1).size(), 4U);
}

TEST(BatchView, ReadsInPlaceWhatItReadsOfAParsedBatch) {
    const wire::Batch batch = good_batch();
    const std::string bytes = batch.SerializeAsString();
    const auto in_place = BatchView::in_place(bytes);
    ASSERT_TRUE(in_place);
    EXPECT_EQ(test::told_batch(*in_place), test::told_batch(*BatchView::check(batch)));
    EXPECT_FALSE(in_place->broken());
    EXPECT_EQ(in_place->parsed(), nullptr);
}

// No block of the spool has these.
TEST(BatchView, LeavesAnswersToProtobuf) {
    wire::Batch answer = good_batch();
    answer.add_left_out(0);
    answer.add_left_out(7);
    EXPECT_FALSE(BatchView::in_place(answer.SerializeAsString()));
    wire::Batch with_bytes = good_batch();
    with_bytes.set_captured(std::string(60 + 96, 'x'));
    ASSERT_TRUE(BatchView::check(with_bytes));
    EXPECT_FALSE(BatchView::in_place(with_bytes.SerializeAsString()));
}

TEST(BatchView, NumbersRows) {
    wire::Batch batch = good_batch();
    const auto whole = BatchView::check(batch);
    ASSERT_TRUE(whole);
    EXPECT_FALSE(whole->leaves_rows_out());
    EXPECT_EQ(whole->number(0), 41U);
    EXPECT_EQ(whole->number(1), 42U);
    EXPECT_EQ(whole->number_offset(1), 1U);
    batch.add_left_out(0);
    batch.add_left_out(7);
    const auto found = BatchView::check(batch);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_TRUE(found->leaves_rows_out());
    EXPECT_EQ(found->number(0), 41U);
    EXPECT_EQ(found->number(1), 49U);
    EXPECT_EQ(found->number_offset(1), 8U);
}

TEST(BatchView, ReadsLayers) {
    const wire::Batch batch = good_batch();
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->layers_count(), 2U);
    EXPECT_EQ(view->layers_index(0), 1U);
    EXPECT_EQ(view->layers(1), "eth:ethertype:ip:tcp");
    EXPECT_EQ(view->ethertype(1), 0x0800);
    EXPECT_EQ(view->layers_index(1), 0U);
    EXPECT_EQ(view->layers(0), "");
    EXPECT_EQ(view->ethertype(0), 0);
}

TEST(BatchView, ReadsNumbersOfHeaders) {
    const wire::Batch batch = good_batch();
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_TRUE(view->has_ip(0) && view->has_ipv4(0) && view->has_tcp(0) && view->has_tcp_timestamps(0));
    EXPECT_FALSE(view->has_udp(0) || view->is_fragment(0));
    EXPECT_EQ(view->hop_limit(0), 64);
    EXPECT_EQ(view->dscp(0), 46);
    EXPECT_EQ(view->ecn(0), 1);
    EXPECT_EQ(view->identification(0), 0xABCD);
    EXPECT_TRUE(view->fragment_bit(0, wire::FRAGMENT_DONT));
    EXPECT_FALSE(view->fragment_bit(0, wire::FRAGMENT_MORE));
    EXPECT_EQ(view->tcp_flags(0), 0x112);
    EXPECT_EQ(view->tcp_window(0), 65535);
    EXPECT_EQ(view->tcp_payload_bytes(0), 1448);
    EXPECT_EQ(view->tcp_sequence(0), 0xFFFFFFFE);
    EXPECT_EQ(view->tcp_acknowledgement(0), 3U);
    EXPECT_EQ(view->tcp_timestamp(0), 4U);
    EXPECT_EQ(view->tcp_timestamp_echo(0), 0U);
    EXPECT_FALSE(view->has_ip(1) || view->has_ipv4(1) || view->has_tcp(1) || view->has_tcp_timestamps(1));
    EXPECT_EQ(view->udp_length(1), 9);
}

// The header of IPv6 that makes a packet a fragment may be there although the packet is whole.
TEST(BatchView, TellsWhatIsAFragment) {
    struct Case {
        wire::Network network;
        std::uint16_t bits;
        bool is_fragment;
        std::uint32_t offset;
    };
    for (const Case& c : {
             Case{wire::NETWORK_IPV4, wire::FRAGMENT_MORE, true, 0},
             Case{wire::NETWORK_IPV4, 185, true, 185},
             Case{wire::NETWORK_IPV4, 0x8000, false, 0},
             Case{wire::NETWORK_IPV6, wire::FRAGMENT_HEADER, true, 0},
             Case{wire::NETWORK_IPV6, 0, false, 0},
             Case{wire::NETWORK_IPV4, wire::FRAGMENT_DONT | 0x1FFF, true, 8191},
         }) {
        wire::Batch batch = good_batch();
        (*batch.mutable_network())[0] = static_cast<char>(c.network);
        batch.clear_fragment();
        append_shorts(*batch.mutable_fragment(), c.bits, 0);
        const auto view = BatchView::check(batch);
        ASSERT_TRUE(view);
        EXPECT_EQ(view->is_fragment(0), c.is_fragment) << c.bits;
        EXPECT_EQ(view->fragment_offset(0), c.offset) << c.bits;
    }
}

TEST(BatchView, NumbersOfHeadersMayBeLeftOut) {
    wire::Batch batch = good_batch();
    for (std::string* column :
         {batch.mutable_hop_limit(), batch.mutable_traffic_class(), batch.mutable_identification(),
          batch.mutable_fragment(), batch.mutable_tcp_flags(), batch.mutable_tcp_window(),
          batch.mutable_tcp_payload_bytes(), batch.mutable_udp_length(), batch.mutable_tcp_sequence(),
          batch.mutable_tcp_acknowledgement(), batch.mutable_tcp_timestamp(),
          batch.mutable_tcp_timestamp_echo(), batch.mutable_layers_index()})
        column->clear();
    const auto view = BatchView::check(batch);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->hop_limit(1), 0);
    EXPECT_EQ(view->tcp_sequence(1), 0U);
    EXPECT_FALSE(view->has_tcp(0));
    EXPECT_EQ(view->layers_index(0), 0U);
}

TEST(BatchView, RefusesEveryForgedField) {
    const std::vector<std::pair<const char*, std::function<void(wire::Batch&)>>> forgeries = {
        {"no table", [](auto& b) { b.clear_table(); }},
        {"a table that there is not", [](auto& b) { b.set_table(static_cast<wire::Table>(99)); }},
        {"no number", [](auto& b) { b.set_first_number(0); }},
        {"a number that wraps", [](auto& b) { b.set_first_number(~0ULL); }},
        {"a last row beyond the limit", [](auto& b) { b.set_first_number(kNumberLimit); }},
        {"numbers left out for one row of two", [](auto& b) { b.add_left_out(0); }},
        {"numbers left out before the first row", [](auto& b) { b.add_left_out(1), b.add_left_out(0); }},
        {"numbers left out beyond the limit",
         [](auto& b) { b.add_left_out(0), b.add_left_out(kNumberLimit - 41); }},
        {"numbers left out that wrap", [](auto& b) { b.add_left_out(0), b.add_left_out(~0ULL); }},
        {"no rows", [](auto& b) { b.set_rows(0); }},
        {"too many rows", [](auto& b) { b.set_rows(kBatchRowLimit + 1); }},
        {"more rows than entries", [](auto& b) { b.set_rows(3); }},
        {"slots without bytes", [](auto& b) { b.set_address_size("\x04\x04\x04"); }},
        {"odd address size",
         [](auto& b) { b.set_address_size("\x04\x05"), b.mutable_address()->push_back(1); }},
        {"bytes without a slot", [](auto& b) { b.mutable_address()->push_back(1); }},
        {"sizes of other addresses", [](auto& b) { b.set_address_size("\x04\x06"); }},
        {"a size that is negative as a char", [](auto& b) { b.set_address_size("\x04\xfc"); }},
        {"more addresses than two bytes can name",
         [](auto& b) {
             b.set_address_size(std::string(kBatchAddressLimit + 1, '\4'));
             b.set_address(std::string(4 * (kBatchAddressLimit + 1), 'a'));
         }},
        {"slot out of range", [](auto& b) { (*b.mutable_source())[0] = 3; }},
        {"column too long", [](auto& b) { b.add_wire_bytes(1); }},
        {"optional column too short", [](auto& b) { append_short(*b.mutable_source_port(), 1); }},
        {"half a number", [](auto& b) { b.mutable_destination()->pop_back(); }},
        {"slot out of range in its upper byte", [](auto& b) { (*b.mutable_destination())[3] = 1; }},
        {"cut more than there was", [](auto& b) { b.set_cut_bytes(0, 61); }},
        {"network", [](auto& b) { (*b.mutable_network())[0] = 4; }},
        {"flags", [](auto& b) { (*b.mutable_flags())[0] = 32; }},
        {"protocol", [](auto& b) { (*b.mutable_protocol_index())[1] = 1; }},
        {"chain of layers", [](auto& b) { (*b.mutable_layers_index())[2] = 2; }},
        {"chains without entries", [](auto& b) { b.clear_layers(); }},
        {"half a chain", [](auto& b) { b.mutable_layers_index()->pop_back(); }},
        {"too many chains",
         [](auto& b) {
             while (b.layers_size() <= kBatchLayersLimit) b.add_layers();
         }},
        {"names of layers",
         [](auto& b) { b.mutable_layers(0)->set_names(std::string(kLayersNamesLimit + 1, 'x')); }},
        {"EtherType", [](auto& b) { b.mutable_layers(0)->set_ethertype(65536); }},
        {"hop limits", [](auto& b) { b.mutable_hop_limit()->push_back(1); }},
        {"traffic classes", [](auto& b) { b.mutable_traffic_class()->pop_back(); }},
        {"identifications", [](auto& b) { b.mutable_identification()->pop_back(); }},
        {"fragments", [](auto& b) { b.mutable_fragment()->push_back(1); }},
        {"TCP flags", [](auto& b) { b.mutable_tcp_flags()->pop_back(); }},
        {"TCP windows", [](auto& b) { b.mutable_tcp_window()->pop_back(); }},
        {"TCP payloads", [](auto& b) { b.mutable_tcp_payload_bytes()->pop_back(); }},
        {"UDP lengths", [](auto& b) { b.mutable_udp_length()->pop_back(); }},
        {"TCP sequences", [](auto& b) { b.mutable_tcp_sequence()->resize(4); }},
        {"TCP acknowledgements", [](auto& b) { b.mutable_tcp_acknowledgement()->resize(6); }},
        {"TCP timestamps", [](auto& b) { b.mutable_tcp_timestamp()->push_back(1); }},
        {"TCP timestamps echoed", [](auto& b) { b.mutable_tcp_timestamp_echo()->resize(12); }},
        {"no interface", [](auto& b) { b.clear_interface(); }},
        {"interface", [](auto& b) { b.add_interface_index(0), b.add_interface_index(1); }},
        {"column row", [](auto& b) { b.mutable_column(0)->set_row(0, 2); }},
        {"column values", [](auto& b) { b.mutable_column(0)->add_row(1); }},
        {"column text", [](auto& b) { b.mutable_column(0)->set_text_size(0, 3); }},
        {"column text sum", [](auto& b) { b.mutable_column(0)->set_text_size(0, 0xffffffff); }},
        {"column order",
         [](auto& b) {
             b.mutable_column(0)->add_row(0);
             b.mutable_column(0)->add_text_size(0);
         }},
        {"column twice in a row",
         [](auto& b) {
             b.mutable_column(0)->add_row(1);
             b.mutable_column(0)->add_text_size(0);
         }},
        {"address column",
         [](auto& b) {
             auto& column = *b.mutable_column(0);
             column.clear_text(), column.clear_text_size();
             column.set_kind(wire::Column::ADDRESS);
             column.add_number(3);
         }},
        {"kind", [](auto& b) { b.mutable_column(0)->set_kind(static_cast<wire::Column::Kind>(7)); }},
    };
    for (const auto& [what, forge] : forgeries) {
        wire::Batch batch = good_batch();
        forge(batch);
        EXPECT_FALSE(BatchView::check(batch)) << what;
        const std::string bytes = batch.SerializeAsString();
        const auto in_place = BatchView::in_place(bytes);
        if (!in_place) continue;
        (void)test::told_batch(*in_place);
        EXPECT_TRUE(in_place->broken()) << what;
    }
}

TEST(BatchView, ForgedTimesWrapInsteadOfOverflowing) {
    wire::Batch batch = good_batch();
    batch.set_first_time_ns(std::numeric_limits<std::int64_t>::max());
    batch.set_time_delta_ns(1, std::numeric_limits<std::int64_t>::max());
    EXPECT_TRUE(BatchView::check(batch));
}

}  // namespace
}  // namespace packetsentry::proto
