#include "ctl/render/explanation.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl::render {
namespace {

TEST(Explanation, TellsWhereEachPartIsDecided) {
    const auto expression = query::parse("ip.src == 192.0.2.7 and not dns");
    ASSERT_TRUE(expression);
    const std::string text =
        explanation_text({"udp port 53", "ip.src == 192.0.2.7 and not dns", query::explain(*expression)});
    EXPECT_TRUE(
        text.starts_with("In the kernel, as packets arrive: udp port 53\n"
                         "In the worker, once a packet is dissected: ip.src == 192.0.2.7 and not dns\n"
                         "\n"
                         "FIELD "))
        << text;
    EXPECT_NE(text.find("\nip.src "), std::string::npos);
    EXPECT_NE(text.find("source.ip"), std::string::npos);
    EXPECT_NE(text.find("\ndns "), std::string::npos);
}

// What is shown can be given to -Y again.
TEST(Explanation, BackslashesStayAsTheyAre) {
    const auto expression = query::parse("http.host matches \"a\\\\.b\"");
    ASSERT_TRUE(expression) << expression.error().message;
    const std::string text = explanation_text({"", "", query::explain(*expression)});
    const std::size_t begin = text.find("url.domain matches");
    ASSERT_NE(begin, std::string::npos) << text;
    const std::string shown = text.substr(begin, text.find('\n', begin) - begin);
    EXPECT_EQ(query::explain(*query::parse(shown)).text, query::explain(*expression).text);
}

TEST(Explanation, WithoutAPartEveryPacketPasses) {
    EXPECT_EQ(explanation_text({"", "", query::explain(*query::parse(""))}),
              "In the kernel, as packets arrive: every packet\n"
              "In the worker, once a packet is dissected: every packet\n");
}

TEST(Explanation, InJson) {
    const auto expression = query::parse("dns.qry.name == x");
    ASSERT_TRUE(expression);
    EXPECT_EQ(
        explanation_json({"", "dns.qry.name == x", query::explain(*expression)}),
        "{\"kernel\":\"\",\"typed\":\"dns.qry.name == x\",\"worker\":\"dns.question.name == \\\"x\\\"\","
        "\"fields\":[{\"name\":\"dns.question.name\",\"kind\":\"text\",\"paths\":[\"dns.question.name\"],"
        "\"meaning\":\"The name that is asked for\"}]}\n");
}

}  // namespace
}  // namespace packetsentry::ctl::render
