#include "proto/rows/batch_fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <string>

#include "proto/rows/batch_view.h"
#include "tests/support/row_builder.h"

namespace packetsentry::proto {
namespace {

wire::Batch two_rows() {
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1", .destination = "10.0.0.2", .word = "DNS", .name = "dns", .time_ns = -5});
    rows.text("dns.question.name", "example.org").number("packetsentry.tcp.mss", 1460);
    rows.row({.source = "2001:db8::1", .wire_bytes = 1500, .time_ns = 7, .tcp_flags = 2});
    return rows.batch();
}

TEST(BatchFields, FindsEachFieldWhereItStands) {
    const wire::Batch batch = two_rows();
    const std::string bytes = batch.SerializeAsString();
    const auto found = BatchFields::in_place(bytes);
    ASSERT_TRUE(found);
    const BatchFields parsed = BatchFields::of(batch);
    EXPECT_EQ(found->table, wire::TABLE_PACKETS);
    EXPECT_EQ(found->rows, 2U);
    EXPECT_EQ(found->first_number, parsed.first_number);
    EXPECT_EQ(found->first_place, parsed.first_place);
    EXPECT_EQ(found->first_time_ns, -5);
    EXPECT_EQ(found->address, parsed.address);
    EXPECT_EQ(found->address_size, parsed.address_size);
    for (const FixedColumn& fixed : fixed_columns()) EXPECT_EQ((*found).*fixed.column, parsed.*fixed.column);
    EXPECT_EQ(found->time_delta_ns[1], 12);
    EXPECT_EQ(found->wire_bytes[1], 1500U);
    ASSERT_EQ(found->protocol.size(), 2U);
    EXPECT_EQ(found->protocol[0].name(), "dns");
    EXPECT_EQ(found->interface[0].name(), "eth0");
    EXPECT_EQ(found->layers.size(), parsed.layers.size());
    ASSERT_EQ(found->column.size(), 2U);
    EXPECT_EQ(found->column[0].field, rows::field("dns.question.name").number);
    EXPECT_EQ(found->column[0].kind, wire::Column::TEXT);
    EXPECT_EQ(found->column[0].text, "example.org");
    EXPECT_EQ(found->column[0].text_size[0], 11U);
    EXPECT_EQ(found->column[1].number[0], 1460U);
    EXPECT_FALSE(found->broken());
}

// Sets a field to something, which has one entry if it is repeated.
void set_field(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field) {
    using Field = google::protobuf::FieldDescriptor;
    const auto& reflection = *message.GetReflection();
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE)
        reflection.AddMessage(&message, &field);
    else if (field.cpp_type() == Field::CPPTYPE_STRING)
        reflection.SetString(&message, &field, "x");
    else if (field.cpp_type() == Field::CPPTYPE_BOOL)
        reflection.SetBool(&message, &field, true);
    else if (field.cpp_type() == Field::CPPTYPE_ENUM)
        reflection.SetEnumValue(&message, &field, 1);
    else if (field.cpp_type() == Field::CPPTYPE_UINT32)
        field.is_repeated() ? reflection.AddUInt32(&message, &field, 7)
                            : reflection.SetUInt32(&message, &field, 7);
    else if (field.cpp_type() == Field::CPPTYPE_UINT64)
        field.is_repeated() ? reflection.AddUInt64(&message, &field, 7)
                            : reflection.SetUInt64(&message, &field, 7);
    else
        field.is_repeated() ? reflection.AddInt64(&message, &field, 7)
                            : reflection.SetInt64(&message, &field, 7);
}

// A field that is not known makes each block one that must be parsed.
TEST(BatchFields, KnowsEachField) {
    for (int i = 0; i < wire::Batch::descriptor()->field_count(); ++i) {
        wire::Batch batch;
        const auto& field = *wire::Batch::descriptor()->field(i);
        set_field(batch, field);
        const std::string bytes = batch.SerializeAsString();
        ASSERT_FALSE(bytes.empty());
        EXPECT_TRUE(BatchFields::in_place(bytes)) << field.name();
    }
    for (int i = 0; i < wire::Column::descriptor()->field_count(); ++i) {
        wire::Column column;
        const auto& field = *wire::Column::descriptor()->field(i);
        set_field(column, field);
        EXPECT_TRUE(ColumnFields::in_place(column.SerializeAsString())) << field.name();
    }
}

// What protobuf would take is not wrong, but it is not what a writer makes.
TEST(BatchFields, LeavesWhatIsUnusualToProtobuf) {
    const std::string usual = two_rows().SerializeAsString();
    const auto is_parsed = [](const std::string& bytes) { return wire::Batch().ParseFromString(bytes); };
    const std::string with_unknown = usual + "\xc8\x3e\x05";
    const std::string twice = usual + std::string("\x18\x02", 2);           // rows
    const std::string not_packed = usual + std::string("\xc8\x02\x01", 3);  // left_out
    wire::Batch odd_name = two_rows();
    odd_name.mutable_column(0)->set_name("n\xc3\xa4me");
    for (const std::string& bytes : {with_unknown, twice, not_packed, odd_name.SerializeAsString()}) {
        EXPECT_TRUE(is_parsed(bytes));
        EXPECT_FALSE(BatchFields::in_place(bytes));
    }
    wire::Batch many = two_rows();
    while (many.protocol_size() <= kBatchProtocolLimit) many.add_protocol();
    EXPECT_FALSE(BatchFields::in_place(many.SerializeAsString()));
    wire::Batch details = two_rows();
    for (int i = 0; i < 1200; ++i) details.mutable_protocol(0)->add_detail(1);
    EXPECT_FALSE(BatchFields::in_place(details.SerializeAsString()));
}

TEST(BatchFields, RefusesWhatIsNoMessage) {
    const std::string usual = two_rows().SerializeAsString();
    for (const std::string& end : {std::string("\x32"), std::string("\x32\x05"), std::string(11, '\xff'),
                                   std::string("\x4a\x01\x80")})  // a number that is cut
        EXPECT_FALSE(BatchFields::in_place(usual + end));
    for (std::size_t size = 0; size < usual.size(); ++size)
        (void)BatchFields::in_place(std::string_view(usual).substr(0, size));
}

// An entry is read when it is asked for, and is empty if it cannot be.
TEST(BatchEntries, TellsWhichEntryCannotBeRead) {
    BatchEntries<wire::Layers> entries;
    wire::Layers good;
    good.set_names("eth:ip");
    const std::string bytes = good.SerializeAsString();
    entries.add(bytes);
    entries.add("\x0a\x09x");
    EXPECT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].names(), "eth:ip");
    EXPECT_FALSE(entries.broken());
    EXPECT_EQ(entries[1].names(), "");
    EXPECT_TRUE(entries.broken());
    BatchEntries<wire::Layers> forged;
    good.set_ethertype(65536);
    const std::string beyond = good.SerializeAsString();
    forged.add(beyond);
    EXPECT_EQ(forged[0].ethertype(), 0U);
    EXPECT_TRUE(forged.broken());
}

}  // namespace
}  // namespace packetsentry::proto
