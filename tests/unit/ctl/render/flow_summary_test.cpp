#include "ctl/render/flow_summary.h"

#include <gtest/gtest.h>

#include "tests/unit/ctl/render/flow_sample.h"

namespace packetsentry::ctl::render {
namespace {

std::string summary(const wire::Batch& batch, std::uint32_t row) {
    const auto view = proto::BatchView::check(batch).value();
    FlowSummary summary;
    summary.begin(view);
    TextBuffer text;
    summary.append(text, row);
    return std::string(text.view());
}

TEST(FlowSummary, SaysHowMuchAndHowWell) {
    EXPECT_EQ(
        summary(flow_sample(), 0),
        "TCP 49152 -> 80 SF 5.213 s, 12 packets 3.4 KiB out, 10 packets 20.1 KiB back, 2 sent again, 100 "
        "bytes missed");
    EXPECT_EQ(summary(flow_sample(), 1),
              "ICMPv6 OTH 0.000 ms, 1 packet 104 B out, 0 packets 0 B back [goes on]");
}

TEST(FlowSummary, NamesTheServerByItsFirstName) {
    wire::Batch batch = flow_sample();
    wire::Column* const names = batch.add_column();
    names->set_field(rows::field("destination.domain").number);
    names->set_kind(wire::Column::TEXT);
    names->set_list(true);
    for (const std::string name : {"www.example", "\x1b[cdn.example"}) {
        names->add_row(0);
        names->add_text_size(static_cast<std::uint32_t>(name.size()));
        *names->mutable_text() += name;
    }
    EXPECT_TRUE(summary(batch, 0).starts_with("TCP 49152 -> 80 (www.example) SF 5.213 s, 12 packets"))
        << summary(batch, 0);
    EXPECT_TRUE(summary(batch, 1).starts_with("ICMPv6 OTH")) << summary(batch, 1);
    names->set_text_size(0, names->text_size(0) + names->text_size(1));
    names->set_text_size(1, 0);
    EXPECT_FALSE(summary(batch, 0).contains('\x1b'));
}

// A worker that has been taken over sends other kinds of columns, and texts that would move the cursor.
TEST(FlowSummary, PrintsNothingThatAForgedBatchWants) {
    wire::Batch batch = flow_sample();
    for (wire::Column& column : *batch.mutable_column()) {
        if (column.field() == rows::field("packetsentry.flow.state").number) column.set_text("\x1b[OTH");
        if (column.field() != rows::field("source.packets").number) continue;
        column.set_kind(wire::Column::ADDRESS);
        column.set_number(0, 1);
        column.set_number(1, 2);
    }
    const std::string text = summary(batch, 0);
    EXPECT_FALSE(text.contains('\x1b'));
    EXPECT_TRUE(text.contains(" 0 packets 3.4 KiB out")) << text;
}

}  // namespace
}  // namespace packetsentry::ctl::render
