#include "daemon/flows/passed_services.h"

#include <algorithm>

namespace packetsentry::flows {
namespace {

bool may_be_one(std::string_view text) {
    return !text.empty() && text.size() <= PassedServices::kLongest &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

const dissect::Protocol* PassedServices::find_or_add(std::string_view word, std::string_view name) {
    const auto known = std::ranges::find_if(
        services_, [&](const Service& service) { return service.name == name && service.word == word; });
    if (known != services_.end()) return &known->protocol;
    if (!may_be_one(word) || !may_be_one(name) || services_.size() == kLimit) return nullptr;
    Service& service = services_.emplace_back(std::string(word), std::string(name), dissect::Protocol{});
    service.protocol = {.word = service.word, .name = service.name};
    return &service.protocol;
}

}  // namespace packetsentry::flows
