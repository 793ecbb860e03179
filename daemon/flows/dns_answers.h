// The addresses that an answer of DNS gives to the name that was asked for. As resolvers do, it follows the
// records in their order: from the name to the name that it stands for, and on to the addresses of that.
// Records of other names say nothing of the question, whoever has put them there.
#pragma once

#include <cstddef>
#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::flows {

class DnsAnswers {
  public:
    // The dissection must remain as it is while this object is used.
    explicit DnsAnswers(const dissect::Dissection& dissection);

    [[nodiscard]] static bool may_be(const dissect::Dissection& dissection) {
        return dissection.protocol->name == "dns";
    }
    // The name that was asked for. Empty: it is no answer, or one that is malformed or tells of an error.
    [[nodiscard]] std::string_view name() const { return name_; }
    // The next address of this name; null: there are no more.
    [[nodiscard]] const base::Address* next();

  private:
    // Moves behind the next field of this kind. Empty: there is none.
    [[nodiscard]] std::string_view next_text(const dissect::FieldInfo& info);

    const dissect::Dissection& dissection_;
    std::string_view name_;
    std::string_view expected_;  // what the name stands for, as far as was read
    std::size_t at_ = 0;         // in the fields
};

}  // namespace packetsentry::flows
