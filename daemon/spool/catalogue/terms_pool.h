// The terms of segments, each text once: thousands of segments are recorded under the same terms.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace packetsentry::spool {

// A serialized wire::KeptJob, which nothing here reads. Never null. Other threads may hold copies.
using Terms = std::shared_ptr<const std::string>;

// One thread.
class TermsPool {
  public:
    [[nodiscard]] Terms share(std::string_view text);

    [[nodiscard]] std::size_t size() const { return terms_.size(); }

  private:
    struct ByText {
        using is_transparent = void;
        bool operator()(const Terms& a, const Terms& b) const { return *a < *b; }
        bool operator()(const Terms& a, std::string_view b) const { return *a < b; }
        bool operator()(std::string_view a, const Terms& b) const { return a < *b; }
    };

    std::set<Terms, ByText> terms_;
    std::size_t discard_at_ = 64;  // at this size, texts that nobody holds any more are discarded
};

}  // namespace packetsentry::spool
