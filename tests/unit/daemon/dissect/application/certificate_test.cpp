// What is expected of the sample certificates is what `openssl x509 -nameopt RFC2253` prints of them.
#include "daemon/dissect/application/certificate.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "daemon/dissect/application/der.h"
#include "tests/support/certificates.h"
#include "tests/unit/daemon/dissect/field_text.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::der;

struct CertificateReading {
    Bytes bytes;
    std::unique_ptr<Dissection> large = std::make_unique<Dissection>();
    Dissection& out = *large;
    bool taken = false;

    explicit CertificateReading(Bytes certificate) : bytes(std::move(certificate)) {
        out.reset();
        taken = read_server_certificate(bytes, out);
    }

    // A field's values joined by '|'; "-" where it is not there. A time is in seconds.
    [[nodiscard]] std::string value(std::string_view path) const {
        std::string text;
        for (const Field& field : out.fields()) {
            if (field.info->path != path) continue;
            if (!text.empty()) text += '|';
            text += field.info->kind == FieldKind::time ? seconds(field.number) : value_text(field);
        }
        return text.empty() ? "-" : text;
    }
    [[nodiscard]] std::string subject() const { return value("tls.server.subject"); }
    [[nodiscard]] std::string issuer() const { return value("tls.server.issuer"); }
    [[nodiscard]] std::string times() const {
        return value("tls.server.not_before") + ' ' + value("tls.server.not_after");
    }
    [[nodiscard]] std::string names() const { return value("tls.server.x509.alternative_names"); }
    [[nodiscard]] std::string serial() const { return value("tls.server.x509.serial_number"); }
    [[nodiscard]] std::string hash() const { return value("tls.server.hash.sha256"); }
    [[nodiscard]] bool well_formed() const { return taken && !out.malformed && !out.incomplete; }

  private:
    static std::string seconds(std::uint64_t nanoseconds) {
        constexpr std::int64_t kNanoseconds = 1'000'000'000;
        const auto time = static_cast<std::int64_t>(nanoseconds);
        return std::to_string(time / kNanoseconds) + (time % kNanoseconds == 0 ? "" : "?");
    }
};

constexpr std::string_view kCommonName = "550403", kOrganization = "55040A";

Bytes attribute(std::string_view type, const Bytes& value) {
    return der(kDerSequence, test::join({der(kDerObjectIdentifier, test::hex(type)), value}));
}

Bytes name_of(std::initializer_list<Bytes> sets) {
    return der(kDerSequence, test::join(sets));
}

Bytes common_name(const Bytes& value) {
    return name_of({der(kDerSet, attribute(kCommonName, value))});
}

Bytes utf8(std::string_view text) {
    return der(kDerUtf8String, test::text(text));
}

Bytes utc_time(std::string_view text) {
    return der(kDerUtcTime, test::text(text));
}

Bytes alternative_names(const Bytes& names) {
    const Bytes value = der(kDerOctetString, der(kDerSequence, names));
    const Bytes extension =
        der(kDerSequence, test::join({der(kDerObjectIdentifier, test::hex("551D11")), value}));
    return der(der_constructed(3), der(kDerSequence, extension));
}

// The parts of a certificate, whole elements each.
struct CertificateParts {
    Bytes version = der(der_constructed(0), der(kDerInteger, test::hex("02")));
    Bytes serial = der(kDerInteger, test::hex("01"));
    Bytes algorithm = der(kDerSequence, der(kDerObjectIdentifier, test::hex("2A8648CE3D040302")));
    Bytes issuer = common_name(utf8("issuer"));
    Bytes validity = der(kDerSequence, test::join({utc_time("700101000000Z"), utc_time("700101000001Z")}));
    Bytes subject = common_name(utf8("subject"));
    Bytes key = der(kDerSequence, {});
    Bytes behind_key = {};
    Bytes signature = der(kDerBitString, test::hex("00"));

    [[nodiscard]] Bytes build() const {
        const Bytes body =
            der(kDerSequence,
                test::join({version, serial, algorithm, issuer, validity, subject, key, behind_key}));
        return der(kDerSequence, test::join({body, algorithm, signature}));
    }
};

CertificateReading with_subject(const Bytes& subject) {
    CertificateParts parts;
    parts.subject = subject;
    return CertificateReading(parts.build());
}

CertificateReading with_serial(std::string_view digits) {
    CertificateParts parts;
    parts.serial = der(kDerInteger, test::hex(digits));
    return CertificateReading(parts.build());
}

CertificateReading with_end(std::uint8_t tag, std::string_view time) {
    CertificateParts parts;
    parts.validity = der(kDerSequence, test::join({utc_time("700101000000Z"), der(tag, test::text(time))}));
    return CertificateReading(parts.build());
}

CertificateReading with_names(const Bytes& names) {
    CertificateParts parts;
    parts.behind_key = alternative_names(names);
    return CertificateReading(parts.build());
}

TEST(Certificate, HasTheFieldsOfAnOrdinaryOne) {
    const CertificateReading got(test::plain_certificate());
    EXPECT_TRUE(got.well_formed());
    EXPECT_EQ(got.subject(), "CN=www.example.com,O=Example Inc,C=US");
    EXPECT_EQ(got.issuer(), "CN=www.example.com,O=Example Inc,C=US");
    EXPECT_EQ(got.times(), "946684799 2524607999");
    EXPECT_EQ(got.names(),
              "www.example.com|*.example.net|192.0.2.1|2001:db8::53|a@example.com|https://example.com/a");
    EXPECT_EQ(got.serial(), "FD62E14283CA9DF30A00000000DCA0BE");
    EXPECT_EQ(got.hash(), "43CB0BADA30C4BAE52B4B221E7756F62AD41E62944C69F0DA7C503A172D31374");
}

TEST(Certificate, EscapesWhatIsSpecialInNames) {
    const CertificateReading got(test::certificate_with_escapes());
    EXPECT_TRUE(got.well_formed());
    constexpr std::string_view kRest =
        "1.3.6.1.4.1.99999.1=#0C0576616C7565,description=line\\0D,title=\\ ,OU=\\#hash,"
        "O=\\ a\\,b\\+\\\"c\\\"\\\\\\<d\\>\\;=e\\ ,DC=example,C=DE";
    EXPECT_EQ(got.subject(), "CN=Grüße," + std::string(kRest));
    EXPECT_EQ(got.issuer(), "CN=Grüße,emailAddress=a@example.com," + std::string(kRest));
    EXPECT_EQ(got.times(), "1709168523 2524608000");
    EXPECT_EQ(got.names(), "-");
    EXPECT_EQ(got.serial(), "00");
    EXPECT_EQ(got.hash(), "40BEF1A6FB9486F02CD9C0E5E35666950FF37AC2F4412FD1C1D6AC12FBB178E4");
}

TEST(Certificate, HasNoEndWhereItSaysThatThereIsNone) {
    const CertificateReading got(test::certificate_without_end());
    EXPECT_TRUE(got.well_formed());
    EXPECT_EQ(got.subject(), "UID=u+serialNumber=7+CN=x,OU=B+O=A,C=US");
    EXPECT_EQ(got.times(), "1704067200 -");
    EXPECT_EQ(got.names(), "only.example");
    EXPECT_EQ(got.serial(), "81");
    EXPECT_EQ(got.hash(), "9E631450DF96EE180DEBA9247CC5C8BB2F75C9A55BFF925A5872397F21994DEF");
}

TEST(Certificate, IsNoneWhereItIsCutOff) {
    for (const Bytes& whole : test::sample_certificates())
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const CertificateReading got(test::cut(whole, size));
            EXPECT_FALSE(got.taken) << size;
            EXPECT_TRUE(got.out.fields().empty() && !got.out.malformed && !got.out.incomplete) << size;
        }
}

// Each byte is changed in several ways. What is told then lies within the certificate or the dissection.
TEST(Certificate, MayHaveAnyByteChanged) {
    for (const Bytes& whole : test::sample_certificates())
        for (std::size_t i = 0; i < whole.size(); ++i)
            for (const unsigned bits : {0x01U, 0x20U, 0x80U, 0xFFU}) {
                Bytes changed = whole;
                changed[i] ^= static_cast<std::byte>(bits);
                const CertificateReading got(changed);
                EXPECT_EQ(got.taken, !got.out.fields().empty()) << i;
                EXPECT_EQ(got.hash() != "-", got.taken) << i;
            }
}

TEST(Certificate, OfHandMadePartsIsReadToo) {
    const CertificateReading got(CertificateParts().build());
    EXPECT_TRUE(got.well_formed());
    EXPECT_EQ(got.subject(), "CN=subject");
    EXPECT_EQ(got.issuer(), "CN=issuer");
    EXPECT_EQ(got.times(), "0 1");
    CertificateParts first_version;
    first_version.version = {};
    EXPECT_EQ(CertificateReading(first_version.build()).subject(), "CN=subject");
    CertificateParts second_version;
    second_version.behind_key = test::hex("810100 820100");
    EXPECT_TRUE(CertificateReading(second_version.build()).well_formed());
}

TEST(Certificate, IsNoneWhereItIsSomethingElse) {
    CertificateParts request;  // RFC 2986 section 4.1
    request.version = {};
    request.algorithm = common_name(utf8("subject"));
    CertificateParts list;  // of revoked certificates, RFC 5280 section 5.1
    list.version = {};
    list.validity = utc_time("700101000000Z");
    const Bytes key =
        der(kDerSequence, test::join({CertificateParts().algorithm, CertificateParts().signature}));
    for (const Bytes& other : {request.build(), list.build(), key, test::text("no certificate"), Bytes(64)}) {
        const CertificateReading got(other);
        EXPECT_FALSE(got.taken);
        EXPECT_TRUE(got.out.fields().empty() && !got.out.malformed);
    }
}

TEST(Certificate, IsMalformedWithMoreOrLessBehindIt) {
    const CertificateReading more(test::join({CertificateParts().build(), test::hex("00")}));
    EXPECT_TRUE(more.taken && more.out.malformed);
    CertificateParts unsigned_parts;
    unsigned_parts.signature = {};
    const CertificateReading less(unsigned_parts.build());
    EXPECT_TRUE(less.taken && less.out.malformed);
    EXPECT_EQ(less.subject(), "CN=subject");
    CertificateParts keyless;
    keyless.key = {};
    EXPECT_TRUE(CertificateReading(keyless.build()).out.malformed);
}

TEST(Certificate, WritesTextOfEveryKind) {
    struct Case {
        std::uint8_t tag;
        std::string_view digits, text;
    };
    const Case cases[] = {
        {kDerUtf8String, "C3BC20", "ü\\ "},
        {kDerPrintableString, "41", "A"},
        {kDerNumericString, "31", "1"},
        {kDerIa5String, "40", "@"},
        {kDerVisibleString, "7E", "~"},
        {kDerTeletexString, "FC", "\xFC"},
        {kDerBmpString, "004100FC20AC002C", "Aü€\\,"},
        {kDerBmpString, "D83DDE00", "😀"},
        {kDerBmpString, "D83D0041DE00", "\uFFFDA\uFFFD"},
        {kDerBmpString, "D83D", "\uFFFD"},
        {kDerUniversalString, "00000020000000FC0001F60000110000", "\\ ü😀\uFFFD"},
        {kDerUtf8String, "", ""},
        {kDerBitString, "0041", "#03020041"},
        {kDerSequence, "0C0141", "#30030C0141"},
    };
    for (const Case& c : cases) {
        const CertificateReading got = with_subject(common_name(der(c.tag, test::hex(c.digits))));
        EXPECT_TRUE(got.well_formed()) << c.digits;
        EXPECT_EQ(got.subject(), "CN=" + std::string(c.text));
    }
    const CertificateReading half = with_subject(common_name(der(kDerBmpString, test::hex("004100"))));
    EXPECT_TRUE(half.out.malformed);
    EXPECT_EQ(half.subject(), "CN=#1E03004100");
}

TEST(Certificate, EscapesBlanksAtTheEndsAndControlCharacters) {
    struct Case {
        std::string_view text, shown;
    };
    const Case cases[] = {
        {" ", "\\ "},         {"  ", "\\ \\ "}, {" a b ", "\\ a b\\ "},
        {"##", "\\##"},       {"a#", "a#"},     {std::string_view("\0\x1F\x7F", 3), "\\00\\1F\\7F"},
        {"a=b/c'", "a=b/c'"}, {"\\", "\\\\"},   {"a\nb", "a\\0Ab"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(with_subject(common_name(utf8(c.text))).subject(), "CN=" + std::string(c.shown));
}

TEST(Certificate, HasNoSubjectWhereItIsEmpty) {
    const CertificateReading got = with_subject(name_of({}));
    EXPECT_TRUE(got.well_formed());
    EXPECT_EQ(got.subject(), "-");
}

TEST(Certificate, LosesANameThatIsDamagedAndNothingElse) {
    const Bytes good = attribute(kCommonName, utf8("a"));
    const Bytes broken[] = {
        name_of({der(kDerSet, {})}),
        name_of({good}),
        name_of({der(kDerSet, good), test::hex("31")}),
        name_of({der(kDerSet, test::join({good, test::hex("30")}))}),
        name_of({der(kDerSet, der(kDerSequence, {}))}),
        name_of({der(kDerSet, der(kDerSequence, der(kDerObjectIdentifier, test::hex("550403"))))}),
        name_of({der(kDerSet, attribute(kCommonName, test::join({utf8("a"), utf8("b")})))}),
        name_of({der(kDerSet, attribute(kCommonName, test::hex("0C0561")))}),
        name_of({der(kDerSet, attribute("", utf8("a")))}),
        name_of({der(kDerSet, attribute("5583", utf8("a")))}),
    };
    for (const Bytes& name : broken) {
        const CertificateReading got = with_subject(name);
        EXPECT_TRUE(got.taken && got.out.malformed && !got.out.incomplete);
        EXPECT_EQ(got.subject(), "-");
        EXPECT_EQ(got.issuer(), "CN=issuer");
        EXPECT_EQ(got.times(), "0 1");
    }
}

TEST(Certificate, LosesANameThatIsTooLong) {
    constexpr std::size_t kAttributes = 64, kBytes = 4096;
    const Bytes one = der(kDerSet, attribute(kOrganization, utf8("a")));
    Bytes many;
    for (std::size_t i = 0; i < kAttributes; ++i) many = test::join({many, one});
    EXPECT_TRUE(with_subject(der(kDerSequence, many)).well_formed());
    const CertificateReading more = with_subject(der(kDerSequence, test::join({many, one})));
    EXPECT_TRUE(more.taken && more.out.incomplete && !more.out.malformed);
    EXPECT_EQ(more.subject(), "-");
    const CertificateReading large = with_subject(common_name(utf8(std::string(kBytes, 'a'))));
    EXPECT_TRUE(large.taken && large.out.incomplete && !large.out.malformed);
    EXPECT_EQ(large.subject(), "-");
    const CertificateReading number =
        with_subject(name_of({der(kDerSet, attribute("6984808080808080808000", utf8("a")))}));
    EXPECT_TRUE(number.taken && number.out.incomplete && !number.out.malformed);
    EXPECT_EQ(number.subject(), "-");
}

TEST(Certificate, HasTimesUpToWhatNanosecondsCanSay) {
    struct Case {
        std::uint8_t tag;
        std::string_view time, seconds;
    };
    const Case cases[] = {
        {kDerUtcTime, "500101000000Z", "-631152000"},
        {kDerUtcTime, "491231235959Z", "2524607999"},
        {kDerUtcTime, "000229000000Z", "951782400"},
        {kDerGeneralizedTime, "19700101000001Z", "1"},
        {kDerGeneralizedTime, "22620411234716Z", "9223372036"},
        {kDerGeneralizedTime, "22620411234717Z", "-"},
        {kDerGeneralizedTime, "16770921001244Z", "-9223372036"},
        {kDerGeneralizedTime, "16770921001243Z", "-"},
        {kDerGeneralizedTime, "00000101000000Z", "-"},
        {kDerGeneralizedTime, "99991231235959Z", "-"},
    };
    for (const Case& c : cases) {
        const CertificateReading got = with_end(c.tag, c.time);
        EXPECT_TRUE(got.well_formed()) << c.time;
        EXPECT_EQ(got.times(), "0 " + std::string(c.seconds)) << c.time;
    }
}

TEST(Certificate, LosesATimeThatIsNone) {
    struct Case {
        std::uint8_t tag;
        std::string_view time;
    };
    const Case cases[] = {
        {kDerUtcTime, ""},
        {kDerUtcTime, "Z"},
        {kDerUtcTime, "7001010000Z"},
        {kDerUtcTime, "700101000000"},
        {kDerUtcTime, "7001010000000"},
        {kDerUtcTime, "700101000000+0000"},
        {kDerUtcTime, "70010100000 Z"},
        {kDerUtcTime, "-00101000000Z"},
        {kDerUtcTime, "700001000000Z"},
        {kDerUtcTime, "701301000000Z"},
        {kDerUtcTime, "700100000000Z"},
        {kDerUtcTime, "700229000000Z"},
        {kDerUtcTime, "700101240000Z"},
        {kDerUtcTime, "700101006000Z"},
        {kDerUtcTime, "700101000060Z"},
        {kDerUtcTime, "19700101000001Z"},
        {kDerGeneralizedTime, "700101000000Z"},
        {kDerGeneralizedTime, "19700101000001.5Z"},
        {kDerUtf8String, "700101000000Z"},
    };
    for (const Case& c : cases) {
        const CertificateReading got = with_end(c.tag, c.time);
        EXPECT_TRUE(got.taken && got.out.malformed) << c.time;
        EXPECT_EQ(got.times(), "0 -") << c.time;
        EXPECT_EQ(got.subject(), "CN=subject");
    }
}

TEST(Certificate, HasOneTimeWhereTheOtherIsMissing) {
    CertificateParts parts;
    parts.validity = der(kDerSequence, utc_time("700101000000Z"));
    const CertificateReading one(parts.build());
    EXPECT_TRUE(one.out.malformed);
    EXPECT_EQ(one.times(), "0 -");
    parts.validity = der(kDerSequence, {});
    EXPECT_EQ(CertificateReading(parts.build()).times(), "- -");
    parts.validity =
        der(kDerSequence,
            test::join({utc_time("700101000000Z"), test::hex("170E"), test::text("700101000000Z")}));
    EXPECT_EQ(CertificateReading(parts.build()).times(), "0 -") << "a byte less than it says";
}

TEST(Certificate, WritesSerialNumbersAsOpenSslDoes) {
    struct Case {
        std::string_view digits, text;
    };
    const Case cases[] = {
        {"00", "00"},     {"01", "01"},      {"7F", "7F"},      {"0080", "80"},       {"FF", "-01"},
        {"80", "-80"},    {"FF7F", "-81"},   {"FF00", "-0100"}, {"8000", "-8000"},    {"00000A", "0A"},
        {"0ABC", "0ABC"}, {"8001", "-7FFF"}, {"FFFFFF", "-01"}, {"010203", "010203"},
    };
    for (const Case& c : cases) {
        const CertificateReading got = with_serial(c.digits);
        EXPECT_TRUE(got.well_formed()) << c.digits;
        EXPECT_EQ(got.serial(), c.text) << c.digits;
    }
}

TEST(Certificate, LosesASerialNumberThatIsEmptyOrTooLong) {
    constexpr std::size_t kDigits = 128;
    const CertificateReading empty = with_serial("");
    EXPECT_TRUE(empty.taken && empty.out.malformed && !empty.out.incomplete);
    EXPECT_EQ(empty.serial(), "-");
    EXPECT_EQ(with_serial(std::string(kDigits, '1')).serial(), std::string(kDigits, '1'));
    const CertificateReading large = with_serial(std::string(kDigits + 2, '1'));
    EXPECT_TRUE(large.taken && large.out.incomplete && !large.out.malformed);
    EXPECT_EQ(large.serial(), "-");
    EXPECT_EQ(large.subject(), "CN=subject");
}

TEST(Certificate, HasNoMoreThanSoManyAlternativeNames) {
    constexpr std::size_t kLimit = 256;
    Bytes names;
    std::string expected;
    for (std::size_t i = 0; i < kLimit; ++i) {
        names = test::join({names, der(der_primitive(2), test::text("a"))});
        expected += i == 0 ? "a" : "|a";
    }
    EXPECT_TRUE(with_names(names).well_formed());
    EXPECT_EQ(with_names(names).names(), expected);
    const CertificateReading more = with_names(test::join({names, der(der_primitive(2), test::text("b"))}));
    EXPECT_TRUE(more.taken && more.out.incomplete && !more.out.malformed);
    EXPECT_EQ(more.names(), expected);
}

TEST(Certificate, HasTheAlternativeNamesUpToWhereTheyAreDamaged) {
    const Bytes good = der(der_primitive(2), test::text("a"));
    const Bytes address = der(der_primitive(7), test::hex("C0000201"));
    struct Case {
        Bytes names;
        std::string_view told;
    };
    const Case cases[] = {
        {test::join({good, test::hex("8205 61")}), "a"},
        {test::join({good, test::hex("82")}), "a"},
        {test::join({der(der_primitive(7), test::hex("C00002")), good}), "a"},
        {test::join({der(der_primitive(7), {}), address}), "192.0.2.1"},
        {test::join({address, der(der_primitive(7), test::hex("C0000201FFFFFF00"))}), "192.0.2.1"},
    };
    for (const Case& c : cases) {
        const CertificateReading got = with_names(c.names);
        EXPECT_TRUE(got.taken && got.out.malformed);
        EXPECT_EQ(got.names(), c.told);
        EXPECT_EQ(got.serial(), "01");
    }
    EXPECT_EQ(with_names(der(der_primitive(2), {})).names(), "-");
    EXPECT_EQ(with_names({}).names(), "-");
}

TEST(Certificate, HasOtherExtensionsAroundTheAlternativeNames) {
    const auto extension = [](std::string_view type, const Bytes& rest) {
        return der(kDerSequence, test::join({der(kDerObjectIdentifier, test::hex(type)), rest}));
    };
    const Bytes value = der(kDerOctetString, der(kDerSequence, der(der_primitive(2), test::text("a"))));
    const Bytes other = extension("551D13", der(kDerOctetString, test::hex("3000")));
    const Bytes names = extension("551D11", test::join({test::hex("0101FF"), value}));
    const auto told = [](const Bytes& list) {
        CertificateParts parts;
        parts.behind_key = der(der_constructed(3), list);
        const CertificateReading got(parts.build());
        return (got.out.malformed ? "!" : "") + got.names();
    };
    EXPECT_EQ(told(der(kDerSequence, test::join({other, names, other}))), "a");
    EXPECT_EQ(told(der(kDerSequence, test::join({other, other}))), "-");
    EXPECT_EQ(told(der(kDerSequence, test::join({names, names}))), "a") << "only the first one counts";
    EXPECT_EQ(told(der(kDerSequence, test::join({test::hex("3000"), names}))), "!a");
    EXPECT_EQ(told(der(kDerSequence, test::join({test::hex("3100"), names}))), "!-");
    EXPECT_EQ(told(der(kDerSequence, extension("551D11", test::join({value, value})))), "!a");
    EXPECT_EQ(told(der(kDerSequence, extension("551D11", der(kDerOctetString, test::hex("3002"))))), "!-");
    EXPECT_EQ(told(test::join({der(kDerSequence, names), names})), "!a");
    EXPECT_EQ(told(names), "!-");
}

TEST(Certificate, HasNoHalfValueWhereThereIsNoRoomForText) {
    const Bytes bytes = CertificateParts().build();
    const auto out = std::make_unique<Dissection>();
    out->reset();
    out->put(std::string(Dissection::kTextLimit - 5, 'a'));
    EXPECT_TRUE(read_server_certificate(bytes, *out));
    EXPECT_TRUE(out->incomplete);
    for (const Field& field : out->fields()) EXPECT_EQ(field.info->kind, FieldKind::time) << field.info->path;
}

}  // namespace
}  // namespace packetsentry::dissect
