#include "daemon/spool/search/block_dictionary.h"

#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

bool may_have(const std::string& batch, const Asked& asked) {
    const auto dictionary = BlockDictionary::find(as_bytes(batch));
    EXPECT_TRUE(dictionary);
    return dictionary && dictionary->may_have(question_of(asked).plan());
}

TEST(BlockDictionary, TellsWhichAddressesThereAre) {
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1", .destination = "10.0.0.200"});
    rows.row({.source = "2001:db8::1:2", .source_mac = std::string("\2\0\0\0\0\1", 6)});
    const std::string batch = rows.batch().SerializeAsString();
    for (const char* found : {"10.0.0.1", "10.0.0.200", "10.0.0.192/26", "2001:db8::1:2", "2001:db8::/16"})
        EXPECT_TRUE(may_have(batch, {.address = found})) << found;
    for (const char* missing :
         {"10.0.0.2", "10.0.0.64/26", "0.0.0.1", "2001:db8::2", "2001:db9::/32", "::a00:1"})
        EXPECT_FALSE(may_have(batch, {.address = missing})) << missing;
    EXPECT_TRUE(may_have(batch, {.display = "eth.addr == 02:00:00:00:00:01"}));
    EXPECT_FALSE(may_have(batch, {.display = "eth.addr == 02:00:00:00:00:02"}));
    EXPECT_TRUE(may_have(batch, {.display = "ip.addr == 10.0.0.1 and tcp.port == 9"}))
        << "ports are not known";
    EXPECT_FALSE(may_have(batch, {.display = "ip.addr == 10.0.0.2 and tcp.port == 9"}));
    EXPECT_TRUE(may_have(batch, {.display = "ip.addr == 10.0.0.2 or ip.addr == 10.0.0.1"}));
    EXPECT_TRUE(may_have(batch, {}));
}

// Four bytes that stand across two addresses are no address.
TEST(BlockDictionary, ReadsAddressesByTheirSize) {
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1", .destination = "2001:db8::a00:2"});
    rows.row({.source = "10.0.0.3", .source_mac = std::string("\2\0\0\0\0\1", 6)});
    const std::string batch = rows.batch().SerializeAsString();
    for (const char* found : {"10.0.0.1", "10.0.0.3"}) EXPECT_TRUE(may_have(batch, {.address = found}));
    for (const char* missing : {"0.1.32.1", "10.0.0.2", "32.1.13.184", "0.3.2.0"})
        EXPECT_FALSE(may_have(batch, {.address = missing})) << missing;
}

TEST(BlockDictionary, SkipsWhatItDoesNotKnow) {
    const std::string batch = one_row({.source = "10.0.0.1"}).batch().SerializeAsString();
    std::string more = "\xc8\x3e\x05";             // field 1001, a number
    more += std::string("\xd1\x3e") + "12345678";  // field 1002, eight bytes
    more += std::string("\xdd\x3e") + "1234";      // field 1003, four bytes
    EXPECT_TRUE(may_have(more + batch, {.address = "10.0.0.1"}));
    EXPECT_FALSE(may_have(batch + more, {.address = "10.0.0.2"}));
}

TEST(BlockDictionary, RefusesWhatIsNoBatch) {
    const wire::Batch good = one_row({.source = "10.0.0.1"}).batch();
    const std::string bytes = good.SerializeAsString();
    wire::Batch wrong = good;
    wrong.mutable_address_size()->push_back(4);
    EXPECT_FALSE(BlockDictionary::find(as_bytes(wrong.SerializeAsString())));
    wire::Batch endless = good;
    endless.set_address_size(std::string(1, '\xff'));
    endless.set_address(std::string(255, '\x0a'));
    EXPECT_FALSE(BlockDictionary::find(as_bytes(endless.SerializeAsString())));
    for (const std::string& end :
         {std::string("\x32"), std::string("\x32\x05"), std::string("\x0b"), std::string(11, '\xff')}) {
        const std::string longer = bytes + end;
        EXPECT_FALSE(BlockDictionary::find(as_bytes(longer)));
    }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        (void)BlockDictionary::find(as_bytes(bytes).first(size));
}

TEST(BlockDictionary, RefusesMoreMessagesThanABatchHas) {
    wire::Batch batch = one_row({.source = "10.0.0.1"}).batch();
    for (int i = 0; i < 10'000; ++i) batch.add_layers();
    EXPECT_FALSE(BlockDictionary::find(as_bytes(batch.SerializeAsString())));
    wire::Batch details = one_row({.source = "10.0.0.1"}).batch();
    for (int i = 0; i < 300'000; ++i) details.mutable_protocol(0)->add_detail(1);
    EXPECT_FALSE(BlockDictionary::find(as_bytes(details.SerializeAsString())));
}

}  // namespace
}  // namespace packetsentry::spool
