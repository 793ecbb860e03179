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
    // To these from the beginning: what indices() of an earlier life of the daemon returned.
    explicit BoundInterfaces(std::vector<std::uint32_t> indices) : indices_(std::move(indices)) {}

    // The interfaces there are. Puts present names in the places of former ones; names are the same at each
    // call, but for that. true: some were.
    bool look(const InterfaceTable& table, Names& names);

    // An entry a name; 0: bound to none.
    [[nodiscard]] const std::vector<std::uint32_t>& indices() const { return indices_; }
    // Of these names, those whose interfaces were not there at the last look.
    [[nodiscard]] std::vector<std::string> missing(const Names& names) const;

  private:
    std::vector<std::uint32_t> indices_;
};

}  // namespace packetsentry::jobs
