// Every key of a row's JSON is a field of the Elastic Common Schema with the type that the schema gives it,
// or ours, below "packetsentry.". tests/support/ecs_fields.tsv has the schema's.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "ctl/render/json_rows.h"
#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"
#include "proto/rows/fields.h"
#include "tests/support/sample_packets.h"
#include "tests/unit/ctl/render/parsed_json.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kOurs = "packetsentry.";

struct EcsField {
    std::string type;
    bool list = false;
    std::vector<std::string> allowed;  // empty: any word
};
using Schema = std::map<std::string, EcsField, std::less<>>;

Schema read_schema() {
    Schema schema;
    std::ifstream file(fs::path(PACKETSENTRY_SOURCE_DIR) / "tests/support/ecs_fields.tsv");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream cells(line);
        std::string name, type, list, word;
        std::getline(cells, name, '\t');
        std::getline(cells, type, '\t');
        std::getline(cells, list, '\t');
        EcsField& field = schema[name] = {type, list == "array", {}};
        while (std::getline(cells, word, ',')) field.allowed.push_back(word);
    }
    return schema;
}

const Schema& schema() {
    static const Schema read = read_schema();
    return read;
}

// --- rows

bool is_of_type(const json::value& value, const std::string& type) {
    if (type == "long") return value.is_int64() || value.is_uint64();
    if (type == "boolean") return value.is_bool();
    if (type == "float") return value.is_number();
    if (!value.is_string()) return false;
    if (type == "ip") return base::parse_ip(std::string(value.as_string())).has_value();
    if (type == "date") return value.as_string().ends_with("Z");
    return true;
}

bool is_allowed(const EcsField& field, const json::value& value) {
    return field.allowed.empty() ||
           std::ranges::find(field.allowed, std::string(value.as_string())) != field.allowed.end();
}

void check_object(const std::string& path, const json::object& object);

void check_one(const std::string& path, const EcsField& field, const json::value& value) {
    if (field.type == "object") {
        ASSERT_TRUE(value.is_object()) << path;
        return check_object(path + '.', value.as_object());
    }
    EXPECT_TRUE(is_of_type(value, field.type) && is_allowed(field, value)) << path << ": " << value;
}

void check_value(const std::string& path, const json::value& value) {
    if (path.starts_with(kOurs)) return;
    const auto found = schema().find(path);
    if (found == schema().end() || (found->second.type == "object" && !found->second.list)) {
        ASSERT_TRUE(value.is_object()) << path << " is no field of ECS";
        return check_object(path + '.', value.as_object());
    }
    ASSERT_EQ(value.is_array(), found->second.list) << path;
    if (!found->second.list) return check_one(path, found->second, value);
    for (const json::value& one : value.as_array()) check_one(path, found->second, one);
}

void check_object(const std::string& path, const json::object& object) {
    for (const auto& [key, value] : object) check_value(path + std::string(key), value);
}

TEST(Ecs, EveryRowOfTheSamples) {
    record::BatchBuilder builder;
    dissect::Dissection dissection;
    const std::vector<capture::SourceInterface> interfaces{{"eth0", 1, 262144, 2}};
    for (const test::SamplePacket& sample : test::sample_packets()) {
        dissect::dissect(sample.frame, sample.frame.size(), sample.link_type, dissection);
        capture::Packet packet;
        packet.frame = sample.frame;
        packet.link_type = sample.link_type;
        builder.append(packet, dissection, interfaces);
    }
    wire::Batch batch;
    ASSERT_TRUE(batch.ParseFromString(builder.seal()));
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    JsonRows writer;
    std::istringstream lines(written(writer, *view, {.job = 7}));
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line); ++rows) {
        const json::value row = parsed_json(line);
        check_object("", row.as_object());
        EXPECT_EQ(text_at(row, "/ecs/version"), "9.5.0");
    }
    EXPECT_EQ(rows, test::sample_packets().size());
}

// --- the table of fields

std::string kind_in_json(const rows::FieldInfo& info) {
    switch (info.kind) {
        case rows::FieldKind::number:
            return info.keyword() ? "keyword" : "long";
        case rows::FieldKind::address:
            return info.path.ends_with(".mac") ? "keyword" : "ip";
        case rows::FieldKind::time:
            return "date";
        case rows::FieldKind::flag:
            return "boolean";
        default:
            return "keyword";
    }
}

std::string as_kind(const std::string& type) {
    return type == "wildcard" || type == "match_only_text" ? "keyword" : type;
}

// The schema has one domain for a server, and a conversation may call its server by several names. Whoever
// stores the rows by the schema's types may store several values in this field too.
constexpr std::string_view kListOfOurs = "destination.domain";

TEST(Ecs, EveryFieldOfTheTable) {
    for (const rows::FieldInfo& info : rows::kFields) {
        if (info.path.starts_with(kOurs)) continue;
        const auto found = schema().find(info.path);
        ASSERT_NE(found, schema().end()) << info.path << " is no field of ECS";
        EXPECT_EQ(kind_in_json(info), as_kind(found->second.type)) << info.path;
        const auto object = schema().find(info.path.substr(0, info.path.rfind('.')));
        const bool in_list = object != schema().end() && object->second.list;
        EXPECT_EQ(info.list(), found->second.list || in_list || info.path == kListOfOurs) << info.path;
    }
}

}  // namespace
}  // namespace packetsentry::ctl::render
