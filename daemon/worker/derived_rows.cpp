#include "daemon/worker/derived_rows.h"

#include <algorithm>
#include <utility>

#include "daemon/flows/passed_flow.h"
#include "proto/link/ledger.h"
#include "proto/link/worker_reader.h"
#include "proto/words/table_names.h"

namespace packetsentry::worker {

using base::Result;

void DerivedRows::count(wire::Ledger& ledger) const {
    wire::DerivedCounts& counts = proto::mutable_counts_of(ledger, table_);
    counts.set_rows(sent_);
    counts.set_shed(shed_);
    counts.set_evicted(evicted());
}

std::optional<DerivedRows::Clock::time_point> DerivedRows::cut_due() const {
    if (builder_.rows() == 0 || context_.mode == CaptureMode::file) return std::nullopt;
    return opened_ + kBatchAge;
}

Result<bool> DerivedRows::close() {
    const std::uint32_t rows = builder_.rows();
    if (!context_.link.has_room()) {
        if (context_.mode == CaptureMode::live) {
            builder_.discard();
            shed_ += rows;
            return false;
        }
        if (auto drained = context_.link.drain(); !drained) return std::unexpected(drained.error());
    }
    sent_ += rows;
    return true;
}

Result<void> DerivedRows::send(const wire::Ledger& ledger) {
    return context_.link.send_rows(ledger, builder_.seal());
}

Result<void> DerivedRows::send_pieces(Clock::time_point until,
                                      const std::function<bool(wire::PassedState&)>& fill) {
    wire::PassedState interfaces;
    for (const capture::SourceInterface& interface : context_.source.interfaces()) {
        auto& described = *interfaces.add_interface();
        described.set_name(interface.name);
        described.set_index(interface.system_index);
    }
    wire::FromWorker message;
    wire::PassedState& passed = *message.mutable_passed();
    for (bool more = true; more && Clock::now() < until;) {
        passed = interfaces;
        more = fill(passed);
        if (proto::passes_nothing(passed)) continue;
        if (auto sent = context_.link.send(message); !sent) return sent;
        if (context_.link.has_room()) continue;
        if (auto drained = context_.link.drain(); !drained) return drained;
    }
    return {};
}

// It may have been renamed, or replaced by another interface of that name.
std::vector<std::uint32_t> DerivedRows::interfaces_of(const wire::PassedState& passed) const {
    std::vector<std::uint32_t> numbers;
    const auto interfaces = context_.source.interfaces();
    for (const auto& one : passed.interface()) {
        auto found = std::ranges::find(interfaces, one.index(), &capture::SourceInterface::system_index);
        if (found == interfaces.end())
            found = std::ranges::find(interfaces, one.name(), &capture::SourceInterface::name);
        numbers.push_back(found == interfaces.end() ? flows::kNoInterface
                                                    : static_cast<std::uint32_t>(found - interfaces.begin()));
    }
    return numbers;
}

std::optional<std::string> DerivedRows::take_news() {
    if (!std::exchange(damaged_, false)) return std::nullopt;
    return "some " + std::string(proto::many_of_table(table_)) +
           " that the worker before this one has passed on could not be read, and are lost";
}

DerivedRows::Place DerivedRows::place_of(std::uint32_t interface, std::uint32_t interface_index) {
    const auto interfaces = context_.source.interfaces();
    const bool known = interface < interfaces.size();
    Place place{.name = context_.names.name(interface_index), .link_type = 0};
    if (place.name.empty() && known) place.name = interfaces[interface].name;
    if (known) place.link_type = interfaces[interface].link_type;
    return place;
}

void DerivedRows::open_batch() {
    if (builder_.rows() == 0 && live()) opened_ = Clock::now();
}

}  // namespace packetsentry::worker
