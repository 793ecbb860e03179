// The services of flows that another worker has passed on. Dissectors have a dissect::Protocol for each of
// them, but what is passed is a word and a name, because an address means nothing to another process.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::flows {

class PassedServices {
  public:
    static constexpr std::size_t kLimit = 64;    // there are fewer
    static constexpr std::size_t kLongest = 32;  // bytes of a word or a name

    // Valid as long as this object. Null: it cannot be one, or there are too many.
    [[nodiscard]] const dissect::Protocol* find_or_add(std::string_view word, std::string_view name);

  private:
    struct Service {
        std::string word;
        std::string name;
        dissect::Protocol protocol;  // refers to both
    };
    std::deque<Service> services_;
};

}  // namespace packetsentry::flows
