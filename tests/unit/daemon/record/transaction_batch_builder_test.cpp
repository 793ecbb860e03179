#include "daemon/record/transaction_batch_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/rows/batch_view.h"
#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::record {
namespace {

using dissect::Field;
using transactions::Outcome;
using transactions::Transaction;

constexpr dissect::Protocol kAsked{.word = "DNS", .name = "dns"};

Field text_field(std::string_view path, std::string_view text) {
    return {.info = rows::find_field(path), .number = 0, .text = text, .address = {}};
}

wire::Batch sealed(TransactionBatchBuilder& builder) {
    wire::Batch batch;
    EXPECT_TRUE(batch.ParseFromString(builder.seal()));
    EXPECT_TRUE(proto::BatchView::check(batch));
    return batch;
}

// The values of a column of all rows, separated by blanks.
std::string values(const wire::Batch& batch, std::string_view path) {
    const auto view = proto::BatchView::check(batch).value();
    std::string text;
    for (const proto::ColumnView& column : view.columns())
        for (std::size_t i = 0; column.name() == path && i < column.values(); ++i)
            text += (text.empty() ? "" : " ") + (column.kind() == wire::Column::TEXT
                                                     ? std::string(column.text(i))
                                                     : std::to_string(column.number(i)));
    return text;
}

Transaction question(Outcome outcome) {
    return {.outcome = outcome,
            .tuple = flows::tuple(IPPROTO_UDP, flows::kClient, flows::kServer),
            .begin_ns = 1000,
            .end_ns = 4000,
            .protocol = &kAsked};
}

TEST(TransactionBatchBuilder, SaysWhatCameOfAQuestion) {
    TransactionBatchBuilder builder(wire::TABLE_DNS);
    const std::vector<Field> asked = {text_field("dns.question.name", "WWW.example"),
                                      text_field("dns.type", "query"),
                                      text_field("packetsentry.dns.edns.client_subnet", "192.0.2.0/24")};
    const std::vector<Field> answer = {text_field("dns.question.name", "www.example"),
                                       text_field("dns.type", "answer"),
                                       text_field("tls.cipher", "not of this table")};
    Transaction transaction = question(Outcome::answered);
    transaction.request_packet = 5;
    transaction.response_packet = 6;
    transaction.repeats = 2;
    transaction.request = asked;
    transaction.response = answer;
    builder.append(transaction, "eth0", 1);
    const wire::Batch batch = sealed(builder);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_EQ(view.table(), wire::TABLE_DNS);
    EXPECT_EQ(view.time_ns(0), 4000);
    EXPECT_EQ(view.duration_ns(0), 3000U);
    EXPECT_EQ(view.address(view.source(0)), flows::kClient.address);
    EXPECT_EQ(view.destination_port(0), flows::kServer.port);
    EXPECT_EQ(view.protocol(0).word(), "DNS");
    EXPECT_EQ(view.interface(0).name(), "eth0");
    EXPECT_FALSE(view.flag(0, wire::FLAG_INCOMPLETE));
    EXPECT_EQ(values(batch, "dns.question.name"), "www.example") << "the answer has the last word";
    EXPECT_EQ(values(batch, "dns.type"), "answer");
    EXPECT_EQ(values(batch, "packetsentry.dns.edns.client_subnet"), "192.0.2.0/24");
    EXPECT_EQ(values(batch, "tls.cipher"), "");
    EXPECT_EQ(values(batch, "packetsentry.transaction.outcome"), "answered");
    EXPECT_EQ(values(batch, "packetsentry.transaction.repeats"), "2");
    EXPECT_EQ(values(batch, "packetsentry.transaction.request_packet"), "5");
    EXPECT_EQ(values(batch, "packetsentry.transaction.response_packet"), "6");
}

TEST(TransactionBatchBuilder, HasAWordForEachOutcome) {
    TransactionBatchBuilder builder(wire::TABLE_DNS);
    for (const Outcome outcome : {Outcome::unpaired, Outcome::answered, Outcome::unanswered, Outcome::unasked,
                                  Outcome::stopped, Outcome::evicted})
        builder.append(question(outcome), "eth0", 1);
    EXPECT_EQ(builder.rows(), 6U);
    EXPECT_EQ(values(sealed(builder), "packetsentry.transaction.outcome"),
              "answered unanswered unasked stopped evicted");
}

TEST(TransactionBatchBuilder, MarksWhatHasNoTime) {
    TransactionBatchBuilder builder(wire::TABLE_DNS);
    Transaction transaction = question(Outcome::unasked);
    transaction.has_time = false;
    transaction.begin_ns = transaction.end_ns = 0;
    builder.append(transaction, "eth0", 1);
    const wire::Batch batch = sealed(builder);
    EXPECT_TRUE(proto::BatchView::check(batch).value().flag(0, wire::FLAG_NO_TIME));
}

TEST(TransactionBatchBuilder, MarksWhatIsBrokenOrNotWhole) {
    TransactionBatchBuilder builder(wire::TABLE_DNS);
    Transaction transaction = question(Outcome::answered);
    transaction.malformed = true;
    builder.append(transaction, "eth0", 1);
    transaction.malformed = false;
    transaction.incomplete = true;
    builder.append(transaction, "eth0", 1);
    const wire::Batch batch = sealed(builder);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_TRUE(view.flag(0, wire::FLAG_MALFORMED));
    EXPECT_FALSE(view.flag(0, wire::FLAG_INCOMPLETE));
    EXPECT_FALSE(view.flag(1, wire::FLAG_MALFORMED));
    EXPECT_TRUE(view.flag(1, wire::FLAG_INCOMPLETE));
}

}  // namespace
}  // namespace packetsentry::record
