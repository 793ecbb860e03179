#include "proto/link/ledger.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <ranges>
#include <string>
#include <vector>

namespace packetsentry::proto {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// One count, which may be in a message of its own.
struct Count {
    std::vector<const FieldDescriptor*> path;

    [[nodiscard]] std::uint64_t get(const Message& message) const {
        const Message* part = &message;
        for (const FieldDescriptor* step : path | std::views::take(path.size() - 1))
            part = &part->GetReflection()->GetMessage(*part, step);
        return part->GetReflection()->GetUInt64(*part, path.back());
    }

    void set(Message& message, std::uint64_t value) const {
        Message* part = &message;
        for (const FieldDescriptor* step : path | std::views::take(path.size() - 1))
            part = part->GetReflection()->MutableMessage(part, step);
        part->GetReflection()->SetUInt64(part, path.back(), value);
    }
};

std::vector<Count> counts_of_type(const google::protobuf::Descriptor& type) {
    std::vector<Count> counts;
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor* const field = type.field(i);
        if (field->message_type() == nullptr) {
            counts.push_back({{field}});
            continue;
        }
        for (Count& inner : counts_of_type(*field->message_type())) {
            inner.path.insert(inner.path.begin(), field);
            counts.push_back(std::move(inner));
        }
    }
    return counts;
}

std::vector<Count> all_counts() {
    return counts_of_type(*wire::Ledger::descriptor());
}

// Count n has value base + n, so that a forgotten count shows.
wire::Ledger numbered(std::uint64_t base) {
    wire::Ledger ledger;
    for (const Count& count : all_counts()) count.set(ledger, base++);
    return ledger;
}

TEST(Ledger, AddsEveryCount) {
    constexpr std::uint64_t kBeyond32Bits = 5'000'000'000;
    wire::Ledger sum = numbered(kBeyond32Bits);
    add(sum, numbered(kBeyond32Bits));
    std::uint64_t expected = 2 * kBeyond32Bits;
    for (const Count& count : all_counts()) {
        EXPECT_EQ(count.get(sum), expected) << count.path.back()->full_name();
        expected += 2;
    }
}

TEST(Ledger, NoticesAnyCountThatShrinks) {
    const wire::Ledger before = numbered(100);
    EXPECT_TRUE(has_only_grown(before, before));
    EXPECT_TRUE(has_only_grown(before, numbered(101)));
    for (const Count& count : all_counts()) {
        wire::Ledger now = numbered(500);
        count.set(now, 1);
        const std::string& name = count.path.back()->name();
        EXPECT_EQ(has_only_grown(before, now), name == "unread" || name == "saved") << name;
    }
}

TEST(Ledger, HasCountsOfEachTableThatIsMadeOfSeveralPackets) {
    wire::Ledger ledger;
    std::uint64_t rows = 0;
    for (const DerivedTable& derived : kDerivedTables)
        mutable_counts_of(ledger, derived.table).set_rows(++rows);
    rows = 0;
    for (const DerivedTable& derived : kDerivedTables)
        EXPECT_EQ(counts_of(ledger, derived.table).rows(), ++rows);
    // No two tables share a message, and no such message is left out.
    std::size_t messages = 0;
    const auto* const type = wire::Ledger::descriptor();
    for (int i = 0; i < type->field_count(); ++i) messages += type->field(i)->message_type() != nullptr;
    EXPECT_EQ(messages, kDerivedTables.size());
}

struct Forgery {
    void (wire::Ledger::*set)(std::uint64_t);
    std::uint64_t value;
};

TEST(Ledger, BalancesOrIsForged) {
    wire::Ledger honest;
    honest.set_received(100);
    honest.set_dropped_by_kernel(10);
    honest.set_unread(5);
    honest.set_delivered(85);
    honest.set_filtered(4);
    honest.set_shed(1);
    honest.set_recorded(80);
    honest.set_malformed(80);
    honest.set_saved(70);
    honest.set_not_saved(11);
    EXPECT_TRUE(balances(honest));
    using L = wire::Ledger;
    for (const Forgery& forgery : {Forgery{&L::set_received, 101},
                                   {&L::set_unread, 101},
                                   {&L::set_unread, 4},
                                   {&L::set_delivered, 86},
                                   {&L::set_recorded, 81},
                                   {&L::set_malformed, 81},
                                   {&L::set_saved, 71},
                                   {&L::set_not_saved, 12}}) {
        wire::Ledger forged = honest;
        (forged.*forgery.set)(forgery.value);
        EXPECT_FALSE(balances(forged)) << forged.ShortDebugString();
    }
}

}  // namespace
}  // namespace packetsentry::proto
