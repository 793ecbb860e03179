#include "ctl/render/tally.h"

#include <algorithm>
#include <array>

#include "proto/link/ledger.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl::render {
namespace {

struct Counter {
    std::uint64_t (wire::Ledger::*get)() const;
    void (wire::Ledger::*set)(std::uint64_t);
};

// Those that only grow, and that the last line tells.
constexpr std::array kCounters = {
    Counter{&wire::Ledger::received, &wire::Ledger::set_received},
    Counter{&wire::Ledger::dropped_by_kernel, &wire::Ledger::set_dropped_by_kernel},
    Counter{&wire::Ledger::filtered, &wire::Ledger::set_filtered},
    Counter{&wire::Ledger::shed, &wire::Ledger::set_shed},
    Counter{&wire::Ledger::malformed, &wire::Ledger::set_malformed},
    Counter{&wire::Ledger::saved, &wire::Ledger::set_saved},
    Counter{&wire::Ledger::not_saved, &wire::Ledger::set_not_saved},
    Counter{&wire::Ledger::recorded, &wire::Ledger::set_recorded},
};

struct Count {
    const char* what;
    std::uint64_t packets;
};

// "a 1, b 2", without what is 0.
template <typename Counts>
std::string list_of(const Counts& counts) {
    std::string text;
    for (const Count& count : counts)
        if (count.packets != 0)
            text += (text.empty() ? "" : ", ") + (count.what + std::to_string(count.packets));
    return text;
}

std::array<Count, 5> losses_of(const Tally& tally, const wire::Ledger& ledger) {
    return {{{"dropped by the kernel ", ledger.dropped_by_kernel()},
             {"shed ", ledger.shed()},
             {"missed here ", tally.missed},
             {"no longer kept ", tally.not_kept},
             {"not shown here ", tally.not_shown}}};
}

std::string lost_text(bool known, std::uint64_t lost, const std::string& causes) {
    if (lost != 0) return (known ? "" : "at least ") + std::to_string(lost) + " lost: " + causes;
    return known ? "none lost" : "how many were lost is not known";
}

std::string rest_text(const Tally& tally, const wire::Ledger& ledger, std::uint64_t lost) {
    const std::uint64_t filtered = ledger.filtered() + tally.not_matching;
    const bool adds_up = ledger.received() == tally.shown + lost + filtered + ledger.unread();
    std::string text = "; ";
    if (adds_up) text += "received " + std::to_string(ledger.received()) + ", ";
    const std::string rare =
        list_of(std::array{Count{"filtered out ", filtered}, Count{"unread ", ledger.unread()}});
    if (!rare.empty()) text += rare + ", ";
    text += "malformed " + std::to_string(ledger.malformed());
    const std::string saved =
        list_of(std::array{Count{"saved ", ledger.saved()}, Count{"not saved ", ledger.not_saved()}});
    return saved.empty() ? text : text + ", " + saved;
}

// Whoever gets rows that are made of several packets has none of the packets that were lost in them.
std::string derived_text(const Tally& tally, const wire::Ledger& ledger) {
    std::string text = proto::count_of_rows(tally.table, tally.shown);
    if (tally.ledger) text += " of " + proto::count_of_rows(wire::TABLE_PACKETS, ledger.recorded());
    text += " shown";
    const std::string packets = list_of(std::array{
        Count{"dropped by the kernel ", ledger.dropped_by_kernel()}, Count{"shed ", ledger.shed()}});
    const std::string rows = list_of(std::array{
        Count{"shed ", proto::counts_of(ledger, tally.table).shed()}, Count{"missed here ", tally.missed},
        Count{"no longer kept ", tally.not_kept}, Count{"not shown here ", tally.not_shown}});
    if (!packets.empty()) text += "; packets lost: " + packets;
    if (!rows.empty())
        text.append("; ").append(proto::many_of_table(tally.table)).append(" lost: ").append(rows);
    if (!packets.empty() || !rows.empty()) return text;
    return text + (tally.ledger && tally.complete ? ", none lost" : ", how many were lost is not known");
}

}  // namespace

wire::Ledger since(const wire::Ledger& before, const wire::Ledger& now) {
    wire::Ledger difference = now;  // unread is a state, and no count
    for (const Counter& counter : kCounters) {
        const std::uint64_t earlier = (before.*counter.get)();
        const std::uint64_t later = (now.*counter.get)();
        (difference.*counter.set)(later - std::min(earlier, later));
    }
    for (const proto::DerivedTable& derived : proto::kDerivedTables) {
        const std::uint64_t earlier = (before.*derived.counts)().shed();
        wire::DerivedCounts& counts = *(difference.*derived.mutable_counts)();
        counts.set_shed(counts.shed() - std::min(earlier, counts.shed()));
    }
    return difference;
}

std::string ledger_text(const Tally& tally) {
    const wire::Ledger ledger = tally.ledger.value_or(wire::Ledger());
    if (tally.table != wire::TABLE_PACKETS) return derived_text(tally, ledger);
    const auto losses = losses_of(tally, ledger);
    std::uint64_t lost = 0;
    for (const Count& loss : losses) lost += loss.packets;
    const bool known = tally.ledger && tally.complete;
    const std::string text = std::to_string(tally.shown) + (tally.shown == 1 ? " packet" : " packets") +
                             " shown, " + lost_text(known, lost, list_of(losses));
    const bool whole = tally.ledger && (lost != 0 || ledger.not_saved() != 0);
    return whole ? text + rest_text(tally, ledger, lost) : text;
}

}  // namespace packetsentry::ctl::render
