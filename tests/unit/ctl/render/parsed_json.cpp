#include "tests/unit/ctl/render/parsed_json.h"

#include <gtest/gtest.h>

#include <boost/json/src.hpp>

namespace packetsentry::ctl::render {

boost::json::value parsed_json(const std::string& line) {
    boost::system::error_code error;
    auto document = boost::json::parse(line, error);
    EXPECT_FALSE(error) << error.message() << ": " << line;
    return document;
}

std::string text_at(const boost::json::value& document, const char* pointer) {
    return std::string(document.at_pointer(pointer).as_string());
}

}  // namespace packetsentry::ctl::render
