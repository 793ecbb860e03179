// Reads the rows of a job from the daemon.
#pragma once

#include <cstdint>

#include "ctl/client/checked_batch.h"
#include "ctl/client/connection.h"
#include "ctl/client/row_source.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl {

class JobRows : public RowSource {
  public:
    // Starts a job that ends with this connection. output: -1, or the descriptor packets are saved to.
    [[nodiscard]] static base::Result<std::unique_ptr<JobRows>> start(Connection connection,
                                                                      wire::StartJob request, int output);
    // Follows one that is there; stopping is then only ours, the job goes on.
    [[nodiscard]] static base::Result<std::unique_ptr<JobRows>> follow(Connection connection,
                                                                       wire::Follow request);

    // As the daemon told it when the stream began.
    [[nodiscard]] const wire::Job& job() const { return job_; }

    [[nodiscard]] proto::Channel& channel() override { return connection_.channel(); }
    [[nodiscard]] base::Result<std::optional<Event>> next() override;
    [[nodiscard]] base::Result<void> give_output(std::uint64_t number, int output, const std::string& name,
                                                 const std::string& failure) override;
    [[nodiscard]] base::Result<bool> stop() override;
    [[nodiscard]] base::Error lost() override;
    [[nodiscard]] bool from_start() const override { return from_start_; }
    [[nodiscard]] wire::Ledger before() const override;

  private:
    JobRows(Connection connection, wire::Job job, bool owned, bool from_start)
        : connection_(std::move(connection)),
          job_(std::move(job)),
          stream_(connection_.last_id()),
          owned_(owned),
          from_start_(from_start) {}
    [[nodiscard]] base::Result<std::optional<Event>> event_of(const wire::StreamItem& item);
    [[nodiscard]] base::Result<std::optional<Event>> event_of(const wire::Rows& rows);
    [[nodiscard]] std::optional<wire::Error> refusal_to_stop();
    [[nodiscard]] End not_stopped(const wire::Error& why) const;

    Connection connection_;
    wire::Job job_;
    std::uint64_t stream_;     // the request that began it
    std::uint64_t given_ = 0;  // the latest request that gave an output; 0: it is answered
    std::uint64_t stop_ = 0;   // the request to stop; 0: none was made
    wire::Ledger ledger_;      // the latest
    bool owned_;               // stopping stops the job
    bool from_start_;
    CheckedBatch batch_;
};

}  // namespace packetsentry::ctl
