#include "daemon/quota/capture_resources.h"

#include <gtest/gtest.h>

#include <array>

namespace packetsentry::quota {
namespace {

using SharePtr = CaptureResources::SharePtr;

constexpr uid_t kCarol = 1000;
constexpr uid_t kDave = 1001;
constexpr std::uint64_t kMiB = 1ULL << 20;

constexpr CaptureLimits kLimits{.sockets_per_interface = 2,
                                .sockets = 5,
                                .filter_instructions = 100,
                                .interface_instructions = 150,
                                .user_ring_bytes = 40 * kMiB,
                                .ring_bytes = 60 * kMiB,
                                .memory_output_bytes = 10 * kMiB,
                                .compilers = 2};

CaptureNeeds on(std::vector<std::string> interfaces, std::uint64_t ring_bytes = kMiB,
                std::uint64_t memory = 0) {
    return {.interfaces = std::move(interfaces), .ring_bytes = ring_bytes, .memory_output_bytes = memory};
}

std::string refusal(const base::Result<SharePtr>& taken) {
    EXPECT_FALSE(taken);
    return taken ? "" : taken.error().message;
}

TEST(CaptureResources, AShareIsHeldAndGivenBack) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    {
        const auto share = resources.take(kCarol, on({"a", "b"}, 3 * kMiB, kMiB));
        ASSERT_TRUE(share);
        EXPECT_TRUE(resources.put_filters(*share, std::array{10U, 20U}));
        EXPECT_EQ(resources.use(kCarol).sockets, 2U);
        EXPECT_EQ(resources.use(kCarol).ring_bytes, 6 * kMiB);
        EXPECT_EQ(resources.use(kCarol).filter_instructions, 30U);
        EXPECT_EQ(resources.memory_output_left(kCarol), 9 * kMiB);
        EXPECT_EQ(resources.use_of_all().sockets, 2U);
        EXPECT_EQ(resources.use(kDave).sockets, 0U);
    }
    EXPECT_EQ(resources.use_of_all().ring_bytes, 0U);
    EXPECT_EQ(resources.use_of_all().filter_instructions, 0U);
    EXPECT_EQ(resources.memory_output_left(kCarol), 10 * kMiB);
}

TEST(CaptureResources, SocketsOnAnInterfaceAreLimitedAUser) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto first = resources.take(kCarol, on({"a"}));
    const auto second = resources.take(kCarol, on({"a", "b"}));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(refusal(resources.take(kCarol, on({"c", "a"}))),
              "your captures have 2 packet sockets on 'a', which is the limit "
              "(captures.sockets_per_interface); stop one with 'packetsentryctl stop JOB'");
    EXPECT_TRUE(resources.take(kCarol, on({"b"})));
    EXPECT_TRUE(resources.take(kDave, on({"a"}))) << "another's are another's";
}

// Its socket stands in the path of every interface.
TEST(CaptureResources, AnyCountsOnEachInterface) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto any = resources.take(kCarol, on({"any"}));
    const auto first = resources.take(kCarol, on({"a"}));
    ASSERT_TRUE(any && first);
    EXPECT_FALSE(resources.take(kCarol, on({"a"})));
    EXPECT_FALSE(resources.take(kCarol, on({"any"}))) << "there would be three on 'a'";
    EXPECT_TRUE(resources.take(kCarol, on({"b"})));
}

TEST(CaptureResources, SocketsInAllAreLimited) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto some = resources.take(kCarol, on({"a", "b", "c", "d"}));
    ASSERT_TRUE(some);
    EXPECT_TRUE(resources.take(kCarol, on({"e"})));
    EXPECT_NE(refusal(resources.take(kCarol, on({"e", "f"}))).find("captures.sockets_per_user"),
              std::string::npos);
}

TEST(CaptureResources, RingsAreLimitedAUserAndTogether) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto alices = resources.take(kCarol, on({"a", "b"}, 16 * kMiB));
    ASSERT_TRUE(alices);
    EXPECT_EQ(refusal(resources.take(kCarol, on({"c"}, 16 * kMiB))),
              "the kernel rings of your captures use 32 MiB, and this capture needs 16 MiB more; the limit "
              "is 40 MiB "
              "(memory.rings_per_user); stop one with 'packetsentryctl stop JOB'");
    EXPECT_NE(refusal(resources.take(kDave, on({"c", "d"}, 16 * kMiB))).find("(memory.rings)"),
              std::string::npos);
    EXPECT_TRUE(resources.take(kDave, on({"c"}, 16 * kMiB)));
}

TEST(CaptureResources, FiltersOnAnInterfaceAreLimitedTogether) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto first = resources.take(kCarol, on({"a"})).value();
    const auto second = resources.take(kCarol, on({"b", "a"})).value();
    EXPECT_TRUE(resources.put_filters(first, std::array{90U}));
    EXPECT_TRUE(resources.put_filters(second, std::array{100U, 60U}));
    const auto refused = resources.put_filters(second, std::array{100U, 61U});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::ErrorCode::filter);
    EXPECT_EQ(refused.error().message.find("the filters of your captures on 'a' have 151 instructions"), 0U);
    const auto others = resources.take(kDave, on({"a"})).value();
    EXPECT_TRUE(resources.put_filters(others, std::array{100U}));
}

TEST(CaptureResources, OutputsInMemoryAreLimitedTogether) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto first = resources.take(kCarol, on({"a"}, kMiB, 8 * kMiB));
    ASSERT_TRUE(first);
    EXPECT_NE(refusal(resources.take(kCarol, on({"b"}, kMiB, 3 * kMiB))).find("memory.outputs_per_user"),
              std::string::npos);
    EXPECT_TRUE(resources.take(kCarol, on({"b"}, kMiB, 2 * kMiB)));
}

// In a handover two workers of a job run at once.
TEST(CaptureResources, ASuccessorIsLetInOnThePlaceOfItsPredecessorOneAtATime) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    auto first = resources.take(kCarol, on({"a"})).value();
    const auto second = resources.take(kCarol, on({"a"})).value();
    EXPECT_FALSE(resources.take(kCarol, on({"a"})));
    auto successor = resources.take(kCarol, on({"a"}), first);
    ASSERT_TRUE(successor) << successor.error().message;
    EXPECT_EQ(resources.use(kCarol).sockets, 3U);
    EXPECT_NE(refusal(resources.take(kCarol, on({"a"}), second)).find("another change"), std::string::npos);
    first.reset();
    EXPECT_TRUE(resources.take(kCarol, on({"a"}), second));
}

// The root user may have lowered them since.
TEST(CaptureResources, ASuccessorIsLetInWhereMoreIsHeldThanTheLimits) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto first = resources.take(kCarol, on({"a", "b"}, kMiB, 8 * kMiB)).value();
    const auto second = resources.take(kCarol, on({"a"})).value();
    resources.set_limits({.sockets_per_interface = 1, .sockets = 1, .memory_output_bytes = kMiB});
    EXPECT_TRUE(resources.take(kCarol, on({"a", "b"}, kMiB, 8 * kMiB), first));
    EXPECT_TRUE(resources.take(kCarol, on({"a"}), second));
}

TEST(CaptureResources, OfASuccessorsFiltersThePredecessorsAreTakenOff) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto first = resources.take(kCarol, on({"a"})).value();
    const auto other = resources.take(kCarol, on({"a"})).value();
    ASSERT_TRUE(resources.put_filters(first, std::array{100U}));
    ASSERT_TRUE(resources.put_filters(other, std::array{50U}));
    const auto successor = resources.take(kCarol, on({"a"}), first).value();
    EXPECT_TRUE(resources.put_filters(successor, std::array{90U}));
    EXPECT_FALSE(resources.put_filters(successor, std::array{101U}));
}

TEST(CaptureResources, WhoSavesToADiskIsNotAskedForMemory) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto full = resources.take(kCarol, on({"a"}, kMiB, 10 * kMiB)).value();
    resources.set_limits({.memory_output_bytes = kMiB});
    EXPECT_TRUE(resources.take(kCarol, on({"b"})));
}

TEST(CaptureResources, RootIsCountedAndNotLimited) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    std::vector<SharePtr> shares;
    for (int i = 0; i < 9; ++i) shares.push_back(resources.take(0, on({"a"}, 16 * kMiB, 16 * kMiB)).value());
    EXPECT_EQ(resources.use(0).sockets, 9U);
    EXPECT_TRUE(resources.put_filters(shares.front(), std::array{4096U}));
    EXPECT_TRUE(resources.take(kCarol, on({"a"}, kMiB)).has_value() == false)
        << "its rings are there all the same";
}

TEST(CaptureResources, FewFiltersOfAUserAreCompiledAtOnce) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    int changes = 0;
    const auto changed = resources.turns_changed().subscribe([&] { ++changes; });
    auto first = resources.take_turn(kCarol);
    const auto second = resources.take_turn(kCarol);
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(resources.take_turn(kCarol));
    EXPECT_TRUE(resources.take_turn(kDave));
    EXPECT_EQ(changes, 1) << "Bob's was given back at once";
    first.reset();
    EXPECT_EQ(changes, 2);
    EXPECT_TRUE(resources.take_turn(kCarol));
    std::vector<CaptureResources::TurnPtr> roots;
    for (int i = 0; i < 9; ++i) roots.push_back(resources.take_turn(0));
    for (const auto& turn : roots) EXPECT_TRUE(turn);
}

TEST(CaptureResources, OtherLimitsTakeNothingAway) {
    const auto made = std::make_shared<CaptureResources>(kLimits);
    CaptureResources& resources = *made;
    const auto share = resources.take(kCarol, on({"a", "b"})).value();
    resources.set_limits({.sockets_per_interface = 1, .sockets = 1});
    EXPECT_EQ(resources.use(kCarol).sockets, 2U);
    EXPECT_FALSE(resources.take(kCarol, on({"c"})));
}

}  // namespace
}  // namespace packetsentry::quota
