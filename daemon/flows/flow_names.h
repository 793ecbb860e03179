// The names by which one conversation calls its responder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/flows/name_pool.h"

namespace packetsentry::flows {

// How a name is known.
enum class NameSource : std::uint8_t {
    tls,   // the server name in a hello of TLS or QUIC
    http,  // the host that a request asks for
    dns,   // an answer of DNS that was seen before
};

// "tls", "http", "dns": packetsentry.flow.domain_sources.
[[nodiscard]] std::string_view to_string(NameSource source);

// Each name is there once for each source. What the conversation says itself comes before what DNS has said,
// and takes its room if there is no other.
class FlowNames {
  public:
    static constexpr std::size_t kLimit = 4;

    // pool must outlive this object.
    explicit FlowNames(NamePool& pool) : pool_(pool) {}
    ~FlowNames();
    FlowNames(const FlowNames&) = delete;
    FlowNames& operator=(const FlowNames&) = delete;

    // name: taken from the pool for this object, which releases it; kNone: the pool had no room. Returns
    // false if a name is missing now.
    [[nodiscard]] bool add(NameSource source, NamePool::Id name);

    // Has the processor fetch what text() will look at.
    void prepare() const {
        for (std::size_t i = 0; i < count_; ++i) pool_.fetch(names_.at(i));
    }
    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] NameSource source(std::size_t at) const { return sources_.at(at); }
    [[nodiscard]] std::string_view text(std::size_t at) const { return pool_.text(names_.at(at)); }

  private:
    [[nodiscard]] bool has(NameSource source, NamePool::Id name) const;
    [[nodiscard]] bool ends_with_dns() const {
        return count_ != 0 && sources_[count_ - 1U] == NameSource::dns;
    }
    void put(std::size_t at, NameSource source, NamePool::Id name);

    NamePool& pool_;
    std::array<NamePool::Id, kLimit> names_{};
    std::array<NameSource, kLimit> sources_{};
    std::uint8_t count_ = 0;
};

}  // namespace packetsentry::flows
