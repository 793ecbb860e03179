// Which interfaces a job means: those that it began on, by their index, which another name does not change.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "daemon/jobs/interface_counts.h"

namespace packetsentry::jobs {

// A name is bound to the first interface that is seen under it, until that is gone: then to the next that is
// seen under the name it had last. "any" is all of them and bound to none.
class BoundInterfaces {
  public:
    using Names = google::protobuf::RepeatedPtrField<std::string>;

    BoundInterfaces() = default;
    // Binds the names to these interfaces from the beginning. indices: what indices() returned before the
    // daemon was restarted.
    explicit BoundInterfaces(std::vector<std::uint32_t> indices) : indices_(std::move(indices)) {}

    // Looks at the interfaces that exist now, and replaces each former name in names by the present one.
    // names must be the same at each call, except for what was replaced. Returns true where a name was
    // replaced.
    bool look(const InterfaceTable& table, Names& names);

    // Has one entry for each name; 0: the name is bound to no interface.
    [[nodiscard]] const std::vector<std::uint32_t>& indices() const { return indices_; }
    // Returns those of the names whose interfaces did not exist at the last look().
    [[nodiscard]] std::vector<std::string> missing(const Names& names) const;

  private:
    std::vector<std::uint32_t> indices_;
};

}  // namespace packetsentry::jobs
