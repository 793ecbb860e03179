#include "daemon/flows/flow_names.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::flows {
namespace {

std::string all(const FlowNames& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text +=
            (i == 0 ? "" : " ") + std::string(to_string(names.source(i))) + ":" + std::string(names.text(i));
    return text;
}

TEST(FlowNames, HasEachNameOnceForEachSource) {
    NamePool pool(10'000, 7);
    FlowNames names(pool);
    for (int i = 0; i < 2; ++i) {
        EXPECT_TRUE(names.add(NameSource::dns, pool.take("a.example")));
        EXPECT_TRUE(names.add(NameSource::http, pool.take("a.example")));
        EXPECT_TRUE(names.add(NameSource::tls, pool.take("b.example")));
    }
    EXPECT_EQ(all(names), "http:a.example tls:b.example dns:a.example") << "that of DNS is the last";
}

TEST(FlowNames, HasFew) {
    NamePool pool(10'000, 7);
    {
        FlowNames names(pool);
        EXPECT_TRUE(names.add(NameSource::dns, pool.take("dns.example")));
        for (const char* const name : {"a", "b", "c"})
            EXPECT_TRUE(names.add(NameSource::http, pool.take(name)));
        EXPECT_EQ(all(names), "http:a http:b http:c dns:dns.example");
        EXPECT_FALSE(names.add(NameSource::http, pool.take("d"))) << "one is missing now";
        EXPECT_EQ(all(names), "http:a http:b http:c http:d");
        EXPECT_FALSE(names.add(NameSource::http, pool.take("e")));
        EXPECT_FALSE(names.add(NameSource::dns, pool.take("dns.example")));
        EXPECT_TRUE(names.add(NameSource::http, pool.take("a")));
        EXPECT_EQ(all(names), "http:a http:b http:c http:d");
    }
    EXPECT_EQ(pool.bytes(), 0U) << "it releases its names";
}

TEST(FlowNames, GoesWithoutWhatHasNoRoom) {
    NamePool pool(NamePool::bytes_of(5), 7);
    FlowNames names(pool);
    EXPECT_TRUE(names.add(NameSource::tls, pool.take("short")));
    EXPECT_FALSE(names.add(NameSource::tls, pool.take("long.example")));
    EXPECT_EQ(all(names), "tls:short");
}

}  // namespace
}  // namespace packetsentry::flows
