#include "daemon/dissect/application/http_methods.h"

#include <algorithm>
#include <array>

namespace packetsentry::dissect {
namespace {

// A word that is not here is not taken for a method: many protocols begin their lines with a word in
// capitals.
constexpr auto kMethods = [] {
    auto methods = std::to_array<std::string_view>(
        {// RFC 9110 and the rest of the IANA "HTTP Method Registry"
         "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY", "PRI",
         "LINK", "UNLINK", "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LOCK",
         "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH",
         "PROPFIND", "PROPPATCH", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLOCK", "UPDATE",
         "UPDATEREDIRECTREF", "VERSION-CONTROL",
         // WebDAV of Microsoft Exchange
         "BCOPY", "BDELETE", "BMOVE", "BPROPFIND", "BPROPPATCH", "NOTIFY", "POLL", "SUBSCRIBE", "UNSUBSCRIBE",
         // RPC over HTTP (MS-RPCH) and what is like it
         "RPC_CONNECT", "RPC_IN_DATA", "RPC_OUT_DATA", "BITS_POST", "CCM_POST",
         // UPnP, caches, web servers of Microsoft, Icecast
         "M-SEARCH", "BAN", "PURGE", "REFRESH", "DEBUG", "TRACK", "SOURCE"});
    std::ranges::sort(methods);
    return methods;
}();

constexpr std::size_t kLongest =
    std::ranges::max(kMethods, {}, [](std::string_view method) { return method.size(); }).size();

}  // namespace

std::string_view http_method_in(std::string_view text) {
    const std::size_t blank = text.substr(0, kLongest + 1).find_first_of(" \t");
    if (blank == text.npos) return {};
    const std::string_view word = text.substr(0, blank);
    return std::ranges::binary_search(kMethods, word) ? word : std::string_view();
}

}  // namespace packetsentry::dissect
