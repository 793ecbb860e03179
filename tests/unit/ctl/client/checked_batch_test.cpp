#include "ctl/client/checked_batch.h"

#include <gtest/gtest.h>

#include "tests/unit/ctl/batch_maker.h"

namespace packetsentry::ctl {
namespace {

TEST(CheckedBatch, GivesAViewOfWhatIsRight) {
    CheckedBatch batch;
    const auto view = batch.read(two_rows().SerializeAsString(), "the worker");
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ((*view)->rows(), 2U);
    EXPECT_EQ((*view)->protocol(1).word(), "X");
}

TEST(CheckedBatch, WhatLiesIsAnErrorThatNamesTheSender) {
    CheckedBatch batch;
    wire::Batch lies = two_rows();
    lies.set_rows(3);
    for (const std::string& bytes : {lies.SerializeAsString(), std::string("\xff\xff\xff")}) {
        const auto view = batch.read(bytes, "packetsentryd");
        ASSERT_FALSE(view);
        EXPECT_EQ(view.error().code, base::ErrorCode::internal);
        EXPECT_TRUE(view.error().message.starts_with("packetsentryd sent ")) << view.error().message;
    }
    EXPECT_TRUE(batch.read(two_rows().SerializeAsString(), "packetsentryd"));
}

}  // namespace
}  // namespace packetsentry::ctl
