#include "daemon/flows/flow_history.h"

#include <gtest/gtest.h>

namespace packetsentry::flows {
namespace {

TEST(FlowHistory, HasALetterForTheFirstEventOfEachSide) {
    FlowHistory history;
    EXPECT_FALSE(history.add_first(FlowEvent::data, true, 'D'));
    EXPECT_FALSE(history.add_first(FlowEvent::data, false, 'd'));
    EXPECT_TRUE(history.add_first(FlowEvent::data, true, 'D'));
    EXPECT_EQ(history.text(), "Dd");
}

TEST(FlowHistory, RemembersEventsOfTheOtherSideWhenItBeginsAgain) {
    FlowHistory history;
    (void)history.add_first(FlowEvent::syn, true, 'H');
    history.begin_again("^h");
    EXPECT_TRUE(history.add_first(FlowEvent::syn, false, 'h'));
    EXPECT_FALSE(history.add_first(FlowEvent::syn, true, 'S'));
    EXPECT_EQ(history.text(), "^hS");
}

TEST(FlowHistory, IsBounded) {
    FlowHistory history;
    for (std::size_t i = 0; i < FlowHistory::kLimit; ++i) history.add('T');
    EXPECT_FALSE(history.cut());
    history.add('T');
    EXPECT_TRUE(history.cut());
    EXPECT_EQ(history.text().size(), FlowHistory::kLimit);
}

TEST(ScaledEvent, IsWorthALetterForEachTenfold) {
    ScaledEvent event;
    int letters = 0;
    for (int i = 0; i < 1000; ++i) letters += event.happens() ? 1 : 0;
    EXPECT_EQ(letters, 4);
    EXPECT_EQ(event.count(), 1000U);
}

}  // namespace
}  // namespace packetsentry::flows
