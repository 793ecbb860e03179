// Keeps what the user database says about connected users and owners of jobs, so that the loop never waits
// for it.
//
// A peer can influence what the kernel reports about it. A user who has subordinate ids (subuid(5)) can
// create a user namespace and give up a supplementary group there, to escape a rule of the policy that
// restricts the members of that group. Such a user can also connect as one of the subordinate ids, which no
// person has in the database but which keeps the group of the socket, and would have a quota of its own for
// each. Therefore:
//  - The groups that the database lists are added to those that the kernel reports.
//  - An id that the database does not know counts as an unknown user.
//  - Jobs in the background outlive the session that had the group, so only users whom the database lists as
//    members may have them.
//
// The database may be on another machine, slow, or down. So it is asked on a thread of its own, and waited
// for only for a moment; while it does not answer, its last answer is used. A name service that is down often
// says that a user does not exist. So a job is ended for that only when the service has said so for a while.
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

// Used by one thread; a helper thread asks the database.
class UserDatabase {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using LookUp = std::function<base::Result<base::Identity>(uid_t)>;
    static constexpr std::chrono::seconds kPatience{2};
    // An answer of this age is used when a job starts, so that many jobs of a user that start together ask
    // the database once.
    static constexpr std::chrono::seconds kJustNow{2};
    static constexpr std::chrono::seconds kFresh{60};
    static constexpr std::chrono::minutes kMissing{10};
    // How many answers are kept, for known and for unknown ids. A user can have 65,536 subordinate ids, which
    // the database does not know. These have a limit of their own, so that they replace only each other.
    static constexpr std::size_t kKept = 4096;
    static constexpr std::size_t kKeptUnknown = 256;

    explicit UserDatabase(const boost::asio::any_io_executor& executor, LookUp look_up = base::find_identity)
        : executor_(executor), helper_(executor), look_up_(std::move(look_up)) {}

    // Returns the latest answer about a user, or null if there has been none. A user who was known stays
    // known until the database has called the user unknown for kMissing. The pointer is valid until the
    // caller waits.
    [[nodiscard]] const base::Identity* known(uid_t user) const;
    // Returns the latest answer, for a decision about existing jobs. This is also null if the user has been
    // unknown for less than kMissing, so that no job ends for that.
    [[nodiscard]] const base::Identity* settled(uid_t user, Time now) const;
    [[nodiscard]] bool is_fresh(uid_t user, Time now) const;

    // Asks the database about a user, and waits at most kPatience; known() then returns the answer. Does not
    // ask if the latest answer is younger than max_age, or if a question about this user is already waiting.
    // An answer that comes later is used when it comes.
    [[nodiscard]] boost::asio::awaitable<void> look_up(uid_t user, std::chrono::milliseconds max_age);

    // Tells whether the database did not answer when it was asked last.
    [[nodiscard]] bool silent() const { return silent_; }

    // Forgets answers about users who are not among those still needed.
    void trim(const std::vector<uid_t>& needed, Time now);

  private:
    struct Entry {
        base::Identity identity;
        Time at;
        Time missing_since = Time::max();  // since then, each look-up has said that the user is unknown
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
    std::map<uid_t, QuestionPtr> questions_;  // those that have no answer yet
    bool silent_ = false;
};

}  // namespace packetsentry::control
