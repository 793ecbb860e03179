#include "daemon/flows/server_names.h"

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
