// What is stored of a request of HTTP until its response comes.
#pragma once

#include <algorithm>
#include <array>

#include "daemon/transactions/stored_fields.h"
#include "proto/rows/fields.h"

namespace packetsentry::transactions {

// What a request says, the more important first, because what is long may leave no room for the rest. What it
// says of a server is left out, because a row has that of the response.
inline constexpr std::array<const rows::FieldInfo*, 10> kFieldsOfRequest = {
    &rows::field("http.request.method"),
    &rows::field("http.version"),
    &rows::field("url.domain"),
    &rows::field("packetsentry.http.request.content_length"),
    &rows::field("url.path"),
    &rows::field("url.original"),
    &rows::field("url.query"),
    &rows::field("user_agent.original"),
    &rows::field("packetsentry.http.request.content_type"),
    &rows::field("http.request.referrer"),
};

inline constexpr std::array<const rows::FieldInfo*, 2> kFieldsOfInterim = {
    &rows::field("http.response.status_code"),
    &rows::field("packetsentry.http.reason"),
};

// What is shown of a request beside its own fields: its depth, and the interim response. All together have
// room, however often a field comes, because none of them may come more than once.
inline constexpr std::size_t kAddedFields = 1 + kFieldsOfInterim.size();
static_assert(kFieldsOfRequest.size() + kAddedFields <= stored::kMost);
static_assert(std::ranges::none_of(kFieldsOfRequest, &rows::FieldInfo::list) &&
              std::ranges::none_of(kFieldsOfInterim, &rows::FieldInfo::list));

}  // namespace packetsentry::transactions
