#include "daemon/workers/tidy_worker.h"

#include <memory>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/loop/async_channel.h"
#include "daemon/loop/timer.h"
#include "daemon/workers/child.h"
#include "proto/link/channel.h"
#include "proto/link/peer_error.h"
#include "proto/link/start_worker.h"

namespace packetsentry::workers {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

// It has the lowest priority, so that it may have to wait.
constexpr std::chrono::minutes kToTidy{10};
constexpr std::chrono::seconds kToBeReaped{2};

std::unexpected<base::Error> not_made(const std::string& why) {
    return base::fail(ErrorCode::internal, "the worker that makes an index " + why);
}

std::vector<int> descriptors_of(const TidyFiles& files, bool repairs) {
    if (!repairs) return {files.index.get(), files.rows.get()};
    return {files.new_rows.get(), files.index.get(), files.rows.get(), files.packets.get()};
}

}  // namespace

asio::awaitable<base::Result<MadeIndex>> make_index(asio::any_io_executor executor, std::string worker_path,
                                                    wire::Tidy tidy, TidyFiles files) {
    auto process = proto::start_worker(worker_path);
    if (!process) co_return std::unexpected(process.error());
    Child child(executor, process->pid);
    const auto link = std::make_shared<loop::AsyncChannel>(
        executor, proto::Channel(std::move(process->link), proto::kRequestLimit, 0));
    wire::ToWorker order;
    *order.mutable_tidy() = std::move(tidy);
    const std::vector<int> descriptors = descriptors_of(files, order.tidy().has_repair());
    if (!link->send(order, descriptors)) co_return not_made("could not be told to");
    loop::Timer deadline(executor);
    deadline.expires_after(kToTidy);
    deadline.async_wait([link](const boost::system::error_code& error) {
        if (!error) link->close();
    });
    const auto frame = co_await link->next();
    deadline.cancel();
    wire::FromWorker message;
    if (!frame || !*frame) {
        const auto exit = co_await child.ended(base::SteadyClock::now() + kToBeReaped);
        const std::string how = exit ? exit->how : "took too long";
        co_return not_made(how);
    }
    const auto bytes = (*frame)->bytes;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !message.has_ended())
        co_return not_made("sent something else than its end");
    const wire::Ended& ended = message.ended();
    if (ended.has_error()) co_return std::unexpected(proto::from_wire(ended.error()));
    if (ended.segment_size() != 1) co_return not_made("did not tell what it found");
    // Until then it can write to the index.
    const auto exit = co_await child.ended(base::SteadyClock::now() + kToBeReaped);
    if (!exit) co_return not_made("does not exit");
    co_return MadeIndex{
        .bytes = ended.index_bytes(), .rows_bytes = ended.rows_bytes(), .found = ended.segment(0)};
}

}  // namespace packetsentry::workers
