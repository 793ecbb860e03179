#include "daemon/spool/search/address_runs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace packetsentry::spool {
namespace {

struct Dictionary {
    std::string addresses = {}, sizes = {};

    void add(std::size_t size, char fill) {
        addresses.append(size, fill);
        sizes.push_back(static_cast<char>(size));
    }
};

// "0: 2 of 4", each run with its place, its addresses and their size.
std::vector<std::string> runs_of(const Dictionary& dictionary) {
    std::vector<std::string> runs;
    AddressRuns all(dictionary.addresses, dictionary.sizes);
    for (AddressRun run; all.next(run);)
        runs.push_back(std::to_string(run.first) + ": " + std::to_string(run.count()) + " of " +
                       std::to_string(run.size));
    return runs;
}

TEST(AddressRuns, JoinsAddressesOfOneSize) {
    Dictionary dictionary;
    EXPECT_TRUE(runs_of(dictionary).empty());
    dictionary.add(6, 'a');
    for (int i = 0; i < 100; ++i) dictionary.add(4, 'b');
    dictionary.add(16, 'c');
    for (int i = 0; i < 33; ++i) dictionary.add(4, 'd');
    EXPECT_EQ(runs_of(dictionary),
              (std::vector<std::string>{"0: 1 of 6", "1: 100 of 4", "101: 1 of 16", "102: 33 of 4"}));
}

TEST(AddressRuns, GivesEachAddress) {
    Dictionary dictionary;
    dictionary.add(4, 'a');
    dictionary.add(16, 'b');
    dictionary.add(16, 'c');
    AddressRuns runs(dictionary.addresses, dictionary.sizes);
    AddressRun run;
    ASSERT_TRUE(runs.next(run));
    EXPECT_EQ(run.address(0), "aaaa");
    ASSERT_TRUE(runs.next(run));
    EXPECT_EQ(run.address(1), std::string(16, 'c'));
    EXPECT_FALSE(runs.next(run));
}

std::uint32_t number_of(std::string_view address) {
    std::uint32_t number = 0;
    std::memcpy(&number, address.data(), sizeof number);
    return number;
}

TEST(AddressRuns, FindsIpv4Addresses) {
    std::minstd_rand random(7);
    for (std::size_t count = 0; count < 70; ++count) {
        std::string addresses;
        for (std::size_t i = 0; i < 4 * count; ++i) addresses.push_back(static_cast<char>(random() % 3));
        const AddressRun run{.size = 4, .addresses = addresses};
        for (const std::uint32_t mask : {0xFFFFFFFFU, 0x0000FFFFU, 0U}) {
            const std::uint32_t bits = 0x01020001U & mask;
            std::vector<std::size_t> expected, found;
            for (std::size_t i = 0; i < count; ++i)
                if ((number_of(run.address(i)) & mask) == bits) expected.push_back(i);
            for_each_ipv4(run, mask, bits, [&found](std::size_t i) {
                found.push_back(i);
                return true;
            });
            ASSERT_EQ(found, expected) << count << ' ' << mask;
        }
    }
}

TEST(AddressRuns, StopsWhenAsked) {
    const std::string addresses(4 * 40, 'a');
    int calls = 0;
    for_each_ipv4({.size = 4, .addresses = addresses}, 0, 0, [&calls](std::size_t) { return ++calls < 20; });
    EXPECT_EQ(calls, 20);
}

}  // namespace
}  // namespace packetsentry::spool
