#include "ctl/render/joined_words.h"

namespace packetsentry::ctl::render {

std::string joined_words(std::span<const std::string> words, std::string_view last) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += &word == &words.back() ? last : ", ";
        text += word;
    }
    return text;
}

}  // namespace packetsentry::ctl::render
