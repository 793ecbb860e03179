#include "daemon/log/event.h"

#include <algorithm>
#include <array>

namespace packetsentry::log {
namespace {

constexpr bool kLimited = true, kAlways = false;

constexpr std::array kKinds = {
    Kind{Event::started, "7b5a165248fb43d983cb687747546e87", Level::info, kAlways},
    Kind{Event::stopping, "14e6476b4b61471983c4dc79af51a576", Level::info, kAlways},
    Kind{Event::stopped, "6553f74efc48446e8d659bd357181ca2", Level::info, kAlways},
    Kind{Event::trouble, "7b5f965fc4ad4ff78c0addadbcbeb548", Level::warning, kAlways},
    Kind{Event::broken, "dbe6ac0df03945729008fff924f033de", Level::critical, kAlways},
    Kind{Event::reloaded, "293ec5241192415aa71c56389c6bd2e0", Level::info, kAlways},
    Kind{Event::not_reloaded, "dfa1549b4873441883670cfe72f98b66", Level::error, kAlways},
    Kind{Event::job_started, "d275b667cccc4edaab58a2f0f68579f2", Level::info, kAlways},
    Kind{Event::job_stopped, "8e039981bcdd454788b31d416f93c472", Level::info, kAlways},
    Kind{Event::filter_changed, "a7fecefe3f9b4519a03ead846004a676", Level::info, kAlways},
    Kind{Event::job_read, "dfebf6681391490c9918370850a489b5", Level::info, kLimited},
    Kind{Event::client_gone, "f6f91fd1b6b64c939709aaefde4ada8c", Level::info, kAlways},
    Kind{Event::job_finished, "9cf63f4f257e455bbae1c1070429d74a", Level::info, kAlways},
    Kind{Event::job_failed, "d4154540a32c423ab194339f01e072e1", Level::error, kAlways},
    Kind{Event::job_left, "cac841d921aa4ff0b5f66b0ee2757c42", Level::warning, kAlways},
    Kind{Event::job_notice, "0e2ef187e97942ea8e4910c69beb061b", Level::warning, kLimited},
    Kind{Event::job_resumed, "79e344b5c533401b850c5b5898b47613", Level::info, kAlways},
    Kind{Event::job_waits, "2cba5737ceed453aa32780d8cd266ea8", Level::warning, kAlways},
    Kind{Event::job_renewed, "2d50829b774e4af9b7c95ca7212075c4", Level::info, kAlways},
    Kind{Event::job_expired, "abfc0be7c0384e6584ce0af3a6412178", Level::warning, kAlways},
    Kind{Event::job_forbidden, "299c31b84e4e417496cffc2e40ae60b9", Level::warning, kAlways},
    Kind{Event::clock_set, "7dc8398a1ffd4ec28923af32b5b0f145", Level::warning, kAlways},
    Kind{Event::purged, "eb0763f23d044208abc4684bc4836e08", Level::info, kAlways},
    Kind{Event::answer_failed, "b044c55f7b764c6f96cd3b8721f7284e", Level::warning, kLimited},
    Kind{Event::malformed, "a035361c857848f5867e220cf5565294", Level::warning, kLimited},
    Kind{Event::refused, "2259570a439d4beeac0c267ed369d992", Level::warning, kLimited},
    Kind{Event::suppressed, "8f36c36de72741a6a3845c93277abaf0", Level::warning, kAlways},
    Kind{Event::lines_lost, "23258918cb064224a09bccacfa8ad66e", Level::warning, kAlways},
    Kind{Event::detail, "018a00b420ab4ba7a8c105bb7f63215e", Level::debug, kAlways},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (static_cast<std::size_t>(kKinds[i].event) != i || kKinds[i].message_id.size() != 32) return false;
    return true;
}
static_assert(in_order());

}  // namespace

const Kind& kind_of(Event event) {
    return kKinds[static_cast<std::size_t>(event)];
}

std::span<const Kind> kinds() {
    return kKinds;
}

}  // namespace packetsentry::log
