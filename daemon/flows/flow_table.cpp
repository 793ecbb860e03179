#include "daemon/flows/flow_table.h"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "daemon/flows/passed_flow.h"
#include "daemon/flows/server_ports.h"

namespace packetsentry::flows {

struct FlowTable::Entry {
    FlowKey key;
    std::uint64_t hash = 0;
    std::int64_t active_ns = 0;  // by the clock of the table
    std::int64_t queued_ns = 0;  // when it got its place in the list of its class
    std::int64_t report_ns = 0;
    Index next = kNone, before = kNone;                // in the list of its class
    Index next_report = kNone, report_before = kNone;  // in reports_
    FlowClass kind = kDatagrams;
    std::optional<Flow> flow;
};

namespace {

constexpr std::int64_t kPatience = 8;

std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32);
}

std::int64_t ns(FlowTimes::Duration duration) {
    return duration.count();
}

bool begins_with_syn(const FlowPacket& packet) {
    return packet.tcp && packet.tcp->has(tcp_flag::syn);
}

// RFC 919. Nobody answers from there.
bool is_broadcast(const base::Address& address) {
    const std::span<const std::byte> bytes(address.bytes.data(), address.size);
    return address.size == 4 &&
           std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{255}; });
}

// Where the first packet was not the first of the flow, ports may tell. A SYN tells by itself who begins, and
// a SYN and ACK may be a scan.
bool comes_from_server(const FlowPacket& packet) {
    const auto protocol = packet.tuple.ip_protocol;
    const std::uint16_t from = packet.tuple.source.port;
    const std::uint16_t to = packet.tuple.destination.port;
    if (packet.tcp && begins_with_syn(packet) && !packet.tcp->has(tcp_flag::ack)) return false;
    if (!is_server_port(protocol, from) || is_broadcast(packet.tuple.destination.address)) return false;
    if (!is_server_port(protocol, to)) return true;
    return packet.tcp && !begins_with_syn(packet) && from < to;
}

}  // namespace

FlowTable::FlowTable(Limits limits, FlowTimes times, std::uint64_t seed, FlowSink& sink)
    : times_(times),
      seed_(seed),
      sink_(sink),
      most_(limits.bytes / bytes_of(1)),
      names_(limits.name_bytes, seed) {
    most_ = std::max<std::size_t>(most_, 1);
    buckets_.resize(std::bit_ceil(2 * most_));
}

FlowTable::~FlowTable() = default;

// An entry, and two to four buckets for it.
std::size_t FlowTable::bytes_of(std::size_t flows) {
    return flows * (sizeof(Entry) + 4 * sizeof(Bucket));
}

FlowTable::Entry& FlowTable::at(Index index) {
    return chunks_[index / kChunk][index % kChunk];
}

const FlowTable::Entry& FlowTable::at(Index index) const {
    return chunks_[index / kChunk][index % kChunk];
}

FlowTable::Index FlowTable::new_entry() {
    if (made_ % kChunk == 0) {
        base::HugeVector<Entry> chunk;
        chunk.reserve(std::min(kChunk, most_ - made_));
        chunks_.push_back(std::move(chunk));  // not before there was memory for it
    }
    chunks_.back().emplace_back();
    return static_cast<Index>(made_++);
}

FlowTable::Taken FlowTable::take(const FlowPacket& packet, std::int64_t now_ns) {
    const bool calls = !packet.called.text.empty();
    if (calls) names_.prepare(packet.called);
    advance(now_ns);
    const FlowKey key(packet.tuple);
    const std::uint64_t hash = key.hash(seed_);
    Index index = find(key, hash);
    if (calls) names_.fetch();
    if (index != kNone && is_over(at(index))) {
        remove(index, at(index).kind == kEnded ? FlowReason::ended : FlowReason::idle);
        index = kNone;
    }
    if (index != kNone && at(index).flow->begins_another(packet)) {
        remove(index, FlowReason::replaced);
        index = kNone;
    }
    if (index == kNone) index = begin(key, hash, packet);
    Flow& flow = *at(index).flow;
    const bool turned = flow.turned();
    const std::uint8_t notes = flow.take(packet);
    if (flow.turned() != turned) names_.begin(flow);
    if (calls && packet.tuple.source == flow.originator()) names_.call(flow, packet.called.source);
    touch(index);
    return {&flow, notes};
}

void FlowTable::advance(std::int64_t now_ns) {
    if (now_ns <= now_ns_ && !behind_) return;
    now_ns_ = std::max(now_ns, now_ns_);
    behind_ = report(expire(kMostShown)) == 0;
}

bool FlowTable::is_over(const Entry& entry) const {
    return now_ns_ - entry.active_ns >= time_of(entry.kind);
}

std::size_t FlowTable::expire(std::size_t most) {
    for (std::uint8_t kind = 0; kind < kClasses; ++kind) {
        List& list = lists_.at(kind);
        for (; most != 0 && list.first != kNone && is_over(at(list.first)); --most)
            remove(list.first, kind == kEnded ? FlowReason::ended : FlowReason::idle);
    }
    return most;
}

std::size_t FlowTable::report(std::size_t most) {
    for (; most != 0 && reports_.first != kNone && at(reports_.first).report_ns <= now_ns_; --most) {
        const Index index = reports_.first;
        Entry& entry = at(index);
        unlink<&Entry::next_report, &Entry::report_before>(reports_, index);
        entry.report_ns = now_ns_ + ns(times_.report);
        append<&Entry::next_report, &Entry::report_before>(reports_, index);
        sink_.flow(*entry.flow, FlowReason::lasts);
    }
    return most;
}

bool FlowTable::finish(std::size_t most) {
    for (; most != 0 && reports_.first != kNone; --most) {
        const Index index = reports_.first;
        remove(index, at(index).kind == kEnded ? FlowReason::ended : FlowReason::stopped);
    }
    return reports_.first == kNone;
}

bool FlowTable::give_away(std::string& to, std::size_t most, std::uint64_t lost) {
    StateWriter bytes(to);
    for (List& list : lists_) {
        for (; list.first != kNone && to.size() < most; take_out(list.first)) {
            Entry& entry = at(list.first);
            const FlowAges ages{.active_ns = entry.active_ns, .report_ns = entry.report_ns};
            write_flow(bytes, entry.key, ages, *entry.flow, lost);
        }
    }
    return count_ == 0;
}

// Ages that cannot be would keep flows for ever.
bool FlowTable::adopt(std::string_view passed, std::span<const std::uint32_t> interfaces, std::uint64_t lost,
                      std::int64_t now_ns) {
    now_ns_ = std::max(now_ns, now_ns_);
    StateReader bytes(passed);
    while (!bytes.at_end()) {
        auto read = read_flow(
            bytes, {.interfaces = interfaces, .lost = lost, .services = services_, .names = names_});
        if (!read) return false;
        const std::uint64_t hash = read->key.hash(seed_);
        if (count_ == most_ || find(read->key, hash) != kNone) continue;
        const Index index = place(read->key, hash);
        Entry& entry = at(index);
        entry.flow.emplace(std::move(read->flow));
        entry.kind = class_of(entry);
        entry.active_ns = std::clamp(read->ages.active_ns, now_ns_ - time_of(entry.kind), now_ns_);
        entry.queued_ns = entry.active_ns;
        entry.report_ns = std::clamp(read->ages.report_ns, now_ns_, now_ns_ + ns(times_.report));
        append<&Entry::next, &Entry::before>(lists_.at(entry.kind), index);
        append<&Entry::next_report, &Entry::report_before>(reports_, index);
        sink_.adopted(*entry.flow);
    }
    return true;
}

// They came in the order of another table's classes, in which a flow may stand before one that is older.
void FlowTable::settle() {
    for (List& list : lists_) sort<&Entry::next, &Entry::before, &Entry::queued_ns>(list);
    sort<&Entry::next_report, &Entry::report_before, &Entry::report_ns>(reports_);
}

FlowTable::Index FlowTable::find(const FlowKey& key, std::uint64_t hash) const {
    const std::size_t mask = buckets_.size() - 1;
    for (std::size_t place = hash & mask; buckets_[place].entry != 0; place = (place + 1) & mask) {
        const Bucket& bucket = buckets_[place];
        if (bucket.tag == tag_of(hash) && at(bucket.entry - 1).key == key) return bucket.entry - 1;
    }
    return kNone;
}

void FlowTable::expect(const std::optional<FlowKey>& key) {
    expected_.reset();
    if (!key) return;
    expected_ = key->hash(seed_);
    __builtin_prefetch(&buckets_[*expected_ & (buckets_.size() - 1)]);
}

// All of an entry is fetched at a time: most of it is needed.
void FlowTable::fetch_expected() const {
    constexpr std::size_t kLine = 64;
    if (!expected_) return;
    const Bucket& bucket = buckets_[*expected_ & (buckets_.size() - 1)];
    if (bucket.entry == 0) return;
    const auto* const entry = reinterpret_cast<const std::byte*>(&at(bucket.entry - 1));
    for (std::size_t offset = 0; offset < sizeof(Entry); offset += kLine) __builtin_prefetch(entry + offset);
}

FlowTable::Index FlowTable::begin(const FlowKey& key, std::uint64_t hash, const FlowPacket& packet) {
    if (count_ == most_) make_room();
    const Index index = place(key, hash);
    Entry& entry = at(index);
    entry.flow.emplace(packet, comes_from_server(packet));
    names_.begin(*entry.flow);
    entry.active_ns = entry.queued_ns = now_ns_;
    entry.report_ns = now_ns_ + ns(times_.report);
    entry.kind = class_of(entry);
    append<&Entry::next, &Entry::before>(lists_.at(entry.kind), index);
    append<&Entry::next_report, &Entry::report_before>(reports_, index);
    return index;
}

// The entry is in no list yet. There is room.
FlowTable::Index FlowTable::place(const FlowKey& key, std::uint64_t hash) {
    Index index = free_;
    if (index != kNone)
        free_ = at(index).next;
    else
        index = new_entry();
    Entry& entry = at(index);
    entry.key = key;
    entry.hash = hash;
    fill_bucket(hash, index);
    ++count_;
    return index;
}

void FlowTable::remove(Index index, FlowReason reason) {
    sink_.flow(*at(index).flow, reason);
    take_out(index);
}

void FlowTable::take_out(Index index) {
    Entry& entry = at(index);
    unlink<&Entry::next, &Entry::before>(lists_.at(entry.kind), index);
    unlink<&Entry::next_report, &Entry::report_before>(reports_, index);
    free_bucket(entry.hash, index);
    entry.flow.reset();
    entry.next = free_;
    free_ = index;
    --count_;
}

void FlowTable::make_room() {
    const auto fullest = std::ranges::find_if(lists_, [](const List& list) { return list.first != kNone; });
    if (fullest == lists_.end()) return;
    const bool ended = fullest == lists_.begin();
    if (!ended) ++evicted_;
    remove(fullest->first, ended ? FlowReason::ended : FlowReason::evicted);
}

// A flow that has ended keeps its time, whatever still comes. Another one keeps its place for a while.
void FlowTable::touch(Index index) {
    Entry& entry = at(index);
    const FlowClass kind = class_of(entry);
    if (kind == kEnded && entry.kind == kEnded) return;
    entry.active_ns = now_ns_;
    if (kind == entry.kind && now_ns_ - entry.queued_ns <= time_of(kind) / kPatience) return;
    unlink<&Entry::next, &Entry::before>(lists_.at(entry.kind), index);
    entry.kind = kind;
    entry.queued_ns = now_ns_;
    append<&Entry::next, &Entry::before>(lists_.at(kind), index);
}

FlowTable::FlowClass FlowTable::class_of(const Entry& entry) const {
    const TcpConversation* const tcp = entry.flow->tcp();
    if (tcp == nullptr) return kDatagrams;
    if (tcp->over()) return kEnded;
    return tcp->unanswered() ? kAttempt : kConnection;
}

std::int64_t FlowTable::time_of(FlowClass kind) const {
    switch (kind) {
        case kEnded:
            return ns(times_.ended);
        case kAttempt:
            return ns(times_.attempt);
        case kDatagrams:
            return ns(times_.datagrams);
        default:
            return ns(times_.connection);
    }
}

void FlowTable::fill_bucket(std::uint64_t hash, Index index) {
    const std::size_t mask = buckets_.size() - 1;
    std::size_t place = hash & mask;
    while (buckets_[place].entry != 0) place = (place + 1) & mask;
    buckets_[place] = {.tag = tag_of(hash), .entry = index + 1};
}

// Those behind it move up, so that no search ends at the hole.
void FlowTable::free_bucket(std::uint64_t hash, Index index) {
    const std::size_t mask = buckets_.size() - 1;
    std::size_t hole = hash & mask;
    while (buckets_[hole].entry != index + 1) hole = (hole + 1) & mask;
    for (std::size_t next = (hole + 1) & mask; buckets_[next].entry != 0; next = (next + 1) & mask) {
        const std::size_t home = at(buckets_[next].entry - 1).hash & mask;
        if (((next - home) & mask) < ((next - hole) & mask)) continue;
        buckets_[hole] = buckets_[next];
        hole = next;
    }
    buckets_[hole] = {};
}

template <auto next, auto before, auto time>
void FlowTable::sort(List& list) {
    std::vector<Index> order;
    for (Index index = list.first; index != kNone; index = at(index).*next) order.push_back(index);
    std::ranges::sort(order, {}, [this](Index index) { return at(index).*time; });
    list = {};
    for (const Index index : order) append<next, before>(list, index);
}

template <auto next, auto before>
void FlowTable::append(List& list, Index index) {
    Entry& entry = at(index);
    entry.*next = kNone;
    entry.*before = list.last;
    if (list.last != kNone)
        at(list.last).*next = index;
    else
        list.first = index;
    list.last = index;
}

template <auto next, auto before>
void FlowTable::unlink(List& list, Index index) {
    const Entry& entry = at(index);
    if (entry.*before != kNone)
        at(entry.*before).*next = entry.*next;
    else
        list.first = entry.*next;
    if (entry.*next != kNone)
        at(entry.*next).*before = entry.*before;
    else
        list.last = entry.*before;
}

}  // namespace packetsentry::flows
