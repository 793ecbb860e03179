# Headers that many targets read, parsed once for all of them. Half of the time of a whole build went into parsing them
# again for each source. This is done together with PACKETSENTRY_UNITY alone: a build without it shows whether each
# source includes what it uses.
#
# Whoever shares such a header is compiled with the same options. GCC warns where that is not so, and the warning is an
# error.
set(standard_headers <algorithm> <array> <bit> <charconv> <chrono> <cstdint> <cstring> <deque> <expected> <functional> <map>
    <memory> <optional> <span> <string> <string_view> <utility> <variant> <vector>)
set(message_headers ${standard_headers} <google/protobuf/message_lite.h> "\"proto/messages/control.pb.h\"")
set(loop_headers ${message_headers} <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/use_awaitable.hpp>
    <boost/asio/posix/stream_descriptor.hpp> <boost/asio/basic_waitable_timer.hpp>)

# packetsentry_precompiled(NAME LINKS a … HEADERS <header> …): what packetsentry_reads(TARGET NAME) shares.
function(packetsentry_precompiled name)
  cmake_parse_arguments(ARG "" "" "LINKS;HEADERS" ${ARGN})
  add_library(packetsentry_headers_${name} OBJECT EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(packetsentry_headers_${name} PRIVATE packetsentry_options ${ARG_LINKS})
  target_precompile_headers(packetsentry_headers_${name} PRIVATE ${ARG_HEADERS})
endfunction()

function(packetsentry_reads target name)
  if(PACKETSENTRY_UNITY)
    target_precompile_headers(${target} REUSE_FROM packetsentry_headers_${name})
  endif()
endfunction()

if(PACKETSENTRY_UNITY)
  packetsentry_precompiled(standard HEADERS ${standard_headers})
  packetsentry_precompiled(messages LINKS packetsentry_messages HEADERS ${message_headers})
  packetsentry_precompiled(loop LINKS packetsentry_messages Boost::headers HEADERS ${loop_headers})
endif()
