#include "proto/link/ledger.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

namespace packetsentry::proto {
namespace {

// Field n has value base + n, so that a forgotten field shows.
wire::Ledger numbered(std::uint64_t base) {
    wire::Ledger ledger;
    const auto* type = wire::Ledger::descriptor();
    for (int i = 0; i < type->field_count(); ++i)
        wire::Ledger::GetReflection()->SetUInt64(&ledger, type->field(i),
                                                 base + static_cast<std::uint64_t>(i));
    return ledger;
}

TEST(Ledger, AddsEveryField) {
    constexpr std::uint64_t kBeyond32Bits = 5'000'000'000;
    wire::Ledger sum = numbered(kBeyond32Bits);
    add(sum, numbered(kBeyond32Bits));
    const auto* type = wire::Ledger::descriptor();
    for (int i = 0; i < type->field_count(); ++i)
        EXPECT_EQ(wire::Ledger::GetReflection()->GetUInt64(sum, type->field(i)),
                  2 * kBeyond32Bits + 2 * static_cast<std::uint64_t>(i))
            << type->field(i)->name();
}

TEST(Ledger, NoticesAnyFieldThatShrinks) {
    const wire::Ledger before = numbered(100);
    EXPECT_TRUE(has_only_grown(before, before));
    EXPECT_TRUE(has_only_grown(before, numbered(101)));
    const auto* type = wire::Ledger::descriptor();
    for (int i = 0; i < type->field_count(); ++i) {
        wire::Ledger now = numbered(500);
        wire::Ledger::GetReflection()->SetUInt64(&now, type->field(i), 1);
        const bool may_shrink = type->field(i)->name() == "unread" || type->field(i)->name() == "saved";
        EXPECT_EQ(has_only_grown(before, now), may_shrink) << type->field(i)->name();
    }
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
