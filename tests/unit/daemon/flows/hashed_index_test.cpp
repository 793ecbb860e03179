#include "daemon/flows/hashed_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace packetsentry::flows {
namespace {

TEST(HashedIndex, FindsWhatIsThereAndNothingElse) {
    HashedIndex index;
    std::map<std::uint32_t, std::uint32_t> there;  // hashes by entry
    std::mt19937 random(5);                        // the same numbers in each run
    const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
    const auto find = [&](std::uint32_t hash, std::uint32_t entry) {
        return index.find(hash, [&](std::uint32_t found) { return found == entry; });
    };
    EXPECT_EQ(find(1, 1), HashedIndex::kNone);
    for (std::uint32_t step = 0; step < 20'000; ++step) {
        const std::uint32_t entry = below(500);
        if (const auto found = there.find(entry); found != there.end()) {
            index.erase(found->second, entry);
            there.erase(found);
        } else {
            // Few hashes, so that many lie behind each other, also around the end of the buckets.
            const std::uint32_t hash = below(40) * 0x1FFF'FFFF;
            index.insert(hash, entry);
            there[entry] = hash;
        }
        if (step % 100 != 0) continue;
        for (std::uint32_t one = 0; one < 500; ++one) {
            const auto known = there.find(one);
            const std::uint32_t hash = known == there.end() ? one : known->second;
            EXPECT_EQ(find(hash, one), known == there.end() ? HashedIndex::kNone : one);
        }
    }
}

}  // namespace
}  // namespace packetsentry::flows
