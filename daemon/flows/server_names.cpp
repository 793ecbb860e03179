#include "daemon/flows/server_names.h"

#include "daemon/flows/state_bytes.h"

namespace packetsentry::flows {

void ServerNames::learn(DnsAnswers answers) {
    if (answers.name().empty()) return;
    NameRoom room;
    const NamePool::Prepared prepared = pool_.prepare(plain_name(answers.name(), room));
    const base::Address* address = answers.next();
    if (address == nullptr || prepared.name.empty()) return;
    pool_.fetch(prepared);
    const NamePool::Id name = pool_.take(prepared);
    for (; address != nullptr; address = answers.next()) addresses_.learn(*address, name);
    if (name != NamePool::kNone) pool_.release(name);
}

// Who was named longest ago comes first, so that the order is the same there.
bool ServerNames::give_away(std::string& to, std::size_t most) {
    StateWriter bytes(to);
    for (; addresses_.size() != 0 && to.size() < most; addresses_.forget_oldest()) {
        const AddressNames::Named named = addresses_.oldest();
        bytes.address(named.address);
        bytes.text(pool_.text(named.name));
    }
    return addresses_.size() == 0;
}

bool ServerNames::adopt(std::string_view passed) {
    StateReader bytes(passed);
    while (!bytes.at_end()) {
        base::Address address;
        std::string_view text;
        bytes.address(address);
        bytes.text(text);
        if (!bytes.good()) return false;
        learn(address, text);
    }
    return true;
}

void ServerNames::learn(const base::Address& address, std::string_view text) {
    if (pool_.limit() == 0) return;
    NameRoom room;
    const NamePool::Prepared prepared = pool_.prepare(plain_name(text, room));
    if (prepared.name.empty()) return;
    const NamePool::Id name = pool_.take(prepared);
    addresses_.learn(address, name);
    if (name != NamePool::kNone) pool_.release(name);
}

void ServerNames::begin(Flow& flow) {
    flow.forget_names();
    const NamePool::Id name = addresses_.find(flow.responder().address);
    if (name == NamePool::kNone) return;
    pool_.take_again(name);
    flow.add_name(NameSource::dns, name, pool_);
}

void ServerNames::prepare(const CalledName& called) {
    prepared_ = {};
    if (pool_.limit() != 0) prepared_ = pool_.prepare(plain_name(called.text, room_));
}

void ServerNames::add(Flow& flow, NameSource source) {
    if (!prepared_.name.empty()) flow.add_name(source, pool_.take(prepared_), pool_);
}

}  // namespace packetsentry::flows
