#include "daemon/spool/search/row_options.h"

#include <gtest/gtest.h>

#include "tests/support/row_builder.h"

namespace packetsentry::spool {
namespace {

// Rows are compared many at once, and what remains one by one.
TEST(RowOptions, FindAnAddressAmongManyRows) {
    const auto prefix_of = [](const base::Address& address, int bits) {
        return RowOptions({.address = base::AddressPrefix{address, bits}});
    };
    for (const std::uint32_t count : {1U, 63U, 64U, 65U, 200U}) {
        test::RowBuilder rows;
        for (std::uint32_t row = 0; row < count; ++row) {
            const std::string host = "10.0.0." + std::to_string(row % 7);
            rows.row({.source = row % 2 == 0 ? host : "2001:db8::1",
                      .destination = row % 2 == 0 ? "192.0.2.1" : host});
        }
        const wire::Batch batch = rows.batch();
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        const std::uint32_t sought = std::min(3U, count - 1);
        const base::Address address =
            view->address(sought % 2 == 0 ? view->source(sought) : view->destination(sought));
        std::vector<std::uint8_t> one(count, 1), network(count, 1), none(count, 0);
        prefix_of(address, 32).keep(*view, one);
        prefix_of(address, 29).keep(*view, network);
        prefix_of(address, 32).keep(*view, none);
        for (std::uint32_t row = 0; row < count; ++row) {
            EXPECT_EQ(one[row], row % 7 == sought % 7 ? 1 : 0) << row << " of " << count;
            EXPECT_EQ(network[row], 1) << row << " of " << count;
            EXPECT_EQ(none[row], 0) << row << " of " << count;
        }
    }
}

}  // namespace
}  // namespace packetsentry::spool
