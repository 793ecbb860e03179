#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::cut;
using test::hex;
using test::join;
using test::sized;

Bytes record(const std::string& type, const Bytes& body) {
    return join({hex(type + "0303"), sized(body, 2)});
}

Bytes client_hello(const Bytes& extensions) {
    return join({hex("01"), sized(join({hex("0303"), Bytes(32), hex("00 0002 1301 01 00"), extensions}), 3)});
}

Bytes server_hello(const Bytes& extensions) {
    return join({hex("02"), sized(join({hex("0303"), Bytes(32), hex("00 1301 00"), extensions}), 3)});
}

const Bytes kName = hex("0000 0010 000E 00 000B 6578616D706C652E636F6D");  // example.com
const Bytes kVersions = hex("002B 0007 06 8A8A 0304 0303");                // one reserved value, 1.3, 1.2
const Bytes kOther = hex("0017 0000");

TEST(Tls, ReadsHellos) {
    struct Case {
        std::string what;
        Bytes payload;
        std::string line;
    };
    const Bytes hello = client_hello(sized(join({kOther, kName, kVersions}), 2));
    const Case cases[] = {
        {"client", record("16", hello), "TLS Client Hello example.com 1.3,1.2"},
        {"no name", record("16", client_hello(sized(kVersions, 2))), "TLS Client Hello 1.3,1.2"},
        {"no list of versions", record("16", client_hello(sized(kName, 2))),
         "TLS Client Hello example.com 1.2"},
        {"no extensions", record("16", client_hello({})), "TLS Client Hello 1.2"},
        {"server", record("16", server_hello(sized(hex("002B 0002 0304"), 2))), "TLS Server Hello 1.3"},
        {"older server", record("16", server_hello({})), "TLS Server Hello 1.2"},
        {"server and more", join({record("16", server_hello({})), record("14", hex("01"))}),
         "TLS Server Hello 1.2 Change Cipher Spec"},
        {"over two records",
         join({record("16", cut(hello, 75)), record("16", Bytes(hello.begin() + 75, hello.end()))}),
         "TLS Client Hello example.com"},
        {"a name of another kind", record("16", client_hello(sized(hex("0000 0006 0004 01 0001 61"), 2))),
         "TLS Client Hello 1.2"},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_tls, c.payload).line(), c.line) << c.what;
    const Reading server(dissect_tls, record("16", server_hello({})));
    EXPECT_EQ(server.value("tls.version"), "1.2");
    const Reading client(dissect_tls, record("16", hello));
    EXPECT_EQ(client.value("tls.version"), "-") << "nothing is agreed yet";
    EXPECT_EQ(client.value("tls.client.server_name"), "example.com");
    EXPECT_TRUE(client.out.protocol->shows_ports);
}

TEST(Tls, TakesWhatASegmentHasOfAHello) {
    const Bytes whole =
        record("16", client_hello(sized(join({kName, kVersions, hex("0015 0200"), Bytes(512)}), 2)));
    std::size_t named = 0;
    for (std::size_t size = 10; size < whole.size(); ++size) {
        const Reading got(dissect_tls, cut(whole, size));
        const std::string line = got.line();
        EXPECT_TRUE(line.starts_with("TLS Client Hello")) << size << ' ' << line;
        const std::string name = got.value("tls.client.server_name");
        EXPECT_TRUE(name == "-" || name == "example.com") << size << ' ' << name;
        named += name == "example.com" ? 1 : 0;
    }
    EXPECT_GT(named, 512U);
}

TEST(Tls, LengthsThatContradictEachOtherAreMalformed) {
    struct Case {
        std::string what;
        Bytes hello;
        std::string line;
    };
    const Case cases[] = {
        {"a hello too short for its parts", hex("01 000003 030300"), "!TLS Client Hello"},
        {"extensions beyond the hello", client_hello(join({hex("0100"), kName})), "!TLS Client Hello"},
        {"an extension beyond the extensions", client_hello(sized(hex("0017 0005 00"), 2)),
         "!TLS Client Hello 1.2"},
        {"a name beyond its list", client_hello(sized(hex("0000 0006 0004 00 0009 61"), 2)),
         "!TLS Client Hello 1.2"},
        {"a list of names beyond its extension", client_hello(sized(hex("0000 0006 0009 00 0001 61"), 2)),
         "!TLS Client Hello 1.2"},
        {"versions beyond their extension", client_hello(sized(hex("002B 0003 09 0304"), 2)),
         "!TLS Client Hello 1.3"},
        {"a session ID beyond the hello",
         join({hex("02"), sized(join({hex("0303"), Bytes(32), hex("FF 00")}), 3)}), "!TLS Server Hello"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(Reading(dissect_tls, record("16", c.hello)).line(), c.line) << c.what;
    // Half a hello, of which the captured half is enough to tell.
    const Bytes liar =
        record("16", join({client_hello(sized(hex("0000 0006 0004 00 0009 61"), 2)), Bytes(100)}));
    EXPECT_EQ(Reading(dissect_tls, cut(liar, liar.size() - 90)).line(), "!TLS Client Hello 1.2");
}

TEST(Tls, NamesOtherRecords) {
    struct Case {
        std::string what;
        Bytes payload;
        std::string line;
    };
    const Case cases[] = {
        {"data", record("17", Bytes(40)), "TLS Application Data"},
        {"data going on", cut(record("17", Bytes(40)), 20), "TLS Application Data"},
        {"data twice", join({record("17", Bytes(40)), record("17", Bytes(9))}), "TLS Application Data"},
        {"a header alone", hex("17 0303 0100"), "TLS Application Data"},
        {"an alert", record("15", hex("0228")), "TLS Alert"},
        {"an alert, encrypted", record("15", Bytes(26)), "TLS Alert"},
        {"the change", record("14", hex("01")), "TLS Change Cipher Spec"},
        {"certificate", record("16", hex("0B 000003 000000")), "TLS Certificate"},
        {"certificate and more", record("16", hex("0B 000003 000000 0E 000000")),
         "TLS Certificate Server Hello Done"},
        {"a request", record("16", hex("00 000000")), "TLS Hello Request"},
        {"finished, encrypted, its first bytes a counter",
         record("16", join({Bytes(8), hex("112233445566778899AABBCCDDEEFF00")})), "TLS Handshake"},
        {"finished, encrypted", record("16", hex("C0FFEE00 112233445566778899AABBCCDDEEFF00 11223344")),
         "TLS Handshake"},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_tls, c.payload).line(), c.line) << c.what;
}

// A client's second hello, and that of a resumed session, come behind a Change Cipher Spec.
TEST(Tls, ReadsAllRecordsOfASegment) {
    struct Case {
        std::string what;
        Bytes payload;
        std::string line;
    };
    const Bytes client = client_hello(sized(join({kName, kVersions}), 2));
    const Bytes server = server_hello(sized(hex("002B 0002 0304"), 2));
    const Bytes change = record("14", hex("01")), encrypted = record("16", join({hex("00"), Bytes(39)}));
    const Bytes data = record("17", Bytes(40)), certificate = hex("0B 000003 000000"),
                done = hex("0E 000000");
    const Case cases[] = {
        {"a hello behind a change", join({change, record("16", client)}),
         "TLS Client Hello example.com 1.3,1.2 Change Cipher Spec"},
        {"early data", join({record("16", client), change, data, data}),
         "TLS Client Hello example.com 1.3,1.2 Change Cipher Spec,Application Data"},
        {"a server's first flight", join({record("16", server), change, data}),
         "TLS Server Hello 1.3 Change Cipher Spec,Application Data"},
        {"a resumed session", join({record("16", server), change, encrypted}),
         "TLS Server Hello 1.3 Change Cipher Spec,Handshake"},
        {"a record a message", join({record("16", server), record("16", certificate), record("16", done)}),
         "TLS Server Hello 1.3 Certificate,Server Hello Done"},
        {"all messages in a record", record("16", join({server, certificate, done})),
         "TLS Server Hello 1.3 Certificate,Server Hello Done"},
        {"a message over two records, and one behind it",
         join({record("16", join({server, cut(certificate, 5)})), record("16", join({hex("0000"), done}))}),
         "TLS Server Hello 1.3 Certificate,Server Hello Done"},
        {"the first hello counts", join({record("16", client), record("16", client_hello({}))}),
         "TLS Client Hello example.com 1.3,1.2"},
        {"an alert behind data", join({data, record("15", hex("0100"))}), "TLS Application Data Alert"},
        {"a record that begins", join({change, cut(record("16", client), 3)}), "TLS Change Cipher Spec"},
        {"something else behind the second", join({change, data, hex("00")}), "TLS Change Cipher Spec"},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_tls, c.payload).line(), c.line) << c.what;
}

TEST(Tls, ThousandsOfRecordsAreBounded) {
    Bytes payload;
    for (int i = 0; i < 5000; ++i) payload = join({payload, record("14", hex("01"))});
    const Reading got(dissect_tls, join({payload, record("16", client_hello({}))}));
    EXPECT_EQ(got.line(), "TLS Change Cipher Spec");
    EXPECT_TRUE(got.out.incomplete);
}

// They had another number for the key of the server, which was that of something else before.
TEST(Tls, TellsTheGroupOfDraftsOfVersion13) {
    const Bytes key = hex("0028 0006 001D 0002 ABCD");
    struct Case {
        std::string version;
        std::string group;
    };
    const Case cases[] = {
        {"7F12", "x25519"}, {"7F16", "x25519"}, {"7E01", "x25519"}, {"0304", "-"}, {"0303", "-"}};
    for (const Case& c : cases) {
        const Bytes version = hex("002B 0002" + c.version);
        const Reading got(dissect_tls, record("16", server_hello(sized(join({key, version}), 2))));
        EXPECT_EQ(got.value("tls.curve"), c.group) << c.version;
    }
}

// Before a draft became TLS 1.3 its number was the version.
TEST(Tls, ReadsDraftsOfVersion13) {
    const auto short_hello = [](const std::string& version, const Bytes& extensions) {
        return record("16",
                      join({hex("02"), sized(join({hex(version), Bytes(32), hex("1301"), extensions}), 3)}));
    };
    const Bytes key = sized(hex("0033 0004 001D 0000"), 2);
    struct Case {
        std::string what;
        Bytes payload;
        std::string line;
    };
    const Case cases[] = {
        {"a server up to draft 21", short_hello("7F15", key), "TLS Server Hello 1.3 draft-21"},
        {"one without extensions", short_hello("7F12", {}), "TLS Server Hello 1.3 draft-18"},
        {"a server from draft 22 on", record("16", server_hello(sized(hex("002B 0002 7F1C"), 2))),
         "TLS Server Hello 1.3 draft-28"},
        {"a client", record("16", client_hello(sized(hex("002B 0007 06 7F1C FB1A 0303"), 2))),
         "TLS Client Hello 1.3-draft-28,1.3-draft-26,1.2"},
        {"a server that asks again", record("16", hex("06 000006 7F12 1301 0000")),
         "TLS Hello Retry Request"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_tls, c.payload);
        EXPECT_EQ(got.line(), c.line) << c.what;
        EXPECT_EQ(got.value("tls.version_protocol"), "tls") << c.what;
    }
    EXPECT_EQ(Reading(dissect_tls, cases[0].payload).value("tls.version"), "1.3");
}

TEST(Tls, TellsSslByItsVersion) {
    const auto hello = [](const std::string& type, const std::string& version) {
        const Bytes rest = type == "01" ? hex("00 0002 002F 01 00") : hex("00 002F 00");
        return join(
            {hex("16 0300"), sized(join({hex(type), sized(join({hex(version), Bytes(32), rest}), 3)}), 2)});
    };
    struct Case {
        std::string what;
        Bytes payload;
        std::string protocol;
    };
    const Case cases[] = {
        {"a server chooses SSL 3", hello("02", "0300"), "ssl"},
        {"a server chooses TLS", hello("02", "0301"), "tls"},
        {"a client offers SSL 3", hello("01", "0300"), "ssl"},
        {"a client offers TLS in a record of SSL 3", hello("01", "0303"), "tls"},
        {"data of SSL 3", hex("17 0300 0001 00"), "ssl"},
        {"data of TLS", hex("17 0301 0001 00"), "tls"},
        {"a hello of TLS behind a record of SSL 3", join({hex("14 0300 0001 01"), hello("01", "0303")}),
         "tls"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(Reading(dissect_tls, c.payload).value("tls.version_protocol"), c.protocol) << c.what;
    EXPECT_EQ(Reading(dissect_tls, hello("02", "0300")).value("tls.version"), "3.0");
}

TEST(Tls, LeavesOtherThingsAlone) {
    struct Case {
        std::string what;
        Bytes payload;
    };
    const Case cases[] = {
        {"four bytes", hex("16 0301 00")},
        {"another type", hex("18 0303 0001 00")},
        {"another version", hex("16 0203 0005 01 000001 00")},
        {"a version to come", hex("16 0305 0005 01 000001 00")},
        {"no length", hex("17 0303 0000")},
        {"too much length", hex("17 0303 4801")},
        {"something else behind the record", join({record("17", Bytes(8)), hex("00")})},
        {"a short handshake that is none", record("16", hex("C0FFEE00"))},
        {"an alert of another level", record("15", hex("0900"))},
        {"a change of two bytes", record("14", hex("0101"))},
        {"text", test::text("220 mail.example.com ESMTP\r\n")},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_tls, c.payload).line(), "-") << c.what;
}

// --- what else hellos tell

Bytes client_hello_with(const std::string& version, const std::string& session, const std::string& ciphers,
                        const Bytes& extensions) {
    return join({hex("01"), sized(join({hex(version), Bytes(32), sized(hex(session), 1),
                                        sized(hex(ciphers), 2), hex("01 00"), sized(extensions, 2)}),
                                  3)});
}

Bytes server_hello_with(const std::string& version, const std::string& cipher, const Bytes& extensions) {
    return join({hex("02"),
                 sized(join({hex(version), Bytes(32), hex("00" + cipher + "00"), sized(extensions, 2)}), 3)});
}

const Bytes kProtocols = hex("0010 000E 000C 02 6832 08 687474702F312E31");  // h2, http/1.1

TEST(Tls, TellsVersionsAsNumbers) {
    const Reading client(dissect_tls, join({hex("16 0301"), sized(client_hello({}), 2)}));
    EXPECT_EQ(client.value("packetsentry.tls.record_version"), "769");
    EXPECT_EQ(client.value("packetsentry.tls.handshake_version"), "771");
    const Reading server(dissect_tls, record("16", server_hello(sized(hex("002B 0002 0304"), 2))));
    EXPECT_EQ(server.value("packetsentry.tls.record_version"), "771");
    EXPECT_EQ(server.value("packetsentry.tls.handshake_version"), "771");
    EXPECT_EQ(server.value("tls.version"), "1.3");
    const Reading data(dissect_tls, join({hex("17 0303 0020"), Bytes(32)}));
    EXPECT_EQ(data.value("packetsentry.tls.record_version"), "-");
}

TEST(Tls, TellsTheCipherThatTheServerChose) {
    const Reading known(dissect_tls, record("16", server_hello_with("0303", "C02F", {})));
    EXPECT_EQ(known.value("tls.cipher"), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    EXPECT_EQ(known.value("packetsentry.tls.cipher_number"), "49199");
    const Reading unknown(dissect_tls, record("16", server_hello_with("0303", "FEFE", {})));
    EXPECT_EQ(unknown.value("tls.cipher"), "-");
    EXPECT_EQ(unknown.value("packetsentry.tls.cipher_number"), "65278");
    const Reading client(dissect_tls, record("16", client_hello({})));
    EXPECT_EQ(client.value("packetsentry.tls.cipher_number"), "-");
}

TEST(Tls, TellsApplicationProtocols) {
    const Reading client(dissect_tls, record("16", client_hello_with("0303", "", "1301", kProtocols)));
    EXPECT_EQ(client.value("packetsentry.tls.client.alpn"), "h2,http/1.1");
    EXPECT_EQ(client.value("tls.next_protocol"), "-");
    const Reading server(dissect_tls,
                         record("16", server_hello_with("0303", "C02F", hex("0010 0005 0003 02 6832"))));
    EXPECT_EQ(server.value("tls.next_protocol"), "h2");
    EXPECT_EQ(server.value("packetsentry.tls.client.alpn"), "-");
    for (const std::string list : {"0010 0004 0003 02 68", "0010 0005 0003 09 6832", "0010 0001 00"}) {
        EXPECT_TRUE(Reading(dissect_tls, record("16", client_hello_with("0303", "", "1301", hex(list))))
                        .out.malformed)
            << list;
        const Reading got(dissect_tls, record("16", server_hello_with("0303", "C02F", hex(list))));
        EXPECT_TRUE(got.out.malformed) << list;
        EXPECT_EQ(got.value("tls.next_protocol"), "-") << list;
    }
}

TEST(Tls, TellsWhatAHelloSaysOfAnEarlierSession) {
    struct Case {
        std::string what;
        Bytes payload;
        std::string told;
    };
    const std::string session(64, 'A');
    const Bytes change = record("14", hex("01"));
    const Bytes old_server = record("16", server_hello_with("0303", "C02F", {}));
    const Bytes ticket = record("16", hex("04 000006 00000E10 0000"));
    const Case cases[] = {
        {"nothing", record("16", client_hello_with("0303", "", "1301", {})), "-"},
        {"a session", record("16", client_hello_with("0303", session, "C02F", {})), "session offered"},
        {"what only looks like one", record("16", client_hello_with("0303", session, "1301", kVersions)),
         "-"},
        {"the wish for a ticket", record("16", client_hello_with("0303", "", "C02F", hex("0023 0000"))), "-"},
        {"a ticket", record("16", client_hello_with("0303", "", "C02F", hex("0023 0002 ABCD"))),
         "ticket offered"},
        {"a key",
         record("16", client_hello_with("0303", session, "1301", join({kVersions, hex("0029 0000")}))),
         "psk offered"},
        {"a key that the server takes",
         record("16", server_hello_with("0303", "1301", hex("002B 0002 0304 0029 0002 0000"))),
         "psk accepted"},
        {"a change behind the hello", join({old_server, change}), "session resumed"},
        {"a change behind a new ticket", join({old_server, ticket, change}), "session resumed"},
        {"two changes", join({old_server, change, change}), "session resumed"},
        {"a certificate between", join({old_server, record("16", hex("0B 000003 000000")), change}), "-"},
        {"a change that means nothing",
         join({record("16", server_hello_with("0303", "1301", hex("002B 0002 0304"))), change}), "-"},
        {"a client's change", join({record("16", client_hello({})), change}), "-"},
        {"a change alone", change, "-"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(Reading(dissect_tls, c.payload).value("packetsentry.tls.resumption"), c.told) << c.what;
}

TEST(Tls, TellsAlertsInTheClear) {
    struct Case {
        std::string payload, level, description;
    };
    const Case cases[] = {
        {"15 0303 0002 0228", "fatal", "handshake_failure"},
        {"15 0303 0002 0100", "warning", "close_notify"},
        {"15 0301 0002 0246 15 0301 0002 0100", "fatal,warning", "protocol_version,close_notify"},
        {"15 0303 0002 00FF", "-", "-"},
        {"15 0303 0011 0228000000000000000000000000000000", "-", "-"},
        {"15 0303 0002 02", "-", "-"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_tls, hex(c.payload));
        EXPECT_EQ(got.line(), "TLS Alert") << c.payload;
        EXPECT_EQ(got.value("packetsentry.tls.alert.level"), c.level) << c.payload;
        EXPECT_EQ(got.value("packetsentry.tls.alert.description"), c.description) << c.payload;
    }
}

TEST(Tls, FingerprintsAHelloThatIsThereAsAWhole) {
    const Bytes signatures = hex("000D 0006 0004 0403 0804");
    const Bytes extensions = join({hex("1A1A 0000"), kName, kVersions, kProtocols, signatures});
    const Bytes whole = record("16", client_hello_with("0303", "", "0A0A 1302 1301", extensions));
    const Reading got(dissect_tls, whole);
    EXPECT_EQ(got.value("packetsentry.tls.ja4_r"), "t13d0204h2_1301,1302_000d,002b_0403,0804");
    EXPECT_EQ(got.value("packetsentry.tls.ja4").substr(0, 24), "t13d0204h2_62ed6f6ca7ad_");
    for (std::size_t size = 10; size < whole.size(); size += 3) {
        const Reading part(dissect_tls, cut(whole, size));
        EXPECT_EQ(part.value("packetsentry.tls.ja4"), "-") << size;
        EXPECT_FALSE(part.out.malformed) << size;
    }
    const Bytes hello(whole.begin() + 5, whole.end());
    const Bytes two =
        join({record("16", cut(hello, 60)), record("16", Bytes(hello.begin() + 60, hello.end()))});
    EXPECT_EQ(Reading(dissect_tls, two).value("packetsentry.tls.ja4"), "-")
        << "half of the hello is not looked at";
    EXPECT_EQ(Reading(dissect_tls, record("16", server_hello({}))).value("packetsentry.tls.ja4"), "-");
}

// --- groups, encrypted hellos, and hellos that ask for another one

const std::string kRetryRandom =  // RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest"
    "CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C";

Bytes server_hello_with_random(const std::string& random, const Bytes& extensions) {
    return record(
        "16", join({hex("02"),
                    sized(join({hex("0303"), hex(random), hex("00 1301 00"), sized(extensions, 2)}), 3)}));
}

// RFC 8446 section 4.2.8: in the hello of a server there is one key.
Bytes key_share(const std::string& group, std::size_t key_bytes) {
    return join({hex("0033"), sized(join({hex(group), sized(Bytes(key_bytes, std::byte{7}), 2)}), 2)});
}

bool asks_again(const Reading& got) {
    std::size_t told = 0;
    for (const Field& one : got.out.fields())
        if (one.info->path == "packetsentry.tls.hello_retry_request" && one.number == 1) ++told;
    EXPECT_LE(told, 1U);
    return told != 0;
}

TEST(Tls, TellsTheGroupThatTheServerChose) {
    struct Case {
        std::string what;
        Bytes payload;
        std::string group;
    };
    const Bytes version = hex("002B 0002 0304");
    const auto server = [&](const Bytes& extension) {
        return record("16", server_hello_with("0303", "1301", join({extension, version})));
    };
    const Case cases[] = {
        {"x25519", server(key_share("001D", 32)), "x25519"},
        {"behind the version",
         record("16", server_hello_with("0303", "1301", join({version, key_share("0017", 65)}))),
         "secp256r1"},
        {"a hybrid group", server(key_share("11EC", 1120)), "X25519MLKEM768"},
        {"finite fields", server(key_share("0100", 256)), "ffdhe2048"},
        {"a reserved number", server(key_share("2A2A", 1)), "-"},
        {"a key known before, alone", server(hex("0029 0002 0000")), "-"},
        {"TLS 1.2", record("16", server_hello_with("0303", "C02F", hex("000B 0002 0100"))), "-"},
        {"no extensions", record("16", server_hello({})), "-"},
        {"groups that a client can do",
         record("16", client_hello_with("0303", "", "1301",
                                        join({kVersions, hex("000A 0006 0004 001D 0017"),
                                              hex("0033 0009 0007 001D 0003 010203")}))),
         "-"},
        // RFC 8448 section 3.
        {"an example",
         hex("16 0303 005A 0200005603 03A6AF06A4121860DC5E6E60249CD34C95930C8AC5CB1434DAC155772E"
             "D3E2692800130100002E00330024001D0020C9828876112095FE66762BDBF7C672E156D6CC253B833D"
             "F1DD69B1B04E751F0F002B00020304"),
         "x25519"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_tls, c.payload);
        EXPECT_EQ(got.value("tls.curve"), c.group) << c.what;
        EXPECT_FALSE(got.out.malformed) << c.what;
        EXPECT_FALSE(asks_again(got)) << c.what;
    }
}

// Its number is enough, wherever the snapshot length cuts the key off.
TEST(Tls, TellsTheGroupOfAHelloThatIsCut) {
    const Bytes whole = record("16", server_hello_with("0303", "1301", key_share("001D", 32)));
    constexpr std::size_t kBehindGroup = 5 + 4 + 2 + 32 + 1 + 2 + 1 + 2 + 4 + 2;
    ASSERT_EQ(whole.size(), kBehindGroup + 2 + 32);
    for (std::size_t size = 12; size <= whole.size(); ++size) {
        const Reading got(dissect_tls, cut(whole, size));
        EXPECT_EQ(got.value("tls.curve"), size < kBehindGroup ? "-" : "x25519") << size;
        EXPECT_FALSE(got.out.malformed) << size;
    }
}

// It names the group that it wants, in which nobody agrees on a key yet.
TEST(Tls, TellsThatAServerAsksForAnotherHello) {
    struct Case {
        std::string what, random, extensions;
        bool again;
    };
    std::string other_begin = kRetryRandom, other_end = kRetryRandom;
    other_begin[1] = 'E';
    other_end.back() = 'D';
    const Case cases[] = {
        {"a group", kRetryRandom, "002B 0002 0304 0033 0002 0017", true},
        {"the group before the version", kRetryRandom, "0033 0002 0017 002B 0002 0304", true},
        {"a cookie alone", kRetryRandom, "002B 0002 0304 002C 0004 0002 ABCD", true},
        {"another first byte", other_begin, "002B 0002 0304", false},
        {"another last byte", other_end, "002B 0002 0304", false},
        {"zeros", std::string(64, '0'), "002B 0002 0304", false},
        // RFC 8446 section 4.1.3: the end of the random number of a server that could do TLS 1.3.
        {"a way back to TLS 1.2", std::string(48, 'A') + "444F574E47524401", "002B 0002 0304", false},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_tls, server_hello_with_random(c.random, hex(c.extensions)));
        EXPECT_EQ(got.line(), "TLS Server Hello 1.3") << c.what;
        EXPECT_EQ(got.value("tls.curve"), "-") << c.what;
        EXPECT_EQ(asks_again(got), c.again) << c.what;
    }
    const Bytes client =
        join({hex("01"), sized(join({hex("0303"), hex(kRetryRandom), hex("00 0002 1301 01 00")}), 3)});
    EXPECT_FALSE(asks_again(Reading(dissect_tls, record("16", client))));
}

TEST(Tls, NeedsTheWholeRandomNumberToTellWhetherItIsAskedAgain) {
    const Bytes whole = server_hello_with_random(kRetryRandom, hex("002B 0002 0304 0033 0002 0017"));
    constexpr std::size_t kBehindRandom = 5 + 4 + 2 + 32;
    for (std::size_t size = 12; size <= whole.size(); ++size) {
        const Reading got(dissect_tls, cut(whole, size));
        EXPECT_EQ(asks_again(got), size >= kBehindRandom) << size;
        EXPECT_EQ(got.value("tls.curve"), "-") << size;
        EXPECT_FALSE(got.out.malformed) << size;
    }
}

// RFC 9849 section 5: the outer hello has a cipher, a number, a key and what is encrypted.
TEST(Tls, TellsEncryptedHellos) {
    const Bytes outer = join(
        {hex("FE0D"), sized(join({hex("00 0001 0001 2A"), sized(Bytes(32), 2), sized(Bytes(144), 2)}), 2)});
    const auto client = [](const Bytes& extensions) {
        return record("16", client_hello_with("0303", "", "1301", join({kVersions, extensions})));
    };
    struct Case {
        std::string what;
        Bytes payload;
        std::string told;
    };
    const Case cases[] = {
        {"outer", client(outer), "outer"},
        {"beside a name", client(join({kName, outer})), "outer"},
        {"inner", client(hex("FE0D 0001 01")), "-"},
        {"a type that does not exist", client(hex("FE0D 0001 02")), "-"},
        {"nothing", client(kName), "-"},
        // Drafts had other numbers.
        {"another number", client(hex("FE0A 0001 00")), "-"},
        {"a server that asks again",
         server_hello_with_random(kRetryRandom, hex("002B 0002 0304 FE0D 0008 0001020304050607")), "-"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_tls, c.payload);
        EXPECT_EQ(got.value("packetsentry.tls.ech"), c.told) << c.what;
        EXPECT_FALSE(got.out.malformed) << c.what;
    }
    EXPECT_EQ(Reading(dissect_tls, client(join({kName, outer}))).value("tls.client.server_name"),
              "example.com")
        << "the name of the outer hello";
    const Bytes whole = record("16", client_hello_with("0303", "", "1301", outer));
    const std::size_t behind_type = whole.size() - outer.size() + 5;
    for (std::size_t size = 12; size <= whole.size(); ++size) {
        const Reading got(dissect_tls, cut(whole, size));
        EXPECT_EQ(got.value("packetsentry.tls.ech"), size < behind_type ? "-" : "outer") << size;
        EXPECT_FALSE(got.out.malformed) << size;
    }
}

// RFC 8446 section 6.2: where lengths do not fit, a message cannot be decoded.
TEST(Tls, ExtensionsTooShortForWhatTheyHoldAreMalformed) {
    struct Case {
        std::string what;
        Bytes hello;
    };
    const auto server = [](const std::string& extensions) {
        return server_hello_with("0303", "1301", hex(extensions));
    };
    const Case cases[] = {
        {"no version", server("002B 0000")},
        {"half a version", server("002B 0001 03")},
        {"no key", server("0033 0000 002B 0002 0304")},
        {"half a group", server("0033 0001 00 002B 0002 0304")},
        {"a group without a key", server("0033 0002 001D 002B 0002 0304")},
        {"a key beyond its extension", server("0033 0006 001D 0020 0102 002B 0002 0304")},
        {"an encrypted hello without a type", client_hello_with("0303", "", "1301", hex("FE0D 0000"))},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_tls, record("16", c.hello));
        EXPECT_TRUE(got.taken) << c.what;
        EXPECT_TRUE(got.out.malformed) << c.what;
        EXPECT_EQ(got.value("packetsentry.tls.ech"), "-") << c.what;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
