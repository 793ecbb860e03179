#include "proto/query/examples.h"

#include <gtest/gtest.h>

#include "proto/query/aliases.h"
#include "proto/query/query.h"

namespace packetsentry::query {
namespace {

TEST(Examples, EachFieldThatCanBeAskedHasOneThatIsRead) {
    for (const rows::FieldInfo& info : rows::kFields) {
        const std::string example = example_of(info);
        EXPECT_EQ(example.empty(), !why_not_asked(info.path).empty()) << info.path;
        if (example.empty()) continue;
        const auto parsed = parse(example);
        EXPECT_TRUE(parsed) << example << ": " << (parsed ? "" : parsed.error().message);
        EXPECT_TRUE(example.starts_with(info.path)) << example;
    }
}

TEST(Examples, FitTheKindOfTheField) {
    EXPECT_EQ(example_of(rows::field("source.ip")), "source.ip == 192.0.2.0/24");
    EXPECT_EQ(example_of(rows::field("source.mac")), "source.mac == 00:00:5e:00:53:01");
    EXPECT_EQ(example_of(rows::field("dns.question.type")), "dns.question.type == A");
    EXPECT_EQ(example_of(rows::field("packetsentry.malformed")), "packetsentry.malformed == true");
    EXPECT_EQ(example_of(rows::field("packetsentry.tls.message")),
              "packetsentry.tls.message == \"Hello Request\"");
}

}  // namespace
}  // namespace packetsentry::query
