// The cells in which we differ from the truth on purpose, each with its reason.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace packetsentry::conformance {

class Differences {
  public:
    // Columns: capture (name of the file), packet (from 1), field (column of the truth), reason.
    explicit Differences(const std::filesystem::path& path);

    // The reason of this difference, or nothing where it is not listed; notes that it was met.
    const std::string* met(const std::string& capture, std::size_t packet, const std::string& field);
    // "01-x.pcap packet 3 dns.a": listed, but never met.
    [[nodiscard]] std::vector<std::string> not_met() const;

  private:
    struct Listed {
        std::string reason;
        bool met = false;
    };
    std::map<std::tuple<std::string, std::size_t, std::string>, Listed> listed_;
};

}  // namespace packetsentry::conformance
