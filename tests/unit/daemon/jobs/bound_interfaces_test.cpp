#include "daemon/jobs/bound_interfaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packetsentry::jobs {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

InterfaceTable table(std::initializer_list<std::pair<const char*, std::uint32_t>> interfaces) {
    InterfaceTable made;
    for (const auto& [name, index] : interfaces) made[name].index = index;
    return made;
}

struct BoundInterfacesTest : testing::Test {
    void order(std::initializer_list<const char*> ordered) {
        for (const char* name : ordered) *names.Add() = name;
    }
    void expect(std::initializer_list<const char*> present, std::initializer_list<std::uint32_t> indices) {
        EXPECT_THAT(names, ElementsAreArray(present));
        EXPECT_THAT(bound.indices(), ElementsAreArray(indices));
    }

    BoundInterfaces bound;
    BoundInterfaces::Names names;
};

TEST_F(BoundInterfacesTest, FollowsARename) {
    order({"n1"});
    EXPECT_FALSE(bound.look(table({{"lo", 1}, {"n1", 5}}), names));
    expect({"n1"}, {5});
    EXPECT_TRUE(bound.look(table({{"lo", 1}, {"n9", 5}}), names));
    expect({"n9"}, {5});
    EXPECT_FALSE(bound.look(table({{"lo", 1}, {"n9", 5}}), names));
}

TEST_F(BoundInterfacesTest, FollowsARenameOfAnEarlierLife) {
    order({"n1", "n2"});
    bound = BoundInterfaces({5, 6});
    EXPECT_TRUE(bound.look(table({{"lo", 1}, {"n9", 5}, {"n1", 7}, {"n2", 8}}), names));
    expect({"n9", "n2"}, {5, 8});
}

TEST_F(BoundInterfacesTest, AnotherOneThatGetsTheNameIsAnother) {
    order({"n1"});
    (void)bound.look(table({{"n1", 5}, {"n2", 6}}), names);
    EXPECT_TRUE(bound.look(table({{"n9", 5}, {"n1", 6}}), names));
    expect({"n9"}, {5});
}

TEST_F(BoundInterfacesTest, TwoThatChangeNamesStayWhereTheyWere) {
    order({"n1", "n2"});
    (void)bound.look(table({{"n1", 5}, {"n2", 6}}), names);
    EXPECT_TRUE(bound.look(table({{"n2", 5}, {"n1", 6}}), names));
    expect({"n2", "n1"}, {5, 6});
}

TEST_F(BoundInterfacesTest, OneThatHasGoneIsWaitedForByItsLastName) {
    order({"n1"});
    (void)bound.look(table({{"n1", 5}}), names);
    (void)bound.look(table({{"n9", 5}}), names);
    EXPECT_FALSE(bound.look(table({{"lo", 1}}), names));
    expect({"n9"}, {0});
    EXPECT_FALSE(bound.look(table({{"lo", 1}, {"n1", 7}}), names));
    expect({"n9"}, {0});
    EXPECT_FALSE(bound.look(table({{"lo", 1}, {"n9", 8}}), names));
    expect({"n9"}, {8});
}

TEST_F(BoundInterfacesTest, OneMadeAgainBetweenTwoLooksIsTaken) {
    order({"n1"});
    (void)bound.look(table({{"n1", 5}}), names);
    EXPECT_FALSE(bound.look(table({{"n1", 6}}), names));
    expect({"n1"}, {6});
}

TEST_F(BoundInterfacesTest, AnyIsBoundToNone) {
    order({"any", "n1"});
    (void)bound.look(table({{"lo", 1}, {"n1", 5}}), names);
    expect({"any", "n1"}, {0, 5});
    EXPECT_TRUE(bound.missing(names).empty());
    (void)bound.look(table({{"lo", 1}}), names);
    EXPECT_THAT(bound.missing(names), ElementsAre("n1"));
}

TEST_F(BoundInterfacesTest, ATableThatCouldNotBeReadChangesNothing) {
    order({"n1"});
    (void)bound.look(table({{"n1", 5}}), names);
    EXPECT_FALSE(bound.look({}, names));
    expect({"n1"}, {5});
}

}  // namespace
}  // namespace packetsentry::jobs
