#include "daemon/dissect/application/der.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/certificates.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;

TEST(Der, ReadsElementsOneBehindTheOther) {
    const Bytes bytes = test::hex("30 03 020107 0400");
    Cursor at(bytes);
    const DerElement first = read_der(at);
    EXPECT_EQ(first.tag, kDerSequence);
    EXPECT_EQ(first.bytes.size(), 5);
    EXPECT_EQ(first.bytes.data(), bytes.data());
    Cursor inner = first.content;
    EXPECT_FALSE(der_follows(inner, kDerOctetString));
    EXPECT_TRUE(der_follows(inner, kDerInteger));
    EXPECT_EQ(read_der(inner, kDerInteger).peek(), 7);
    EXPECT_TRUE(inner.empty());
    const DerElement second = read_der(at);
    EXPECT_EQ(second.tag, kDerOctetString);
    EXPECT_TRUE(second.content.empty());
    EXPECT_FALSE(at.failed());
    EXPECT_EQ(read_der(at).tag, 0);
    EXPECT_TRUE(at.failed());
}

TEST(Der, FailsWhereAnotherTagIsWanted) {
    const Bytes bytes = test::hex("0201 07 0400");
    Cursor at(bytes);
    EXPECT_TRUE(read_der(at, kDerSequence).empty());
    EXPECT_TRUE(at.malformed());
    EXPECT_TRUE(at.empty());
}

TEST(Der, ReadsLengthsInEveryFormOfUpToFourOctets) {
    for (const std::string_view header : {"04 03", "04 8103", "04 820003", "04 83000003", "04 8400000003"}) {
        const Bytes bytes = test::join({test::hex(header), test::text("abcde")});
        Cursor at(bytes);
        EXPECT_EQ(read_der(at).content.left_text(), "abc") << header;
        EXPECT_EQ(at.left_text(), "de") << header;
    }
    const Bytes large = test::der(kDerOctetString, Bytes(300, std::byte{1}));
    Cursor at(large);
    EXPECT_EQ(read_der(at).content.remaining(), 300);
    EXPECT_TRUE(at.empty());
}

TEST(Der, HasNoElementWhereItIsNoneThatItCanRead) {
    for (const std::string_view digits : {
             "",                    // nothing
             "04",                  // no length
             "04 80 61 0000",       // an indefinite length
             "04 850000000001 61",  // a length of five octets
             "04 FF 61",            // a reserved one
             "04 82 00",            // half a length
             "04 02 61",            // half a content
             "04 84FFFFFFFF 61",    // more than there can be
             "1F 01 01 61",         // a tag of two octets
             "00 00",               // the end of an indefinite length
         }) {
        const Bytes bytes = test::hex(digits);
        Cursor at(bytes);
        (void)read_der(at);
        EXPECT_TRUE(at.malformed()) << digits;
        Cursor cut(bytes, true);
        (void)read_der(cut);
        EXPECT_TRUE(cut.failed() && !cut.malformed()) << digits;
    }
}

TEST(Der, HasWhatIsThereOfAnElementThatIsCutOff) {
    const Bytes bytes = test::hex("30 10 020107");
    Cursor at(bytes, true);
    const DerElement element = read_der(at);
    EXPECT_EQ(element.tag, kDerSequence);
    EXPECT_TRUE(element.content.cut());
    EXPECT_EQ(element.bytes.size(), bytes.size());
    Cursor inner = element.content;
    EXPECT_EQ(read_der(inner, kDerInteger).peek(), 7);
    EXPECT_FALSE(inner.failed());
}

struct Identifier {
    std::string text = {};
    bool good = false, malformed = false, incomplete = false;
};

Identifier identifier_of(std::string_view digits, bool is_cut = false) {
    const auto out = std::make_unique<Dissection>();
    out->reset();
    const Bytes bytes = test::hex(digits);
    const bool good = put_der_identifier(Cursor(bytes, is_cut), *out);
    return {std::string(out->text_since(0)), good, out->malformed, out->incomplete};
}

TEST(Der, PutsTheNumbersOfIdentifiers) {
    struct Case {
        std::string_view digits, text;
    };
    const Case cases[] = {
        {"00", "0.0"},
        {"27", "0.39"},
        {"28", "1.0"},
        {"4F", "1.39"},
        {"50", "2.0"},
        {"550403", "2.5.4.3"},
        {"883703", "2.999.3"},  // the example of X.690 section 8.19.5
        {"2A864886F70D010901", "1.2.840.113549.1.9.1"},
        {"2A81FFFFFFFFFFFFFFFF7F", "1.2.18446744073709551615"},
    };
    for (const Case& c : cases) {
        const Identifier got = identifier_of(c.digits);
        EXPECT_EQ(got.text, c.text);
        EXPECT_TRUE(got.good && !got.malformed && !got.incomplete) << c.digits;
    }
}

TEST(Der, HasNoIdentifierWhereItIsDamagedOrTooLarge) {
    for (const std::string_view digits : {"", "88", "550483"}) {
        const Identifier got = identifier_of(digits);
        EXPECT_TRUE(!got.good && got.malformed && !got.incomplete) << digits;
        const Identifier cut = identifier_of(digits, true);
        EXPECT_TRUE(!cut.good && !cut.malformed) << digits;
    }
    const Identifier large = identifier_of("2A8280808080808080800003");
    EXPECT_TRUE(!large.good && !large.malformed && large.incomplete);
}

}  // namespace
}  // namespace packetsentry::dissect
