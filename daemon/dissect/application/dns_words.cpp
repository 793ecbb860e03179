#include "daemon/dissect/application/dns_words.h"

#include <array>

#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

// Numbers below it are looked up in an array.
constexpr std::size_t kTypes = 265;

constexpr std::array<std::string_view, kTypes> kWordByType = [] {
    std::array<std::string_view, kTypes> words{};
    for (const auto& [type, word] : rows::kDnsTypeNames)
        if (type < kTypes) words[type] = word;
    return words;
}();

std::string_view numbered(std::string_view word, std::uint16_t number, Dissection& out) {
    const std::size_t begin = out.begin_text();
    out.put(word);
    out.put_number(number);
    return out.text_since(begin);
}

}  // namespace

std::string_view dns_type_word(std::uint16_t type, Dissection& out) {
    if (type < kTypes && !kWordByType[type].empty()) return kWordByType[type];
    const auto word = rows::name_in(rows::kDnsTypeNames, type);
    return word.empty() ? numbered("TYPE", type, out) : word;
}

std::string_view dns_class_word(std::uint16_t record_class, Dissection& out) {
    const auto word = word_of(rows::kDnsClassNames, record_class);
    return word.empty() ? numbered("CLASS", record_class, out) : word;
}

std::string_view dns_operation_word(std::uint8_t code) {
    return word_of(rows::kDnsOperationNames, code & 0x0F);
}

std::string_view dns_response_word(std::uint16_t code, Dissection& out) {
    const auto word = word_of(rows::kDnsResponseNames, code);
    return word.empty() ? numbered("RCODE", code, out) : word;
}

}  // namespace packetsentry::dissect
