// Lines of a log, and their columns.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace packetsentry::ctl::render {

inline std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> found;
    std::istringstream rest(line);
    for (std::string cell; std::getline(rest, cell, '\t');) found.push_back(cell);
    return found;
}

inline std::string line(const std::string& text, int number) {
    std::istringstream rest(text);
    std::string one;
    for (int i = 0; i <= number; ++i) std::getline(rest, one);
    return one;
}

}  // namespace packetsentry::ctl::render
