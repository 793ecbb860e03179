#include "tests/conformance/differences.h"

#include <stdexcept>

#include "tests/conformance/table.h"

namespace packetsentry::conformance {

Differences::Differences(const std::filesystem::path& path) {
    const Table table(path);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string capture = table.cell(row, "capture");
        if (table.cell(row, "reason").empty())
            throw std::runtime_error(capture + ": a difference without reason");
        met_[{capture, std::stoul(table.cell(row, "packet")), table.cell(row, "field")}] = false;
    }
}

bool Differences::met(const std::string& capture, std::size_t packet, const std::string& field) {
    const auto found = met_.find({capture, packet, field});
    if (found == met_.end()) return false;
    found->second = true;
    return true;
}

std::vector<std::string> Differences::not_met() const {
    std::vector<std::string> names;
    for (const auto& [key, was_met] : met_)
        if (!was_met)
            names.push_back(std::get<0>(key) + " packet " + std::to_string(std::get<1>(key)) + ' ' +
                            std::get<2>(key));
    return names;
}

}  // namespace packetsentry::conformance
