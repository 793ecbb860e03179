#include <gtest/gtest.h>

#include "ctl/render/ledger.h"
#include "ctl/render/progress.h"
#include "ctl/render/table.h"

namespace packetsentry::ctl::render {
namespace {

TEST(Ledger, UsualCountsAlways) {
    wire::Ledger ledger;
    ledger.set_received(12);
    EXPECT_EQ(ledger_text(12, ledger, 0),
              "12 packets shown; received 12, dropped by the kernel 0, shed 0, malformed 0, missed here 0");
    EXPECT_EQ(ledger_text(1, wire::Ledger(), 0),
              "1 packet shown; received 0, dropped by the kernel 0, shed 0, malformed 0, missed here 0");
    EXPECT_EQ(ledger_text(3, std::nullopt, 2), "3 packets shown; missed here 2");
}

TEST(Ledger, RareCountsWhereTheyAre) {
    wire::Ledger ledger;
    ledger.set_received(20);
    ledger.set_dropped_by_kernel(1);
    ledger.set_unread(2);
    ledger.set_filtered(3);
    ledger.set_shed(4);
    ledger.set_malformed(5);
    ledger.set_saved(6);
    ledger.set_not_saved(7);
    EXPECT_EQ(ledger_text(10, ledger, 8),
              "10 packets shown; received 20, dropped by the kernel 1, unread 2, filtered out 3, shed 4, "
              "malformed 5, saved 6, not saved 7, missed here 8");
}

TEST(Progress, Text) {
    EXPECT_EQ(progress_text({2'400'000, 45, 100, 1.0}), "2400000 packets, 45 %, 2.4 M packets/s");
    EXPECT_EQ(progress_text({5000, 0, 0, 2.0}), "5000 packets, 2 k packets/s");
    EXPECT_EQ(progress_text({10, 300, 200, 0.0}), "10 packets, 100 %");
    EXPECT_EQ(progress_text({10, 0, 0, 1.0}), "10 packets, 10 packets/s");
}

TEST(Table, ColumnsAreAsWideAsTheirWidestCell) {
    Table table({"ID", "NAME", "STATE"});
    table.add({"1", "", "running"});
    table.add({"12", "m\xc3\xbcller\n", "failed"});
    EXPECT_EQ(table.text(true),
              "ID  NAME        STATE\n"
              "1   -           running\n"
              "12  m\xc3\xbcller\\x0A  failed\n");
    EXPECT_EQ(table.text(false),
              "1   -           running\n"
              "12  m\xc3\xbcller\\x0A  failed\n");
}

TEST(Table, Facts) {
    EXPECT_EQ(facts_text({{"Job", "3"}, {"Filter", "none\x1b"}}), "Job:     3\nFilter:  none\\x1B\n");
}

}  // namespace
}  // namespace packetsentry::ctl::render
