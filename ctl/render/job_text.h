// Jobs: for people, and as JSON.
#pragma once

#include <string>

#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::render {

[[nodiscard]] std::string state_text(const wire::Job& job);  // "running, not saving"
// Says what the file of a job whose saving has ended has, what it lacks, and why.
[[nodiscard]] std::string saving_text(const wire::Job& job);
[[nodiscard]] std::string interface_names(const wire::CaptureSpec& capture);  // "eth0, eth1"
// "tcp port 53", with a display filter "tcp port 53; display filter: dns.qry.name contains "x""; "none" for
// no filter.
[[nodiscard]] std::string filter_name(const wire::Job& job);

// "addresses masked, headers only"; "" where all of a packet is recorded.
[[nodiscard]] std::string redaction_text(const wire::Redaction& redaction);
// Says it behind a line that tells what is captured: ", redacted: headers only".
[[nodiscard]] std::string redaction_suffix(const wire::Redaction& redaction);

// The rows that the job has had of one table; zero where it has had none.
[[nodiscard]] wire::TableRows rows_of(const wire::Job& job, wire::Table table);

[[nodiscard]] std::string jobs_table(const wire::Jobs& jobs, bool with_head);
[[nodiscard]] std::string job_facts(const wire::Job& job);

// One object, one line.
[[nodiscard]] std::string job_json(const wire::Job& job);

}  // namespace packetsentry::ctl::render
