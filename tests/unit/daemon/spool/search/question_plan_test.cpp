// The blocks that an index names for a question, against the blocks that have rows for it.
#include "daemon/spool/search/question_plan.h"

#include "proto/words/filter.h"
#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

using test::RowBuilder;

class Named {
  public:
    explicit Named(const std::string& index) : index_(index) {}

    [[nodiscard]] bool operator()(const IndexPlan& plan, std::uint32_t block) const {
        const BlockMask mask = plan.answer(index_.view().all(), [this](const IndexLookup& lookup) {
            const IndexTable table = index_.table(lookup.kind);
            return lookup.how == IndexLookup::How::range ? table.range(lookup.range)
                                                         : table.names_like(lookup.pattern);
        });
        return index_.view().may_have(mask, block);
    }

  private:
    Opened index_;
};

TEST(QuestionPlan, NamesEachBlockWithARowThatIsFound) {
    for (const std::uint32_t blocks : {1U, 20U, 64U, 150U}) {
        const RandomSegment segment(blocks, blocks);
        const Named named(segment.index);
        for (const Asked& asked : kQuestions) {
            Question question = question_of(asked);
            for (std::uint32_t block = 0; block < blocks; ++block) {
                const auto view = proto::BatchView::check(segment.batches[block]);
                if (question.find(*view).empty()) continue;
                ASSERT_TRUE(named(question.plan(), block)) << told(asked) << ", block " << block;
            }
        }
    }
}

struct PlanCase {
    Asked asked;
    bool every_block;
};

// A plan of "every block" would be right for each question, and of no use.
TEST(QuestionPlan, LeavesBlocksAsideWhereAnIndexKnows) {
    const PlanCase kCases[] = {
        {{}, true},
        {{.words = {"dns"}}, false},
        {{.words = {"arp"}}, false},
        {{.words = {"tcp"}}, true},
        {{.words = {"dns", "tcp"}}, true},
        {{.words = {"tcp"}, .port = 22}, false},
        {{.address = "10.0.0.4"}, false},
        {{.display = "ip.addr == 10.0.0.2"}, false},
        {{.display = "ip.addr != 10.0.0.2"}, true},
        {{.display = "!(ip.addr == 10.0.0.2)"}, true},
        {{.display = "!(ip.addr == 10.0.0.2) && dns"}, false},
        {{.display = "ip.addr == 10.0.0.2 || frame.len > 60"}, true},
        {{.display = "ip.addr == 10.0.0.2 && frame.len > 60"}, false},
        {{.display = "ip.addr === 10.0.0.2"}, false},
        {{.display = "ip.addr < 10.0.0.2"}, true},
        {{.display = "dns.a == 192.0.2.1"}, false},
        {{.display = "tcp.port in {1..99}"}, false},
        {{.display = "tcp.port > 99"}, true},
        {{.display = "tcp.port & 1"}, true},
        {{.display = "frame"}, true},
        {{.display = "dns.qry.name == a.example"}, false},
        {{.display = "dns.qry.name contains a"}, false},
        {{.display = "dns.qry.name matches a"}, true},
        {{.display = "dns.qry.name > a"}, true},
        {{.display = "dns.qry.name"}, true},
        {{.display = "dns.flags.response == 1"}, true},
        {{.display = "network.protocol == dns"}, false},
        {{.display = "tcp"}, false},
        {{.name = "*.lan"}, false},
        {{.display = "dns xor tls"}, true},
        {{.display = "network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\""}, false},
        {{.display = "communityid == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\" && tcp"}, false},
        {{.display = "network.community_id in {\"1:wCb3OG7yAFWelaUydu0D+125CLM=\", "
                     "\"1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\"}"},
         false},
        {{.display = "network.community_id == \"2:wCb3OG7yAFWelaUydu0D+125CLM=\""}, true},
        {{.display = "network.community_id contains \"1:wCb3OG7yAFWelaUydu0D+125CLM=\""}, true},
        {{.display = "network.community_id != \"1:wCb3OG7yAFWelaUydu0D+125CLM=\""}, true},
        {{.display = "network.community_id"}, true},
    };
    for (const PlanCase& c : kCases)
        EXPECT_EQ(question_of(c.asked).plan().every_block(), c.every_block) << told(c.asked);
}

TEST(QuestionPlan, NamesFewBlocks) {
    RowsFile file;
    file.add(
        one_row({.source = "10.0.0.1", .source_port = 22, .ip_protocol = 6, .word = "SSH", .name = "ssh"}));
    file.add(
        one_row({.source = "10.0.0.2", .source_port = 53, .ip_protocol = 17, .word = "DNS", .name = "dns"}));
    RowBuilder last = named("www.example.org");
    last.row({.source = "5.6.7.8",
              .destination = "1.2.3.4",
              .source_port = 3344,
              .destination_port = 1122,
              .ip_protocol = 6});
    file.add(last);
    const Named in(file.index());
    const auto blocks = [&in](const Asked& asked) {
        const Question question = question_of(asked);
        std::string bits;
        for (std::uint32_t block = 0; block < 3; ++block) bits += in(question.plan(), block) ? '1' : '0';
        return bits;
    };
    EXPECT_EQ(blocks({}), "111");
    EXPECT_EQ(blocks({.address = "10.0.0.1"}), "100");
    EXPECT_EQ(blocks({.address = "10.0.0.0/30"}), "110");
    EXPECT_EQ(blocks({.words = {"ssh"}}), "100");
    EXPECT_EQ(blocks({.words = {"ssh"}, .address = "10.0.0.2"}), "000");
    EXPECT_EQ(blocks({.display = "dns or ip.src == 10.0.0.1"}), "110");
    EXPECT_EQ(blocks({.display = "udp and ip.src == 10.0.0.1"}), "000");
    EXPECT_EQ(blocks({.display = "tcp.port in {1..30}"}), "100");
    EXPECT_EQ(blocks({.display = "network.protocol in {ssh, dns}"}), "110");
    EXPECT_EQ(blocks({.name = "*.EXAMPLE.org"}), "001");
    EXPECT_EQ(blocks({.display = "dns.qry.name contains WWW"}), "001");
    EXPECT_EQ(blocks({.display = "network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\""}), "001");
    EXPECT_EQ(blocks({.display = "network.community_id == \"1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\""}), "000");
}

}  // namespace
}  // namespace packetsentry::spool
