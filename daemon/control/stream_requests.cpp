#include "daemon/control/stream_requests.h"

#include "daemon/log/log.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using policy::Action;

asio::awaitable<Outcome> follow_job(Call& call) {
    const wire::Follow& follow = call.request.follow();
    if (!wire::Table_IsValid(follow.table()))
        co_return base::fail(base::ErrorCode::usage, "there is no table of rows with the number " +
                                                         std::to_string(static_cast<int>(follow.table())));
    const Action action = follow.from_sequence() == 0 ? Action::follow_job : Action::read_past;
    const auto job = find_job(call, follow.job(), action);
    if (!job) co_return std::unexpected(job.error());
    if ((*job)->order().owner != call.uid())
        log::tell(log::Event::job_read, audit_of(call, **job, action, "follow"),
                  "job {} (id {}) of uid {} is read by uid {}", (*job)->label(), (*job)->id(),
                  (*job)->order().owner, call.uid());
    if (auto room = room_for_stream(call); !room) co_return std::unexpected(room.error());
    Answer answer = answer_with(call, {*job});
    answer.afterwards = [&session = call.session, job = *job, id = call.request.id(), follow] {
        session.follow(job, id, follow);
    };
    co_return answer;
}

}  // namespace packetsentry::control
