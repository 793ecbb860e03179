#include "daemon/jobs/ledger.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

namespace packetsentry::jobs {
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
        EXPECT_EQ(has_only_grown(before, now), type->field(i)->name() == "unread") << type->field(i)->name();
    }
}

}  // namespace
}  // namespace packetsentry::jobs
