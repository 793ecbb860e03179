#include "daemon/flows/server_names.h"

#include "daemon/flows/state_bytes.h"

namespace packetsentry::flows {

void ServerNames::learn_answer(const base::Address& address, NamePool::Id name) {
    by_dns_.learn(address, name, NameSource::dns);
    if (name == NamePool::kNone) by_clients_.learn(address, NamePool::kNone, NameSource::dns);
}

void ServerNames::learn(DnsAnswers answers) {
    if (answers.name().empty()) return;
    NameRoom room;
    const NamePool::Prepared prepared = pool_.prepare(plain_name(answers.name(), room));
    const base::Address* address = answers.next();
    if (address == nullptr || prepared.name.empty()) return;
    pool_.fetch(prepared);
    const NamePool::Id name = pool_.take(prepared);
    for (; address != nullptr; address = answers.next()) learn_answer(*address, name);
    if (name != NamePool::kNone) pool_.release(name);
}

ServerNames::Known ServerNames::find(const base::Address& address) const {
    for (const AddressNames* const names : {&by_dns_, &by_clients_}) {
        const AddressNames::Found found = names->find(address);
        if (found.name != NamePool::kNone) return {.name = pool_.text(found.name), .source = found.source};
    }
    return {};
}

// Who was named longest ago comes first, so that the order is the same there.
bool ServerNames::give_away(std::string& to, std::size_t most) {
    StateWriter bytes(to);
    for (AddressNames* const names : {&by_dns_, &by_clients_}) {
        for (; names->size() != 0 && to.size() < most; names->forget_oldest()) {
            const AddressNames::Named named = names->oldest();
            bytes.address(named.address);
            bytes.word(named.source, NameSource::dns);
            bytes.text(pool_.text(named.name));
        }
    }
    return !any();
}

bool ServerNames::adopt(std::string_view passed) {
    StateReader bytes(passed);
    while (!bytes.at_end()) {
        base::Address address;
        NameSource source{};
        std::string_view text;
        bytes.address(address);
        bytes.word(source, NameSource::dns);
        bytes.text(text);
        if (!bytes.good()) return false;
        learn(address, text, source);
    }
    return true;
}

void ServerNames::learn(const base::Address& address, std::string_view text, NameSource source) {
    if (pool_.limit() == 0) return;
    NameRoom room;
    const NamePool::Prepared prepared = pool_.prepare(plain_name(text, room));
    if (prepared.name.empty()) return;
    const NamePool::Id name = source == NameSource::dns ? pool_.take(prepared) : take_called(prepared);
    (source == NameSource::dns ? by_dns_ : by_clients_).learn(address, name, source);
    if (name != NamePool::kNone) pool_.release(name);
}

void ServerNames::begin(Flow& flow) {
    flow.forget_names();
    const NamePool::Id name = by_dns_.find(flow.responder().address).name;
    if (name == NamePool::kNone) return;
    pool_.take_again(name);
    flow.add_name(NameSource::dns, name, pool_);
}

void ServerNames::prepare(const CalledName& called) {
    prepared_ = {};
    if (pool_.limit() != 0) prepared_ = pool_.prepare(plain_name(called.text, room_));
}

// A name for which there is no room says nothing against the one before.
void ServerNames::call(Flow& flow, NameSource source) {
    if (prepared_.name.empty()) return;
    const NamePool::Id name = take_called(prepared_);
    if (name != NamePool::kNone) by_clients_.learn(flow.responder().address, name, source);
    flow.add_name(source, name, pool_);
}

void ServerNames::add(Flow& flow, NameSource source, std::string_view name) {
    prepare({.text = name});
    if (!prepared_.name.empty()) flow.add_name(source, take_called(prepared_), pool_);
}

}  // namespace packetsentry::flows
