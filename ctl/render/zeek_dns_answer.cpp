#include "ctl/render/zeek_dns_answer.h"

#include <algorithm>

#include "ctl/render/zeek_dns_words.h"
#include "proto/rows/value_names.h"

namespace packetsentry::ctl::render {
namespace {

enum class AnswerForm : std::uint8_t {
    unnoticed,  // no part of Zeek's script takes it
    nothing,    // it counts as an answer, but has no text
    data,       // all of the data
    name,       // the name behind so many words of the data
    strings,    // each string of the data with its length, behind the word
    words,      // the word, and so many words of the data
    owner,      // the word, and the owner's name
    naptr,      // the word, and all words of the data
};

struct AnswerRule {
    std::string_view type;
    AnswerForm form;
    std::string_view word = {};
    int skipped = 0;  // words of the data
    int taken = 0;    // words behind these; 0 of a name: it is the rest
};

// Rows have no data of RRSIG, NSEC and LOC, so what Zeek has behind the word is missing. SOA has the name
// of the server, SRV the name behind priority, weight and port, and of digests and keys Zeek names the
// algorithms.
constexpr AnswerRule kAnswerRules[] = {
    {"A", AnswerForm::data},
    {"AAAA", AnswerForm::data},
    {"A6", AnswerForm::nothing},
    {"WKS", AnswerForm::nothing},
    {"CNAME", AnswerForm::name},
    {"NS", AnswerForm::name},
    {"PTR", AnswerForm::name},
    {"MX", AnswerForm::name},
    {"SOA", AnswerForm::name, {}, 0, 1},
    {"SRV", AnswerForm::name, {}, 3},
    {"TXT", AnswerForm::strings, "TXT"},
    {"SPF", AnswerForm::strings, "SPF"},
    {"NAPTR", AnswerForm::naptr, "NAPTR"},
    {"NSEC", AnswerForm::owner, "NSEC"},
    {"DS", AnswerForm::words, "DS", 1, 2},
    {"DNSKEY", AnswerForm::words, "DNSKEY", 2, 1},
    {"SSHFP", AnswerForm::words, "SSHFP:", 2, 1},
    {"RRSIG", AnswerForm::words, "RRSIG"},
    {"LOC", AnswerForm::words, "LOC:"},
    {"NSEC3", AnswerForm::words, "NSEC3"},
    {"NSEC3PARAM", AnswerForm::words, "NSEC3PARAM"},
    {"TYPE65534", AnswerForm::words, "BIND9 signing signal"},
    {"HINFO", AnswerForm::unnoticed},
    {"NIMLOC", AnswerForm::unnoticed},
    {"OPT", AnswerForm::unnoticed},
    {"SVCB", AnswerForm::unnoticed},
    {"HTTPS", AnswerForm::unnoticed},
    {"TKEY", AnswerForm::unnoticed},
    {"TSIG", AnswerForm::unnoticed},
    {"CAA", AnswerForm::unnoticed},
};

// What stands before the next blank. data is moved behind that.
std::string_view take_word(std::string_view& data) {
    const std::size_t end = std::min(data.find(' '), data.size());
    const std::string_view word = data.substr(0, end);
    data.remove_prefix(std::min(end + 1, data.size()));
    return word;
}

std::string_view behind(std::string_view data, int words) {
    for (; words != 0; --words) take_word(data);
    return data;
}

// A row has one text of all strings. Who has a text that is too long for one string fills each but the
// last, which has no more than 255 bytes; others are taken for one string.
void append_strings(TextBuffer& out, std::string_view word, std::string_view data) {
    constexpr std::size_t kLongest = 255;
    do {
        const std::string_view one = data.substr(0, kLongest);
        out.append(word, " ");
        out.append_number(one.size());
        out.append(" ", one);
        data.remove_prefix(one.size());
        if (!data.empty()) out.append(' ');
    } while (!data.empty());
}

void append_words(TextBuffer& out, const AnswerRule& rule, std::string_view data) {
    out.append(rule.word);
    data = behind(data, rule.skipped);
    for (int i = 0; i < rule.taken && !data.empty(); ++i) {
        out.append(' ');
        out.append(take_word(data));
    }
}

void append_name(TextBuffer& out, const AnswerRule& rule, std::string_view data) {
    data = behind(data, rule.skipped);
    append_zeek_name(out, rule.taken == 0 ? data : take_word(data));
}

// A word, which may be between quotes, with backslashes before quotes and backslashes. Returns whether it
// had any characters.
bool append_quoted_word(TextBuffer& out, std::string_view& data) {
    const std::size_t begin = out.size();
    if (!data.starts_with('"')) {
        out.append(take_word(data));
        return out.size() != begin;
    }
    data.remove_prefix(1);
    while (!data.empty() && data.front() != '"') {
        if (data.front() == '\\' && data.size() > 1) data.remove_prefix(1);
        out.append(data.front());
        data.remove_prefix(1);
    }
    data.remove_prefix(std::min<std::size_t>(2, data.size()));
    return out.size() != begin;
}

// Order, preference, flags and service, then the expression and the name that replaces, of which one is
// empty.
void append_naptr(TextBuffer& out, std::string_view word, std::string_view data) {
    out.append(word);
    for (int i = 0; i < 4; ++i) {
        out.append(' ');
        append_quoted_word(out, data);
    }
    out.append(' ');
    if (append_quoted_word(out, data) && data != ".") out.append(' ');
    if (data != ".") out.append(data);
}

void append_unknown(TextBuffer& out, std::string_view type) {
    out.append("<unknown type=");
    out.append_number(rows::named_numbers("dns.answers.type")->number_of(type).value_or(0));
    out.append('>');
}

}  // namespace

bool append_zeek_answer(TextBuffer& out, const DnsAnswer& answer) {
    const auto* const rule = std::ranges::find(kAnswerRules, answer.type, &AnswerRule::type);
    if (rule == std::end(kAnswerRules)) {
        append_unknown(out, answer.type);
        return true;
    }
    switch (rule->form) {
        case AnswerForm::unnoticed:
            return false;
        case AnswerForm::nothing:
            break;
        case AnswerForm::data:
            out.append(answer.data);
            break;
        case AnswerForm::name:
            append_name(out, *rule, answer.data);
            break;
        case AnswerForm::strings:
            append_strings(out, rule->word, answer.data);
            break;
        case AnswerForm::words:
            append_words(out, *rule, answer.data);
            break;
        case AnswerForm::owner:
            out.append(rule->word, " ");
            append_zeek_name(out, answer.owner);
            break;
        case AnswerForm::naptr:
            append_naptr(out, rule->word, answer.data);
            break;
    }
    return true;
}

}  // namespace packetsentry::ctl::render
