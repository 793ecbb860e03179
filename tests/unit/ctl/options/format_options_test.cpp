#include "ctl/options/format_options.h"

#include <gtest/gtest.h>

#include "ctl/options/field_setting.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

base::Result<ChosenFormat> chosen(const FormatOptions& options, bool json = false) {
    return choose_format(options, json, render::format("blocks"));
}

TEST(FormatOptions, ChooseAFormat) {
    EXPECT_EQ(chosen({})->format, &render::format("blocks"));
    EXPECT_EQ(chosen({})->option, "");
    EXPECT_EQ(chosen({}, true)->format, &render::format("json"));
    EXPECT_EQ(chosen({}, true)->option, "--json");
    EXPECT_EQ(chosen({.format = "json"}, true)->format, &render::format("json"));
    EXPECT_EQ(chosen({.format = "csv"})->option, "-T");
    const auto fields =
        chosen({.format = "fields",
                .fields = {"ip.src", "packetsentry.summary"},
                .settings = {"header=y", "separator=/s", "aggregator=;", "occurrence=l", "quote=d"}});
    ASSERT_TRUE(fields);
    ASSERT_EQ(fields->fields.columns.size(), 2U);
    EXPECT_EQ(fields->fields.columns[0].name, "ip.src");
    EXPECT_EQ(fields->fields.header, true);
    EXPECT_EQ(fields->fields.separator, ' ');
    EXPECT_EQ(fields->fields.aggregator, ';');
    EXPECT_EQ(fields->fields.occurrence, render::Occurrence::last);
    EXPECT_EQ(fields->fields.quote, render::Quote::double_quotes);
}

TEST(FormatOptions, ShowNamesOfAddresses) {
    EXPECT_FALSE(chosen({})->names);
    for (const char* const format : {"", "text", "blocks", "json"})
        EXPECT_TRUE(chosen({.format = format, .names = true})->names) << format;
    EXPECT_TRUE(chosen({.names = true}, true)->names);
    for (const char* const format : {"csv", "fields", "zeek"}) {
        const auto refused = chosen({.format = format, .names = true});
        ASSERT_FALSE(refused) << format;
        EXPECT_EQ(refused.error().code, ErrorCode::usage);
        EXPECT_EQ(refused.error().message, "--names is for the formats text, blocks and json, and -T " +
                                               std::string(format) +
                                               " has no place for names: leave one of the two out");
    }
}

TEST(FormatOptions, WhatDoesNotGoTogether) {
    struct Case {
        FormatOptions options;
        bool json;
        ErrorCode code;
        const char* part;
    };
    const Case cases[] = {
        {{.format = "xml"}, false, ErrorCode::usage, "text, blocks, json, fields, csv"},
        {{.format = "csv"}, true, ErrorCode::usage, "--json and -T csv cannot be used together"},
        {{.format = "fields"}, false, ErrorCode::usage, "-T fields -e frame.time_epoch -e ip.src"},
        {{.fields = {"ip.src"}}, false, ErrorCode::usage, "add -T fields or -T csv"},
        {{.fields = {"ip.src"}}, true, ErrorCode::usage, "add -T fields or -T csv"},
        {{.format = "text", .settings = {"header=y"}}, false, ErrorCode::usage, "-E is for the formats"},
        {{.format = "csv", .fields = {"dns.qry.nam"}}, false, ErrorCode::filter, "near it is dns.qry.name"},
        {{.format = "csv", .settings = {"quote=d"}}, false, ErrorCode::usage, "-E quote is for -T fields"},
        {{.format = "csv", .settings = {"header=x"}}, false, ErrorCode::usage, "header takes y or n"},
        {{.format = "csv", .settings = {"header"}}, false, ErrorCode::usage, "header takes y or n"},
        {{.format = "csv", .settings = {"separator=ab"}}, false, ErrorCode::usage, "or one character"},
        {{.format = "csv", .settings = {"separator=\n"}}, false, ErrorCode::usage, "or one character"},
        {{.format = "csv", .settings = {"colour=y"}}, false, ErrorCode::usage, "there are header, separator"},
    };
    for (const Case& one : cases) {
        const auto format = chosen(one.options, one.json);
        ASSERT_FALSE(format) << one.part;
        EXPECT_EQ(format.error().code, one.code) << one.part;
        EXPECT_NE(format.error().message.find(one.part), std::string::npos) << format.error().message;
    }
}

TEST(FormatOptions, EachSettingThatIsOfferedIsTaken) {
    for (const FieldSettingName& setting : field_setting_names()) {
        render::FieldSettings settings;
        EXPECT_TRUE(add_field_setting(setting.text, settings)) << setting.text;
    }
}

}  // namespace
}  // namespace packetsentry::ctl
