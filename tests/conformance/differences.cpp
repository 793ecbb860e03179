#include "tests/conformance/differences.h"

#include <stdexcept>
#include <utility>

#include "tests/conformance/tab_separated.h"

namespace packetsentry::conformance {

Differences::Differences(const std::filesystem::path& path) {
    const Table table(path);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string capture = table.cell(row, "capture");
        std::string reason = table.cell(row, "reason");
        if (reason.empty()) throw std::runtime_error(capture + ": a difference without reason");
        listed_[{capture, std::stoul(table.cell(row, "packet")), table.cell(row, "field")}] = {
            std::move(reason)};
    }
}

const std::string* Differences::met(const std::string& capture, std::size_t packet,
                                    const std::string& field) {
    const auto found = listed_.find({capture, packet, field});
    if (found == listed_.end()) return nullptr;
    found->second.met = true;
    return &found->second.reason;
}

std::vector<std::string> Differences::not_met() const {
    std::vector<std::string> names;
    for (const auto& [key, listed] : listed_)
        if (!listed.met)
            names.push_back(std::get<0>(key) + " packet " + std::to_string(std::get<1>(key)) + ' ' +
                            std::get<2>(key));
    return names;
}

}  // namespace packetsentry::conformance
