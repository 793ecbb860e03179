// By which names servers are called: what the conversations say themselves, and what DNS has said before.
// Bounded, whatever is on the wire.
//
// An address has the name that DNS has for it, or else the one by which a client has called it last. The two
// are stored apart, so that clients, who may call a server anything, cannot displace what DNS has said: no
// name that a client says is stored in the last part of the memory, which is left to DNS. Where not even DNS
// has room, because conversations still have the names that DNS had before, an address has no name rather
// than an old one or the one by which a client has called it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/dissect/dissection.h"
#include "daemon/flows/address_names.h"
#include "daemon/flows/called_name.h"
#include "daemon/flows/dns_answers.h"
#include "daemon/flows/flow.h"
#include "daemon/flows/name_pool.h"

namespace packetsentry::flows {

class ServerNames {
  public:
    // bytes: that all names together may take (NamePool::bytes()), those of addresses a part of it; 0: none
    // are wanted. seed: secret. This object must outlive the flows that it gives names to.
    ServerNames(std::size_t bytes, std::uint64_t seed)
        : pool_(bytes, seed),
          by_dns_({.name_bytes = bytes / kPartOfDns}, pool_, seed),
          by_clients_({.addresses = kCalled, .name_bytes = bytes / kPartOfClients}, pool_, seed) {}

    // Takes what an answer of DNS says of the addresses of its name.
    void learn(const dissect::Dissection& dissection) {
        if (pool_.limit() != 0 && DnsAnswers::may_be(dissection)) learn(DnsAnswers(dissection));
    }
    // The responder of the flow was not known before: gives the flow the name that DNS has for it.
    void begin(Flow& flow);
    // The originator of the flow has called the responder by the name that was prepared last. Two further
    // calls let the processor fetch meanwhile what it will need: prepare() first, then fetch(). The text must
    // remain live.
    void prepare(const CalledName& called);
    void fetch() const { pool_.fetch(prepared_); }
    void call(Flow& flow, NameSource source);
    // As another ServerNames gave it to the flow.
    void add(Flow& flow, NameSource source, std::string_view name);

    // Tells whether any address has a name.
    [[nodiscard]] bool any() const { return by_dns_.size() + by_clients_.size() != 0; }
    struct Known {
        std::string_view name = {};  // empty: none is known; valid until anything else is learnt
        NameSource source = NameSource::dns;
    };
    [[nodiscard]] Known find(const base::Address& address) const;

    // Appends the names of addresses to `to`, until that has `most` bytes or more, and forgets them: another
    // worker goes on with them. Returns whether that was all. One name takes less than kMostPassed bytes.
    bool give_away(std::string& to, std::size_t most);
    static constexpr std::size_t kMostPassed = 512;
    // Takes what another worker has given away. Returns false if it is damaged; what is before the damage is
    // taken.
    [[nodiscard]] bool adopt(std::string_view passed);

    [[nodiscard]] std::size_t bytes() const { return pool_.bytes(); }

  private:
    static constexpr std::size_t kPartOfDns = 4;
    static constexpr std::size_t kPartOfClients = 8;
    static constexpr std::size_t kCalled = 16'384;  // addresses that clients have named

    // kNone: there is no room for it beside what DNS has, and may still have.
    [[nodiscard]] NamePool::Id take_called(const NamePool::Prepared& prepared) {
        const std::size_t part = pool_.limit() / kPartOfDns;
        return pool_.take(prepared, part - std::min(part, by_dns_.name_bytes()));
    }
    // name: kNone: there is no room for it.
    void learn_answer(const base::Address& address, NamePool::Id name);
    void learn(DnsAnswers answers);
    void learn(const base::Address& address, std::string_view text, NameSource source);

    NamePool pool_;
    AddressNames by_dns_;
    AddressNames by_clients_;
    NameRoom room_;
    NamePool::Prepared prepared_;  // in room_
};

}  // namespace packetsentry::flows
