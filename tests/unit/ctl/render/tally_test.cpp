#include <gtest/gtest.h>

#include "ctl/render/table.h"
#include "ctl/render/tally.h"

namespace packetsentry::ctl::render {
namespace {

TEST(Ledger, IsShortWhereNothingWasLost) {
    wire::Ledger ledger;
    ledger.set_received(120);
    ledger.set_filtered(108);
    ledger.set_malformed(1);
    ledger.set_saved(12);
    EXPECT_EQ(ledger_text({.shown = 12, .ledger = ledger}), "12 packets shown, none lost");
    EXPECT_EQ(ledger_text({.shown = 1, .ledger = wire::Ledger()}), "1 packet shown, none lost");
}

TEST(Ledger, IsWholeWhereSomethingWas) {
    wire::Ledger ledger;
    ledger.set_dropped_by_kernel(1);
    ledger.set_unread(2);
    ledger.set_filtered(3);
    ledger.set_shed(4);
    ledger.set_malformed(5);
    ledger.set_saved(6);
    ledger.set_not_saved(7);
    Tally tally{.shown = 10, .missed = 8, .not_kept = 9, .not_shown = 11, .ledger = ledger};
    const std::string lost =
        "10 packets shown, 33 lost: dropped by the kernel 1, shed 4, missed here 8, no longer kept 9, not "
        "shown "
        "here 11; ";
    const std::string rest = "filtered out 3, unread 2, malformed 5, saved 6, not saved 7";
    EXPECT_EQ(ledger_text(tally), lost + rest);
    // Where the numbers add up.
    tally.ledger->set_received(10 + 33 + 3 + 2);
    EXPECT_EQ(ledger_text(tally), lost + "received 48, " + rest);
}

TEST(Ledger, OfFlowsTellsThePacketsThatTheyAreMadeOf) {
    wire::Ledger ledger;
    ledger.set_recorded(120);
    EXPECT_EQ(ledger_text({.table = wire::TABLE_FLOWS, .shown = 3, .ledger = ledger}),
              "3 flows of 120 packets shown, none lost");
    ledger.set_dropped_by_kernel(5);
    ledger.mutable_flows()->set_shed(2);
    EXPECT_EQ(
        ledger_text({.table = wire::TABLE_FLOWS, .shown = 1, .missed = 4, .ledger = ledger}),
        "1 flow of 120 packets shown; packets lost: dropped by the kernel 5; flows lost: shed 2, missed "
        "here 4");
    EXPECT_EQ(ledger_text({.table = wire::TABLE_FLOWS, .shown = 1}),
              "1 flow shown, how many were lost is not known");
}

TEST(Ledger, AFileThatMissesPacketsIsTold) {
    wire::Ledger ledger;
    ledger.set_received(10);
    ledger.set_saved(6);
    ledger.set_not_saved(4);
    EXPECT_EQ(ledger_text({.shown = 10, .ledger = ledger}),
              "10 packets shown, none lost; received 10, malformed 0, saved 6, not saved 4");
}

TEST(Ledger, WhatIsNotKnownIsNotClaimed) {
    EXPECT_EQ(ledger_text({.shown = 3}), "3 packets shown, how many were lost is not known");
    EXPECT_EQ(ledger_text({.shown = 3, .missed = 2}), "3 packets shown, at least 2 lost: missed here 2");
    wire::Ledger ledger;
    ledger.set_received(14);
    EXPECT_EQ(ledger_text({.shown = 18, .ledger = ledger, .complete = false}),
              "18 packets shown, how many were lost is not known");
}

TEST(Ledger, OfATimeIsWhatWasCountedInIt) {
    wire::Ledger before;
    before.set_received(10);
    before.set_dropped_by_kernel(3);
    before.set_unread(5);
    wire::Ledger now = before;
    now.set_received(25);
    now.set_dropped_by_kernel(4);
    now.set_unread(1);
    const wire::Ledger meanwhile = since(before, now);
    EXPECT_EQ(meanwhile.received(), 15U);
    EXPECT_EQ(meanwhile.dropped_by_kernel(), 1U);
    EXPECT_EQ(meanwhile.unread(), 1U);
    EXPECT_EQ(since(now, before).received(), 0U);
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
