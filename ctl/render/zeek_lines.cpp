#include "ctl/render/zeek_lines.h"

#include <xxhash.h>

#include <array>
#include <cstdio>

#include "ctl/render/escape.h"
#include "daemon/base/printable.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {
namespace {

constexpr ZeekField kConversationFields[] = {{"ts", "time"},        {"uid", "string"},
                                             {"id.orig_h", "addr"}, {"id.orig_p", "port"},
                                             {"id.resp_h", "addr"}, {"id.resp_p", "port"}};

// Zeek calls a conversation by 17 letters and digits or so behind a C. This one is the same whenever the
// same row is printed again. A row of another table has the uid of its conversation in conn.log only if
// it began with the first packet of the conversation, as most questions of DNS do and no request of
// HTTP does: it does not know another beginning.
std::array<char, 18> uid_of(std::string_view community, std::int64_t begin_ns) {
    constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::array<char, 18> text{'C'};
    const auto seed = static_cast<XXH64_hash_t>(begin_ns);
    XXH64_hash_t hash = XXH3_64bits_withSeed(community.data(), community.size(), seed);
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (i == 10) hash = XXH3_64bits_withSeed(community.data(), community.size(), ~seed);
        text[i] = kLetters[hash % kLetters.size()];
        hash /= kLetters.size();
    }
    return text;
}

std::string_view transport_word(std::uint8_t ip_protocol) {
    switch (ip_protocol) {
        case 6:
            return "tcp";
        case 17:
            return "udp";
        case 1:
        case 58:
            return "icmp";
        default:
            return "unknown_transport";
    }
}

}  // namespace

std::string zeek_head(std::string_view path, std::span<const ZeekField> fields) {
    std::string names = "#fields", types = "#types";
    const auto add = [&](std::span<const ZeekField> more) {
        for (const ZeekField& field : more) {
            names.append("\t").append(field.name);
            types.append("\t").append(field.type);
        }
    };
    add(kConversationFields);
    add(fields);
    return "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t" +
           std::string(path) + '\n' + names + '\n' + types + '\n';
}

void ZeekLines::begin(const proto::BatchView& view) {
    view_ = &view;
    addresses_.begin(view);
    community_ = BatchColumn(view, rows::field("network.community_id"));
    if (flows::RowCommunityIds::are_for(view)) community_ids_.bind(view);
    lines_.clear();
}

std::string_view ZeekLines::community(std::uint32_t row) {
    if (!flows::RowCommunityIds::are_for(*view_)) return community_.text(row);
    const auto* const known = community_ids_.at(row);
    return known == nullptr ? std::string_view() : known->id();
}

void ZeekLines::put_conversation(std::uint32_t row) {
    put_seconds(view_->begin_ns(row));
    const auto uid = uid_of(community(row), view_->begin_ns(row));
    put(std::string_view(uid.data(), uid.size()));
    put_end(view_->source(row), view_->source_port(row));
    put_end(view_->destination(row), view_->destination_port(row));
}

void ZeekLines::put_transport(std::uint32_t row) {
    put(transport_word(view_->ip_protocol(row)));
}

void ZeekLines::put(std::string_view word) {
    separate();
    lines_.append(word);
}

void ZeekLines::put_text(std::string_view bytes) {
    if (bytes.empty()) return put_unset();
    separate();
    append_text(bytes, Among::columns);
}

void ZeekLines::put_number(std::uint64_t number) {
    separate();
    lines_.append_number(number);
}

void ZeekLines::put_seconds(std::int64_t nanoseconds) {
    separate();
    append_seconds(nanoseconds);
}

void ZeekLines::begin_values() {
    separate();
    values_begin_ = lines_.size();
}

void ZeekLines::add_text(std::string_view bytes) {
    separate_value();
    append_text(bytes, Among::values);
}

void ZeekLines::add_seconds(std::int64_t nanoseconds) {
    separate_value();
    append_seconds(nanoseconds);
}

void ZeekLines::end_values() {
    if (lines_.size() == values_begin_) lines_.append(kUnset);
}

// Each column but the first has a tab before it.
void ZeekLines::separate() {
    const std::string_view before = lines_.view();
    if (!before.empty() && before.back() != '\n') lines_.append('\t');
}

// No value is written as nothing.
void ZeekLines::separate_value() {
    if (lines_.size() != values_begin_) lines_.append(',');
}

// As Zeek does it: what would be read as something else, or could steer a terminal, is \xNN with small
// letters, and a backslash is doubled. A text that looks as if it were none has its first character
// escaped.
void ZeekLines::append_text(std::string_view bytes, Among among) {
    if (bytes.empty()) return lines_.append(kEmpty);
    if (bytes == kUnset || bytes == kEmpty) {
        append_hex(bytes.substr(0, 1));
        bytes.remove_prefix(1);
    }
    const bool commas = among == Among::values && bytes.contains(',');
    if (!commas && is_plain(bytes)) return lines_.append(bytes);
    while (!bytes.empty()) {
        const base::Character unit = base::first_character(bytes);
        const std::string_view one = bytes.substr(0, unit.size);
        if (one == "\\")
            lines_.append("\\\\");
        else if (unit.printable() && !(commas && one == ","))
            lines_.append(one);
        else
            append_hex(one);
        bytes.remove_prefix(unit.size);
    }
}

void ZeekLines::append_hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        lines_.append("\\x");
        lines_.append(kDigits[byte >> 4]);
        lines_.append(kDigits[byte & 15]);
    }
}

// With six places, as Zeek has them.
void ZeekLines::append_seconds(std::int64_t nanoseconds) {
    constexpr std::int64_t kMicrosecond = 1000, kSecond = 1'000'000'000;
    std::int64_t seconds = nanoseconds / kSecond, rest = nanoseconds % kSecond;
    if (rest < 0) {
        rest += kSecond;
        --seconds;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%lld.%06lld", static_cast<long long>(seconds),
                  static_cast<long long>(rest / kMicrosecond));
    lines_.append(std::string_view(text.data()));
}

void ZeekLines::put_end(std::uint32_t address, std::uint16_t port) {
    put(address == 0 ? kUnset : addresses_.text(address));
    put_number(std::uint64_t{port});
}

}  // namespace packetsentry::ctl::render
