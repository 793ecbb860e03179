// What the user database says of the users who are here, kept, so that the loop never waits for it.
//
// The kernel's word on a peer can be bent by the peer. A user who has subordinate ids (subuid(5)) can make a
// user namespace, drop a supplementary group in it, and so escape a rule of the policy that narrows the
// members of that group; or come as one of the subordinate ids, which is nobody by the database and yet keeps
// the group of the socket, with a fresh quota for each. So the groups that the database names are added to
// those that the peer presents, an id that the database does not know is nobody's in particular, and jobs in
// the background, which outlive the session that had the group, are for those whom the database calls
// members.
//
// The database may be far away, slow, or down. It is asked on a thread of its own, waited for only for a
// moment, and what it said before stands while it does not answer. A name service that is down often says
// that there is no such user: a job is not ended for that before it has said so for a while.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/identity.h"
#include "daemon/loop/change_event.h"
#include "daemon/loop/helper_thread.h"

namespace packetsentry::control {

// One thread, beside the one that asks.
class UserDatabase {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using LookUp = std::function<base::Result<base::Identity>(uid_t)>;
    static constexpr std::chrono::seconds kPatience{2};
    // An answer of just now is good enough for a job that begins: where many jobs of a user begin at once,
    // the database is asked once.
    static constexpr std::chrono::seconds kJustNow{2};
    static constexpr std::chrono::seconds kFresh{60};
    static constexpr std::chrono::minutes kMissing{10};
    // Ids whose answers are kept. Nobody can have the ids of other users, and everybody may have 65,536 that
    // the database does not know: those push out only each other.
    static constexpr std::size_t kKept = 4096;
    static constexpr std::size_t kKeptUnknown = 256;

    explicit UserDatabase(const boost::asio::any_io_executor& executor, LookUp look_up = base::find_identity)
        : executor_(executor), helper_(executor), look_up_(std::move(look_up)) {}

    // Returns the latest answer about a user; null: there has been none. A user who was known stays so until
    // the database has called them unknown for kMissing. Valid until the next wait of the caller.
    [[nodiscard]] const base::Identity* known(uid_t user) const;
    // Returns the latest answer for a decision about jobs that exist already. It is null, too, where the user
    // has been unknown for less than kMissing, so that no job ends for that.
    [[nodiscard]] const base::Identity* settled(uid_t user, Time now) const;
    [[nodiscard]] bool is_fresh(uid_t user, Time now) const;

    // Asks, unless the latest answer is younger than max_age or the user is being asked about already, and
    // waits kPatience at most; known() tells what came of it. A later answer counts when it comes.
    [[nodiscard]] boost::asio::awaitable<void> look_up(uid_t user, std::chrono::milliseconds max_age);

    // The database did not answer the last time it was asked.
    [[nodiscard]] bool silent() const { return silent_; }

    // Forgets answers about users who are not among those still needed.
    void trim(const std::vector<uid_t>& needed, Time now);

  private:
    struct Entry {
        base::Identity identity;
        Time at;
        Time missing_since = Time::max();  // said to be unknown at each look-up from then on
    };
    struct Question {
        bool over = false;
        loop::ChangeEvent answered;
    };
    using QuestionPtr = std::shared_ptr<Question>;
    [[nodiscard]] QuestionPtr question_about(uid_t user);
    [[nodiscard]] boost::asio::awaitable<void> ask(uid_t user, QuestionPtr question);
    void take(uid_t user, base::Identity identity, Time now);
    void make_room(bool for_known);
    void tell_silence(const std::string& why);

    boost::asio::any_io_executor executor_;
    loop::HelperThread helper_;
    LookUp look_up_;
    std::map<uid_t, Entry> entries_;
    std::map<uid_t, QuestionPtr> questions_;  // that wait for their answers
    bool silent_ = false;
};

}  // namespace packetsentry::control
