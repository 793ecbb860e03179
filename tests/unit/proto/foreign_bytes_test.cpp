// Which fields may hold bytes that somebody outside chose.
//
// The parser refuses a whole message for one string field that is no UTF-8, and Linux lets an interface or a
// file have any bytes in its name. So a field that says what the kernel, a file, a packet or a path says is
// bytes, which look the same on the wire. Only words of our own, and texts that were checked before, are
// strings.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "proto/messages/batch.pb.h"
#include "proto/messages/control.pb.h"
#include "proto/messages/state.pb.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::proto {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

const std::set<std::string> kTexts = {
    "Protocol.word",
    "Protocol.name",
    "Column.name",  // of the dissectors' tables
    "Filter.protocol",
    "Filter.address",
    "Filter.bpf",
    "Filter.display",
    "Terms.required_filter",  // checked by the client,
    "Ready.filter",
    "Job.filter_text",  // and made of these
    "Hello.client",
    "HelloReply.daemon",
    "Status.version",  // versions
    "InterfaceInfo.address",
    "InterfaceInfo.link",
    "SpoolCondition.file_system",  // numbers and our tables
    "Refusals.kind",
    "PolicyVerdict.action",  // our tables
};

void add_texts(const Descriptor& message, std::set<std::string>& found) {
    for (int i = 0; i < message.field_count(); ++i)
        if (message.field(i)->type() == FieldDescriptor::TYPE_STRING)
            found.insert(message.name() + '.' + message.field(i)->name());
    for (int i = 0; i < message.nested_type_count(); ++i) add_texts(*message.nested_type(i), found);
}

TEST(ForeignBytes, OnlyKnownTextsAreStrings) {
    std::set<std::string> found;
    for (const FileDescriptor* file :
         {wire::Batch::descriptor()->file(), wire::CaptureSpec::descriptor()->file(),
          wire::Request::descriptor()->file(), wire::StoredJob::descriptor()->file(),
          wire::Begin::descriptor()->file()})
        for (int i = 0; i < file->message_type_count(); ++i) add_texts(*file->message_type(i), found);
    EXPECT_EQ(found, kTexts);
}

template <typename Message>
void survives(const Message& message) {
    Message parsed;
    ASSERT_TRUE(parsed.ParseFromString(message.SerializeAsString()));
    EXPECT_EQ(parsed.SerializeAsString(), message.SerializeAsString());
}

TEST(ForeignBytes, NamesOfAnyBytesAreRead) {
    const std::string name = "d\xff\x80";
    wire::Batch batch;
    batch.add_interface()->set_name(name);
    survives(batch);
    wire::Interfaces interfaces;
    interfaces.add_interface()->set_name(name);
    survives(interfaces);
    wire::StoredJob stored;
    stored.mutable_capture()->add_interface(name);
    stored.set_output_name(name);
    survives(stored);
    wire::FromWorker from;
    from.mutable_notice()->set_text(name);
    from.mutable_notice()->set_interface(name);
    survives(from);
    from.mutable_ended()->mutable_error()->set_message(name);
    survives(from);
}

}  // namespace
}  // namespace packetsentry::proto
