#include "proto/rows/batch_view.h"

#include <gtest/gtest.h>

#include <functional>

namespace packetsentry::proto {
namespace {

// Two rows: a TCP packet and one without addresses.
wire::Batch good_batch() {
    wire::Batch batch;
    batch.set_table(wire::TABLE_PACKETS);
    batch.set_first_number(41);
    batch.set_rows(2);
    batch.add_interface()->set_name("eth0");
    batch.add_protocol()->set_word("TCP");
    batch.set_address(std::string("\x0a\0\0\x01", 4) + std::string(12, '\0') +
                      std::string("\x0a\0\0\x02", 4) + std::string(12, '\0'));
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
    wire::Column& column = *batch.add_column();
    column.set_name("url.path");
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

TEST(BatchView, RefusesEveryForgedField) {
    const std::vector<std::pair<const char*, std::function<void(wire::Batch&)>>> forgeries = {
        {"no table", [](auto& b) { b.clear_table(); }},
        {"a table that there is not", [](auto& b) { b.set_table(static_cast<wire::Table>(99)); }},
        {"no number", [](auto& b) { b.set_first_number(0); }},
        {"a number that wraps", [](auto& b) { b.set_first_number(~0ULL); }},
        {"no rows", [](auto& b) { b.set_rows(0); }},
        {"too many rows", [](auto& b) { b.set_rows(kBatchRowLimit + 1); }},
        {"more rows than entries", [](auto& b) { b.set_rows(3); }},
        {"slots without bytes", [](auto& b) { b.set_address_size("\x04\x04\x04"); }},
        {"odd address size", [](auto& b) { b.set_address_size("\x04\x05"); }},
        {"slot out of range", [](auto& b) { (*b.mutable_source())[0] = 3; }},
        {"column too long", [](auto& b) { b.add_wire_bytes(1); }},
        {"optional column too short", [](auto& b) { append_short(*b.mutable_source_port(), 1); }},
        {"half a number", [](auto& b) { b.mutable_destination()->pop_back(); }},
        {"slot out of range in its upper byte", [](auto& b) { (*b.mutable_destination())[3] = 1; }},
        {"cut more than there was", [](auto& b) { b.set_cut_bytes(0, 61); }},
        {"network", [](auto& b) { (*b.mutable_network())[0] = 4; }},
        {"flags", [](auto& b) { (*b.mutable_flags())[0] = 32; }},
        {"protocol", [](auto& b) { (*b.mutable_protocol_index())[1] = 1; }},
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
