#include "daemon/log/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packetsentry::log {
namespace {

using testing::ElementsAre;

const std::string kIdentity = "MESSAGE_ID=" + std::string(kind_of(Event::job_started).message_id);

TEST(Record, CarriesTheLineAndItsFields) {
    const std::string packed =
        pack(kind_of(Event::job_started), {{kUid, "1000"}, {kJob, "7"}}, "job 7 started");
    const Record record = unpack(packed);
    EXPECT_EQ(record.text, "job 7 started");
    EXPECT_THAT(record.fields, ElementsAre(kIdentity, "PACKETSENTRY_UID=1000", "PACKETSENTRY_JOB=7"));
}

TEST(Record, NothingFromOutsideForgesAFieldOrALine) {
    using namespace std::string_literals;
    const std::string hostile = "a\0PACKETSENTRY_UID=0\nb"s;
    const std::string packed = pack(kind_of(Event::job_started), {{kJobName, hostile}}, hostile);
    const Record record = unpack(packed);
    EXPECT_EQ(record.text, "a\\x00PACKETSENTRY_UID=0\\x0ab");
    EXPECT_THAT(record.fields,
                ElementsAre(kIdentity, "PACKETSENTRY_JOB_NAME=a\\x00PACKETSENTRY_UID=0\\x0ab"));
}

TEST(Record, ALineOfAnotherKindOfLoggerHasNoFields) {
    const Record record = unpack("plain");
    EXPECT_EQ(record.text, "plain");
    EXPECT_TRUE(record.fields.empty());
}

}  // namespace
}  // namespace packetsentry::log
