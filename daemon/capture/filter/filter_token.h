// A filter expression cut into words and signs, about as libpcap's own scanner does.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace packetsentry::capture {

struct FilterToken {
    std::string_view text;  // into the expression
    std::size_t begin = 0;

    [[nodiscard]] std::size_t end() const { return begin + text.size(); }
};

// "net 10.0.0.0/8 && !arp": net, 10.0.0.0/8, &&, !, arp.
[[nodiscard]] std::vector<FilterToken> filter_tokens(std::string_view expression);

}  // namespace packetsentry::capture
