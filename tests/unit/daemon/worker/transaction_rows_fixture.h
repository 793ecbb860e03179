// Recorders that make rows of questions or of requests, for tests.
#pragma once

#include <cstdint>
#include <string>

#include "tests/unit/daemon/worker/recorder_fixture.h"

namespace packetsentry::worker {

struct TransactionRowsFixture : RecorderFixture {
    explicit TransactionRowsFixture(wire::Table its_table) : table(its_table) {}

    // The outcomes of all rows of the table that came since the last call.
    std::string outcomes() {
        std::string text;
        for (const wire::Batch& batch : batches_received()) {
            const auto view = proto::BatchView::check(batch);
            EXPECT_TRUE(view);
            if (!view || view->table() != table) continue;
            rows += view->rows();
            for (const proto::ColumnView& column : view->columns())
                for (std::size_t i = 0;
                     column.name() == "packetsentry.transaction.outcome" && i < column.values(); ++i)
                    text += (text.empty() ? "" : " ") + std::string(column.text(i));
        }
        return text;
    }

    wire::Table table;
    std::uint64_t rows = 0;  // that outcomes() has seen
};

}  // namespace packetsentry::worker
