// The flows that are not over, bounded whatever is on the wire.
//
// A flow is over when its protocol says so, when nothing came for a while (FlowTimes), or when there is no
// room for another one. All flows of one class (FlowClass) have the same time to live, so each class is a
// list in the order of its ends, and neither a packet nor the end of a flow costs more when there are more
// flows. A packet would make its flow the youngest of its class; but to move it in the list means to wait for
// the memory of four other flows, which is most of what a packet costs. So a flow is moved only when it has
// stood at its place for an eighth of its time. Whoever stands behind it may be shown so much later than its
// time was over; a packet that comes then begins another flow all the same. What makes room is the flow that
// is nearest to its end, within an eighth, in the class that is worth least: ended ones, then attempts that
// nobody answered, then datagrams, then connections.
//
// Time comes from the caller. For a live capture it is a clock that nobody sets, because packets carry a time
// that may jump; for a file it is the time of its packets.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/huge_pages.h"
#include "daemon/flows/flow.h"
#include "daemon/flows/passed_services.h"
#include "daemon/flows/server_names.h"

namespace packetsentry::flows {

class FlowSink {
  public:
    virtual ~FlowSink() = default;
    virtual void flow(const Flow& flow, FlowReason reason) = 0;
    // The flow goes on in this table. Another worker has begun it.
    virtual void adopted(const Flow& /*flow*/) {}
};

// How long a flow waits for its next packet.
struct FlowTimes {
    using Duration = std::chrono::nanoseconds;
    Duration ended = std::chrono::seconds(5);  // for what comes late
    Duration attempt =
        std::chrono::seconds(70);  // a SYN is sent again after at most 63 s (tcp_syn_retries of 6)
    Duration datagrams = std::chrono::minutes(1);
    Duration connection = std::chrono::minutes(124);  // RFC 5382, REQ-5: no NAT forgets one earlier
    Duration report = std::chrono::minutes(5);        // a flow that lasts is shown so often
};

class FlowTable {
  public:
    struct Limits {
        std::size_t bytes = 128 * 1024 * 1024;
        // Beside them, for the texts of names (ServerNames). What refers to these takes as much again at
        // most. 0: flows have no names.
        std::size_t name_bytes = 16 * 1024 * 1024;
    };

    // seed: secret. sink must outlive this object.
    FlowTable(Limits limits, FlowTimes times, std::uint64_t seed, FlowSink& sink);
    ~FlowTable();

    struct Taken {
        const Flow* flow = nullptr;  // valid until the next call
        std::uint8_t notes = kTcpNothing;
    };
    // now_ns: never less than before, or it counts as the time before.
    Taken take(const FlowPacket& packet, std::int64_t now_ns);
    // A packet with this key may be taken soon: these have the processor fetch what take() will read of its
    // flow. First expect(), and when something else was done meanwhile, fetch_expected(). They have no other
    // effect. Nothing: nobody knows what comes.
    void expect(const std::optional<FlowKey>& key);
    void fetch_expected() const;
    // Takes what a packet says of the names of servers, for the flows that begin after it.
    void learn_names(const dissect::Dissection& dissection) { names_.learn(dissection); }
    // What is known of the names of addresses.
    [[nodiscard]] const ServerNames& names() const { return names_; }
    // Ends flows whose time is over, and shows those that last: no more than kMostShown, so that whoever
    // takes them has a bound; the others follow when it is called again, as take() does. Costs only what it
    // ends and shows.
    void advance(std::int64_t now_ns);
    // Shows what is left, the oldest first, but no more than this number. Returns whether that was all.
    bool finish(std::size_t most = SIZE_MAX);

    // Appends flows to `to` until that has `most` bytes or more, and takes them out of the table without
    // showing them: another worker goes on with them. lost: the packets that this one's capture has lost in
    // all. Returns whether there are no more. One flow has less than kMostPassed bytes.
    bool give_away(std::string& to, std::size_t most, std::uint64_t lost);
    static constexpr std::size_t kMostPassed = 4096;
    // Takes flows that another worker has given away, as far as there is room. interfaces: the number here of
    // each interface of that worker, or kNoInterface. Call settle() once behind the last ones. Returns false
    // if they are damaged; those before the damage are taken.
    [[nodiscard]] bool adopt(std::string_view passed, std::span<const std::uint32_t> interfaces,
                             std::uint64_t lost, std::int64_t now_ns);
    void settle();
    // What is known of the names of servers passes in the same way (ServerNames).
    bool give_names_away(std::string& to, std::size_t most) { return names_.give_away(to, most); }
    [[nodiscard]] bool adopt_names(std::string_view passed) { return names_.adopt(passed); }

    // A packet shows two more at most: the one whose place it takes, and the one that leaves it room.
    static constexpr std::size_t kMostShown = 256;

    [[nodiscard]] std::size_t flows() const { return count_; }
    [[nodiscard]] std::size_t most_flows() const { return most_; }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
    // Room for so many flows takes this much memory.
    [[nodiscard]] static std::size_t bytes_of(std::size_t flows);

  private:
    enum FlowClass : std::uint8_t { kEnded, kAttempt, kDatagrams, kConnection, kClasses };
    using Index = std::uint32_t;
    static constexpr Index kNone = UINT32_MAX;

    struct Entry;
    struct List {
        Index first = kNone;
        Index last = kNone;
    };
    struct Bucket {
        std::uint32_t tag = 0;    // of the hash, so that few entries are read in vain
        std::uint32_t entry = 0;  // its index and 1; 0: free
    };

    [[nodiscard]] Entry& at(Index index);
    [[nodiscard]] const Entry& at(Index index) const;
    [[nodiscard]] Index new_entry();
    [[nodiscard]] Index find(const FlowKey& key, std::uint64_t hash) const;
    Index begin(const FlowKey& key, std::uint64_t hash, const FlowPacket& packet);
    Index place(const FlowKey& key, std::uint64_t hash);
    void remove(Index index, FlowReason reason);
    void take_out(Index index);
    void make_room();
    void touch(Index index);
    // Both return how many of these they have not shown.
    [[nodiscard]] std::size_t expire(std::size_t most);
    std::size_t report(std::size_t most);
    [[nodiscard]] bool is_over(const Entry& entry) const;
    void fill_bucket(std::uint64_t hash, Index index);
    void free_bucket(std::uint64_t hash, Index index);
    [[nodiscard]] FlowClass class_of(const Entry& entry) const;
    [[nodiscard]] std::int64_t time_of(FlowClass kind) const;
    template <auto next, auto before, auto time>
    void sort(List& list);
    template <auto next, auto before>
    void append(List& list, Index index);
    template <auto next, auto before>
    void unlink(List& list, Index index);

    static constexpr std::size_t kChunk = 8192;  // entries that are allocated together: some huge pages

    FlowTimes times_;
    std::uint64_t seed_;
    FlowSink& sink_;
    std::size_t most_;
    ServerNames names_;  // before chunks_, because flows have names
    PassedServices services_;
    std::vector<base::HugeVector<Entry>> chunks_;  // none grows beyond what was reserved for it
    base::HugeVector<Bucket> buckets_;             // open addressing; their number is a power of two
    Index free_ = kNone;
    std::size_t made_ = 0;                   // entries in chunks_
    std::optional<std::uint64_t> expected_;  // the hash of a key
    std::size_t count_ = 0;
    std::array<List, kClasses> lists_;  // the oldest first
    List reports_;                      // the one that is to be shown next first
    std::int64_t now_ns_ = INT64_MIN;
    bool behind_ = false;  // there were more flows to be shown than advance() may
    std::uint64_t evicted_ = 0;
};

}  // namespace packetsentry::flows
