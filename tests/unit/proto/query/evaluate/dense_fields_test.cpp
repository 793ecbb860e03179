#include "proto/query/evaluate/dense_fields.h"

#include <gtest/gtest.h>

#include "proto/query/aliases.h"
#include "tests/support/row_builder.h"

namespace packetsentry::query {
namespace {

// A dense field that has no function would be false in every row, so each has one, or cannot be asked.
TEST(DenseFields, EachHasAFunctionOrIsRefused) {
    const auto expression = parse("frame");
    ASSERT_TRUE(expression);
    test::RowBuilder rows;
    rows.row({});
    const auto view = proto::BatchView::check(rows.batch());
    ASSERT_TRUE(view);
    for (const rows::FieldInfo& info : rows::kFields) {
        if (!info.dense() || !why_not_asked(info.path).empty()) continue;
        const auto asked = parse(info.path);
        ASSERT_TRUE(asked) << info.path;
        const auto condition = Condition::compile(asked->tree().tests.front());
        ASSERT_TRUE(condition);
        MaskPool pool;
        flows::RowCommunityIds community_ids;
        BoundBatch batch(*view, pool, community_ids);
        EXPECT_TRUE(mark_dense(batch, *condition, {.info = &info}, {})) << info.path;
    }
}

}  // namespace
}  // namespace packetsentry::query
