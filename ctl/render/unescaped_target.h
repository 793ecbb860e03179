// The target of a request as Zeek's http.log has it: with the bytes that its escapes stand for (RFC 3986
// section 2.1). What only looks like an escape remains as it is.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::ctl::render {

class UnescapedTarget {
  public:
    // Valid until the next call.
    [[nodiscard]] std::string_view of(std::string_view target);

  private:
    std::string text_;
};

}  // namespace packetsentry::ctl::render
