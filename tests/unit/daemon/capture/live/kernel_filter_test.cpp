#include "daemon/capture/live/kernel_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "daemon/base/unique_fd.h"

namespace packetsentry::capture {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t kExtensions = static_cast<std::uint32_t>(SKF_AD_OFF);
constexpr unsigned short kLoad = BPF_LD | BPF_H | BPF_ABS;

base::Result<KernelFilter> converted(bpf_insn instruction, int dlt) {
    const bpf_program program{1, &instruction};
    return kernel_filter(program, dlt);
}

struct Load {
    int dlt;
    std::uint32_t offset;
    std::uint32_t in_kernel;
};

class CookedLoads : public testing::TestWithParam<Load> {};

TEST_P(CookedLoads, AreMovedToWhereTheKernelHasIt) {
    const auto& [dlt, offset, in_kernel] = GetParam();
    for (const unsigned short code : {kLoad, static_cast<unsigned short>(BPF_LDX | BPF_B | BPF_MSH),
                                      static_cast<unsigned short>(BPF_LD | BPF_B | BPF_IND)}) {
        const auto filter = converted({code, 0, 0, offset}, dlt);
        ASSERT_TRUE(filter);
        ASSERT_EQ(filter->size(), 1U);
        EXPECT_EQ(filter->front().code, code);
        EXPECT_EQ(filter->front().k, in_kernel);
    }
}

INSTANTIATE_TEST_SUITE_P(Table, CookedLoads,
                         testing::Values(Load{DLT_EN10MB, 12, 12}, Load{DLT_LINUX_SLL2, 20, 0},
                                         Load{DLT_LINUX_SLL2, 43, 23},
                                         Load{DLT_LINUX_SLL2, 0, kExtensions + SKF_AD_PROTOCOL},
                                         Load{DLT_LINUX_SLL2, 4, kExtensions + SKF_AD_IFINDEX},
                                         Load{DLT_LINUX_SLL2, 8, kExtensions + SKF_AD_HATYPE},
                                         Load{DLT_LINUX_SLL2, 10, kExtensions + SKF_AD_PKTTYPE},
                                         Load{DLT_LINUX_SLL2, kExtensions + 4, kExtensions + 4},
                                         Load{DLT_LINUX_SLL, 16, 0},
                                         Load{DLT_LINUX_SLL, 2, kExtensions + SKF_AD_HATYPE},
                                         Load{DLT_LINUX_SLL, 14, kExtensions + SKF_AD_PROTOCOL},
                                         Load{DLT_LINUX_SLL, 0, kExtensions + SKF_AD_PKTTYPE}));

TEST(KernelFilter, RestOfACookedHeaderIsRefused) {
    const auto filter = converted({kLoad, 0, 0, 12}, DLT_LINUX_SLL2);
    ASSERT_FALSE(filter);
    EXPECT_EQ(filter.error().code, base::ErrorCode::filter);
    EXPECT_THAT(filter.error().message, HasSubstr("byte 12 of a cooked header"));
}

TEST(KernelFilter, NumbersAreNoOffsets) {
    const auto filter = converted({BPF_LD | BPF_IMM, 0, 0, 7}, DLT_LINUX_SLL2);
    ASSERT_TRUE(filter);
    EXPECT_EQ(filter->front().k, 7U);
}

KernelFilter returns(std::uint32_t bytes) {
    return {{BPF_RET | BPF_K, 0, 0, bytes}};
}

TEST(KernelFilter, BothGoesOnToTheSecondWhereTheFirstPasses) {
    // Passes 7 at the offset of the first, and nothing else.
    const KernelFilter first{{kLoad, 0, 0, 12},
                             {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 7},
                             {BPF_RET | BPF_K, 0, 0, 100},
                             {BPF_RET | BPF_K, 0, 0, 0}};
    const auto filter = both(first, returns(55));
    ASSERT_TRUE(filter);
    ASSERT_EQ(filter->size(), 5U);
    EXPECT_EQ((*filter)[2].code, BPF_JMP | BPF_JA);
    EXPECT_EQ((*filter)[2].k, 1U);  // over the one that rejects
    EXPECT_EQ((*filter)[3].code, BPF_RET | BPF_K);
    EXPECT_EQ((*filter)[3].k, 0U);
    EXPECT_EQ((*filter)[4].k, 55U);
}

TEST(KernelFilter, BothOfWhatPassesNothingPassesNothing) {
    const auto filter = both(reject_all(), returns(55));
    ASSERT_TRUE(filter);
    EXPECT_EQ(filter->front().code, BPF_RET | BPF_K);
    EXPECT_EQ(filter->front().k, 0U);
}

TEST(KernelFilter, BothNeedsAFirstThatSaysYesOrNo) {
    EXPECT_FALSE(both({{BPF_RET | BPF_A, 0, 0, 0}}, returns(55)));
}

TEST(KernelFilter, TooLongIsRefused) {
    const base::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    KernelFilter filter(4097, reject_all().front());
    const auto attached = attach(socket.get(), filter);
    ASSERT_FALSE(attached);
    EXPECT_EQ(attached.error().code, base::ErrorCode::filter);
    EXPECT_EQ(attached.error().message, "the filter is too long for the kernel: 4097 instructions");
    auto nothing = reject_all();
    EXPECT_TRUE(attach(socket.get(), nothing));
}

}  // namespace
}  // namespace packetsentry::capture
