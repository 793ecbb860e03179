// Keeps a job on the interfaces on which it began. They are known by their index, which does not change when
// an interface gets another name.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "daemon/jobs/interface_counts.h"

namespace packetsentry::jobs {

// A name is bound to the first interface that has it. When that interface is gone, the name that it had last
// is bound to the next interface that has this name. "any" means all interfaces and is bound to none.
class BoundInterfaces {
  public:
    using Names = google::protobuf::RepeatedPtrField<std::string>;

    BoundInterfaces() = default;
    // Binds the names to these interfaces from the beginning. indices: what indices() returned before the
    // daemon was restarted.
    explicit BoundInterfaces(std::vector<std::uint32_t> indices) : indices_(std::move(indices)) {}

    // Looks at the interfaces that exist now, and replaces each former name in names by the present one.
    // names must be the same at each call, except for what was replaced. Returns true if a name was
    // replaced.
    bool look(const InterfaceTable& table, Names& names);

    // Returns one index for each name; 0 means that the name is bound to no interface.
    [[nodiscard]] const std::vector<std::uint32_t>& indices() const { return indices_; }
    // Returns the names whose interfaces did not exist at the last look().
    [[nodiscard]] std::vector<std::string> missing(const Names& names) const;

  private:
    std::vector<std::uint32_t> indices_;
};

}  // namespace packetsentry::jobs
