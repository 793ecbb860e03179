#include "daemon/dissect/application/tls_flight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "daemon/dissect/application/tls_groups.h"
#include "tests/support/packet_builder.h"
#include "tests/support/tls_messages.h"

namespace packetsentry::dissect {
namespace {

using test::big_endian;
using test::Bytes;
using test::cut;
using test::hex;
using test::join;
using test::sized;
using test::tls_certificate;
using test::tls_key_exchange;
using test::tls_message;

constexpr std::size_t kHeaderOfRecord = 5, kHeaderOfMessage = 4, kLengthInList = 3;

// What is read of records. There is nothing behind either the records or the room, so that a sanitizer finds
// what is read or written there; without one a guard shows what is written.
struct FlightReading {
    explicit FlightReading(const Bytes& given) : FlightReading(given, given.size()) {}
    FlightReading(const Bytes& given, std::size_t room_bytes) {
        constexpr std::size_t kGuardBytes = 32;
        constexpr std::byte kGuard{0xA5};
        const Bytes records(given.begin(), given.end());
        Bytes exact(room_bytes), guarded(room_bytes + kGuardBytes, kGuard);
        (void)read_tls_flight(records, exact);
        const TlsFlight flight = read_tls_flight(records, std::span(guarded).first(room_bytes));
        certificate.assign(flight.certificate.begin(), flight.certificate.end());
        group = flight.group;
        over = flight.over;
        const auto* const begin = guarded.data();
        lies_in_room = flight.certificate.empty() ||
                       (flight.certificate.data() >= begin &&
                        flight.certificate.data() + flight.certificate.size() <= begin + room_bytes);
        guard_is_whole = std::all_of(guarded.end() - static_cast<std::ptrdiff_t>(kGuardBytes), guarded.end(),
                                     [&](std::byte one) { return one == kGuard; });
    }

    Bytes certificate = {};
    std::optional<std::uint16_t> group = {};
    bool over = false, lies_in_room = false, guard_is_whole = false;
};

// Bytes that differ from their neighbours, so that one that is left out or doubled is found.
Bytes counting(std::size_t size, unsigned first = 1) {
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>((first + i * 7) & 0xFF));
    return bytes;
}

Bytes handshake_record(const Bytes& messages) {
    return test::tls_record(test::kTlsHandshake, messages);
}

Bytes in_records_of(const Bytes& messages, std::size_t record_bytes) {
    Bytes records;
    for (std::size_t at = 0; at < messages.size(); at += record_bytes) {
        const std::size_t end = std::min(messages.size(), at + record_bytes);
        records =
            join({records, handshake_record(Bytes(messages.begin() + static_cast<std::ptrdiff_t>(at),
                                                  messages.begin() + static_cast<std::ptrdiff_t>(end)))});
    }
    return records;
}

// How many bytes of such records there must be for so many bytes of the messages to be there.
std::size_t record_bytes_for(std::size_t message_bytes, std::size_t record_bytes) {
    return message_bytes + kHeaderOfRecord * ((message_bytes + record_bytes - 1) / record_bytes);
}

const Bytes kLeaf = counting(300), kIssuer = counting(200, 90);
const Bytes kHelloOfServer =
    tls_message(2, join({hex("0303"), Bytes(32), hex("00 C02F 00 0005 FF01 0001 00")}));
const Bytes kChain = tls_certificate({kLeaf, kIssuer});
const Bytes kX25519Exchange = tls_key_exchange("03 001D");
const Bytes kHelloDone = test::tls_hello_done();
const Bytes kWholeFlight = join({kHelloOfServer, kChain, kX25519Exchange, kHelloDone});
const Bytes kChangeRecord = hex("14 0303 0001 01");

TEST(TlsFlight, ReadsAllMessagesOfARecord) {
    const FlightReading got(handshake_record(kWholeFlight));
    EXPECT_EQ(got.certificate, kLeaf) << "the first one of the chain is the server's own";
    EXPECT_EQ(got.group, 29);
    EXPECT_TRUE(got.over);
    EXPECT_TRUE(got.lies_in_room);
}

TEST(TlsFlight, ReadsMessagesThatHaveARecordEach) {
    const FlightReading got(join({handshake_record(kHelloOfServer), handshake_record(kChain),
                                  handshake_record(kX25519Exchange), handshake_record(kHelloDone)}));
    EXPECT_EQ(got.certificate, kLeaf);
    EXPECT_EQ(got.group, 29);
    EXPECT_TRUE(got.over);
}

// RFC 5246 section 6.2.1: a message may be fragmented across several records, headers of messages too.
TEST(TlsFlight, ReadsMessagesOverSeveralRecords) {
    for (std::size_t size = 1; size <= kWholeFlight.size(); size += size < 20 ? 1 : 37) {
        const FlightReading got(in_records_of(kWholeFlight, size));
        EXPECT_EQ(got.certificate, kLeaf) << size;
        EXPECT_EQ(got.group, 29) << size;
        EXPECT_TRUE(got.over) << size;
        EXPECT_TRUE(got.lies_in_room && got.guard_is_whole) << size;
    }
}

// Behind what is handed over the flight goes on here, so whoever reads too far tells something too early.
TEST(TlsFlight, TellsOfEveryBeginningWhatIsThereAsAWhole) {
    const std::size_t certificate_at = kHelloOfServer.size() + kHeaderOfMessage + 2 * kLengthInList;
    const std::size_t group_at = kHelloOfServer.size() + kChain.size() + kHeaderOfMessage;
    for (const std::size_t record_bytes : {kWholeFlight.size(), std::size_t{1}, std::size_t{100}}) {
        const Bytes records = in_records_of(kWholeFlight, record_bytes);
        const std::size_t with_certificate = record_bytes_for(certificate_at + kLeaf.size(), record_bytes);
        const std::size_t with_group = record_bytes_for(group_at + 3, record_bytes);
        ASSERT_LT(with_group, records.size());
        for (std::size_t size = 0; size <= records.size(); ++size) {
            Bytes room(size);
            const TlsFlight flight = read_tls_flight(std::span(records).first(size), room);
            ASSERT_EQ(flight.certificate.size(), size < with_certificate ? 0 : kLeaf.size()) << size;
            ASSERT_TRUE(
                std::ranges::equal(flight.certificate, std::span(kLeaf).first(flight.certificate.size())))
                << size;
            ASSERT_EQ(flight.group.has_value(), size >= with_group) << size;
            ASSERT_EQ(flight.group.value_or(29), 29) << size;
            ASSERT_EQ(flight.over, size == records.size()) << size;
            const FlightReading alone(cut(records, size));
            ASSERT_EQ(alone.certificate.size(), flight.certificate.size()) << size;
            ASSERT_TRUE(alone.lies_in_room && alone.guard_is_whole) << size;
        }
    }
}

TEST(TlsFlight, HasNothingWhereThereIsNothing) {
    const FlightReading got(Bytes{});
    EXPECT_TRUE(got.certificate.empty());
    EXPECT_EQ(got.group, std::nullopt);
    EXPECT_FALSE(got.over);
}

// What comes behind a change is encrypted, and a server that gives up sends an alert.
TEST(TlsFlight, EndsWhereAnotherKindOfRecordBegins) {
    struct Case {
        std::string what;
        Bytes records;
        Bytes certificate;
        bool over;
    };
    const Bytes hello = handshake_record(kHelloOfServer), chain = handshake_record(kChain);
    const Case cases[] = {
        {"nothing else", join({hello, chain}), kLeaf, false},
        {"done", join({hello, chain, handshake_record(kHelloDone)}), kLeaf, true},
        {"a change", join({hello, chain, kChangeRecord}), kLeaf, true},
        {"the first byte of a change", join({hello, chain, hex("14")}), kLeaf, true},
        {"the first byte of a handshake", join({hello, chain, hex("16")}), kLeaf, false},
        {"an alert", join({hello, chain, hex("15 0303 0002 0228")}), kLeaf, true},
        {"data", join({hello, chain, hex("17 0303 0001 00")}), kLeaf, true},
        {"no record at all", join({hello, chain, hex("00")}), kLeaf, true},
        {"a resumed session", join({hello, kChangeRecord, handshake_record(counting(40))}), {}, true},
        {"what looks like a certificate behind a change", join({hello, kChangeRecord, chain}), {}, true},
        {"a change in the middle of a message",
         join({hello, handshake_record(cut(kChain, 100)), kChangeRecord,
               handshake_record(Bytes(kChain.begin() + 100, kChain.end()))}),
         {},
         true},
        {"something else from the beginning on", hex("17 0303 0001 00"), {}, true},
    };
    for (const Case& c : cases) {
        const FlightReading got(c.records);
        EXPECT_EQ(got.certificate, c.certificate) << c.what;
        EXPECT_EQ(got.group, std::nullopt) << c.what;
        EXPECT_EQ(got.over, c.over) << c.what;
    }
}

// A server that does not know the name that it was asked for may say so, and go on.
TEST(TlsFlight, MayBeginWithWarnings) {
    const Bytes warning = hex("15 0303 0002 0170");
    const FlightReading got(join({warning, warning, handshake_record(kWholeFlight)}));
    EXPECT_EQ(got.certificate, kLeaf);
    EXPECT_TRUE(got.over);
    for (std::size_t size = 0; size < warning.size(); ++size)
        EXPECT_FALSE(FlightReading(cut(warning, size)).over) << size;
}

// A message in a record of its own, whatever it came in.
TEST(TlsFlight, PutsTheFirstMessageIntoOneRecord) {
    const auto first_of = [](const Bytes& records) {
        Bytes room(records.size());
        const auto record = first_tls_message(records, room);
        return Bytes(record.begin(), record.end());
    };
    const Bytes hello = handshake_record(kHelloOfServer);
    EXPECT_EQ(first_of(hello), hello);
    EXPECT_EQ(first_of(join({hello, kChangeRecord})), hello);
    EXPECT_EQ(first_of(handshake_record(kWholeFlight)), hello) << "and no other one";
    EXPECT_EQ(first_of(join({hex("15 0303 0002 0170"), hello})), hello) << "behind a warning";
    for (const std::size_t size : {1U, 3U, 7U, 40U}) {
        const Bytes records = in_records_of(kWholeFlight, size);
        const std::size_t needed = record_bytes_for(kHelloOfServer.size(), size);
        EXPECT_EQ(first_of(records), hello) << size;
        EXPECT_EQ(first_of(cut(records, needed)), hello) << size;
        for (std::size_t bytes = 0; bytes < needed; ++bytes)
            EXPECT_TRUE(first_of(cut(records, bytes)).empty()) << size << ' ' << bytes;
    }
    EXPECT_TRUE(first_of(kChangeRecord).empty());
    EXPECT_TRUE(first_tls_message(hello, {}).empty());
}

TEST(TlsFlight, PassesOverOtherMessages) {
    const Bytes status = tls_message(22, join({hex("01"), sized(counting(50), 3)}));
    const Bytes request = tls_message(13, hex("01 01 0002 0403 0000"));
    const Bytes unknown = tls_message(200, counting(70000));
    Bytes messages = join({kHelloOfServer, kChain, status, unknown, kX25519Exchange, request, kHelloDone});
    const FlightReading got(in_records_of(messages, 16384));
    EXPECT_EQ(got.certificate, kLeaf);
    EXPECT_EQ(got.group, 29);
    EXPECT_TRUE(got.over);
}

// There is one message of each kind (RFC 5246 section 7.3), so what comes again is not believed.
TEST(TlsFlight, TheFirstMessageOfAKindCounts) {
    const FlightReading got(handshake_record(
        join({kChain, tls_certificate({kIssuer}), kX25519Exchange, tls_key_exchange("03 0017")})));
    EXPECT_EQ(got.certificate, kLeaf);
    EXPECT_EQ(got.group, 29);
}

TEST(TlsFlight, TellsTheGroupOfANamedCurve) {
    struct Case {
        std::string what, body;
        std::optional<std::uint16_t> group;
    };
    const Case cases[] = {
        {"secp256r1", "03 0017 01 04", 23},
        {"x25519", "03 001D 01 04", 29},
        {"x448", "03 001E 01 04", 30},
        {"a number without a name", "03 0A0A 01 04", 0x0A0A},
        {"an explicit prime curve", "01 0017 01 04", std::nullopt},
        {"an explicit curve of characteristic 2", "02 0017 01 04", std::nullopt},
        {"a type that does not exist", "04 0017 01 04", std::nullopt},
        // RFC 5246 section 7.4.3: the prime is behind its length, here of 2048 bits.
        {"finite fields", "0100 FFFFFFFF", std::nullopt},
        // RFC 5489 section 2: a hint comes before the curve, here an empty one.
        {"a key known before", "0000 03 0017 01 04", std::nullopt},
        {"half a number", "03 00", std::nullopt},
        {"a type alone", "03", std::nullopt},
        {"nothing", "", std::nullopt},
    };
    for (const Case& c : cases)
        EXPECT_EQ(FlightReading(handshake_record(join({tls_message(12, hex(c.body)), kHelloDone}))).group,
                  c.group)
            << c.what;
}

// The length of a prime of 6144 bits begins with the number of the type of named curves. What is read as the
// number of a group is that of none.
TEST(TlsFlight, NamesNoGroupForALargePrime) {
    Bytes prime(6144 / 8, std::byte{0x5A});
    std::fill_n(prime.begin(), 8, std::byte{0xFF});  // RFC 7919 appendix A.4
    const Bytes body = join({sized(prime, 2), sized(hex("02"), 2), sized(counting(768), 2)});
    const FlightReading got(handshake_record(tls_message(12, body)));
    EXPECT_EQ(tls_group_name(got.group.value_or(0)), "");
}

TEST(TlsFlight, IsNotMisledByLengths) {
    struct Case {
        std::string what;
        Bytes records;
        Bytes certificate;
        bool over;
    };
    const Bytes done_record = handshake_record(kHelloDone);
    const Bytes list = join({sized(kLeaf, 3), sized(kIssuer, 3)});
    const Case cases[] = {
        {"no certificate in the list", handshake_record(join({tls_certificate({}), kHelloDone})), {}, true},
        {"an empty certificate",
         handshake_record(join({tls_certificate({{}, kIssuer}), kHelloDone})),
         {},
         true},
        {"no list", handshake_record(join({tls_message(11, {}), kHelloDone})), {}, true},
        {"half the length of a list",
         handshake_record(join({tls_message(11, hex("0000")), kHelloDone})),
         {},
         true},
        {"a list without the length of its certificate",
         handshake_record(join({tls_message(11, hex("000006 0000")), kHelloDone})),
         {},
         true},
        {"a certificate beyond its message, where the next one is",
         handshake_record(join({tls_message(11, hex("000006 000003 00")), kHelloDone})),
         {},
         true},
        {"a certificate behind an empty list",
         handshake_record(join({tls_message(11, join({hex("000000"), sized(kLeaf, 3)})), kHelloDone})),
         {},
         true},
        {"a certificate beyond its list",
         handshake_record(join({tls_message(11, join({big_endian(kLeaf.size() + 2, 3), list})), kHelloDone})),
         {},
         true},
        {"a list that the first certificate fills",
         handshake_record(
             join({tls_message(11, join({big_endian(kLeaf.size() + 3, 3), sized(kLeaf, 3)})), kHelloDone})),
         kLeaf, true},
        {"a certificate of the greatest length",
         handshake_record(join({tls_message(11, join({hex("FFFFFF FFFFFF"), kLeaf})), kHelloDone})),
         {},
         true},
        {"a message of the greatest length", handshake_record(join({hex("0B FFFFFF"), sized(list, 3)})),
         kLeaf, false},
        {"a message of the greatest length over what follows",
         handshake_record(join({hex("01 FFFFFF"), kChain, kHelloDone})),
         {},
         false},
        {"a record that goes on", join({hex("16 0303 FFFF"), kChain}), kLeaf, false},
        {"a record that takes the next one in", join({hex("16 0303 FFFF"), kChain, done_record}), kLeaf,
         false},
        {"records without content",
         join({hex("16 0303 0000"), handshake_record(kChain), hex("16 0303 0000"), done_record}), kLeaf,
         true},
        {"half the header of a record", join({handshake_record(kChain), hex("16 0303 00")}), kLeaf, false},
        {"half the header of a message", handshake_record(join({kChain, hex("0E 0000")})), kLeaf, false},
    };
    for (const Case& c : cases) {
        const FlightReading got(c.records);
        EXPECT_EQ(got.certificate, c.certificate) << c.what;
        EXPECT_EQ(got.over, c.over) << c.what;
        EXPECT_TRUE(got.lies_in_room && got.guard_is_whole) << c.what;
    }
}

TEST(TlsFlight, ReadsAsMuchAsTheRoomHolds) {
    const Bytes records = handshake_record(kWholeFlight);
    const std::size_t needed = kHelloOfServer.size() + kHeaderOfMessage + 2 * kLengthInList + kLeaf.size();
    for (std::size_t size = 0; size <= kWholeFlight.size() + 1; ++size) {
        const FlightReading got(records, size);
        ASSERT_TRUE(got.guard_is_whole && got.lies_in_room) << size;
        ASSERT_EQ(got.certificate.size(), size < needed ? 0 : kLeaf.size()) << size;
        ASSERT_EQ(got.over, size >= kWholeFlight.size()) << size;
    }
}

TEST(TlsFlight, StaysWithinItsBoundsWhateverComes) {
    std::mt19937 random(8);
    for (int round = 0; round < 3000; ++round) {
        Bytes records = in_records_of(kWholeFlight, 1 + random() % kWholeFlight.size());
        for (unsigned change = 0; change < 1 + random() % 8; ++change)
            records[random() % records.size()] = static_cast<std::byte>(random() & 0xFF);
        const FlightReading got(cut(records, random() % (records.size() + 1)));
        ASSERT_TRUE(got.lies_in_room && got.guard_is_whole) << round;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
