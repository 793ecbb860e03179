#include "ctl/render/job_text.h"
#include "tests/unit/ctl/render/parsed_json.h"

#include <gtest/gtest.h>

#include <limits>

#include "ctl/render/kept_text.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::uint32_t kNobodysUid = 3'999'999'999;

wire::Job sample_job() {
    wire::Job job;
    job.set_id(3);
    job.set_name("night\n");
    job.set_state(wire::JOB_RUNNING);
    job.set_owner_uid(kNobodysUid);
    job.mutable_capture()->add_interface("eth0");
    job.mutable_capture()->add_interface("eth1");
    job.set_filter_text("udp port 53");
    job.mutable_ledger()->set_recorded(120);
    job.mutable_ledger()->set_dropped_by_kernel(2);
    job.mutable_ledger()->set_shed(1);
    return job;
}

TEST(Job, Table) {
    wire::Jobs jobs;
    *jobs.add_job() = sample_job();
    const std::string text = jobs_table(jobs, false);
    EXPECT_EQ(text, "3  night\\x0A  running  3999999999  eth0, eth1  udp port 53  120  3  -\n");
    EXPECT_TRUE(jobs_table(jobs, true).starts_with("ID  NAME"));
}

wire::Job kept_job() {
    wire::Job job = sample_job();
    job.mutable_keep()->mutable_packets()->set_bytes(40ULL << 30);
    wire::KeptTable& table = *job.add_kept();
    table.set_table(wire::TABLE_PACKETS);
    table.set_rows_since_ns(1'747'278'000'000'000'000);
    table.set_packets_since_ns(1'747'281'600'000'000'000);
    table.set_bytes_per_day(2ULL << 30);
    return job;
}

TEST(Job, TableTellsHowFarBackTheSpoolReachesAndForHowLongItLasts) {
    wire::Jobs jobs;
    *jobs.add_job() = kept_job();
    *jobs.add_job() = sample_job();
    const std::string text = jobs_table(jobs, true);
    EXPECT_NE(text.find("  KEPT "), std::string::npos) << text;
    EXPECT_NE(text.find("  since " + moment_text(1'747'278'000'000'000'000) + ", packets since " +
                        moment_text(1'747'281'600'000'000'000) + "  20 d\n"),
              std::string::npos)
        << text;
    EXPECT_TRUE(text.ends_with("-\n")) << "nothing of the second is kept";
    jobs.mutable_job(0)->clear_keep();
    EXPECT_EQ(jobs_table(jobs, true).find("KEPT"), std::string::npos);
}

TEST(Job, TableTellsOfConversationsThatAreKeptForLonger) {
    wire::Job job = kept_job();
    const std::string packets = reach_text(job);
    wire::KeptTable& flows = *job.add_kept();
    flows.set_table(wire::TABLE_FLOWS);
    flows.set_rows_since_ns(1'747'278'000'000'000'000);
    EXPECT_EQ(reach_text(job), packets) << "they go as far back as packets";
    flows.set_rows_since_ns(1'747'274'400'000'000'000);
    EXPECT_EQ(reach_text(job), packets + ", flows since " + moment_text(1'747'274'400'000'000'000));
    job.mutable_kept()->DeleteSubrange(0, 1);
    EXPECT_EQ(reach_text(job), "flows since " + moment_text(1'747'274'400'000'000'000));
    wire::KeptTable& dns = *job.add_kept();
    dns.set_table(wire::TABLE_DNS);
    dns.set_rows_since_ns(1'747'278'000'000'000'000);
    EXPECT_EQ(reach_text(job), "flows since " + moment_text(1'747'274'400'000'000'000) +
                                   ", questions of DNS since " + moment_text(1'747'278'000'000'000'000));
}

TEST(Job, FactsTellForHowLongTheSpaceLasts) {
    EXPECT_NE(job_facts(kept_job()).find("2.0 GiB a day, so that 40.0 GiB last for 20 d\n"),
              std::string::npos);
}

TEST(Job, FactsTellWhatIsKept) {
    wire::Job job = sample_job();
    job.mutable_keep()->mutable_rows();
    EXPECT_NE(job_facts(job).find(" rows are kept there\n"), std::string::npos);
    job.mutable_keep()->mutable_packets();
    EXPECT_NE(job_facts(job).find("packets and rows are kept there\n"), std::string::npos);
    EXPECT_EQ(job_facts(job).find("Flows"), std::string::npos);
    job.mutable_keep()->mutable_flows()->set_age_ns(90ULL * 86'400 * 1'000'000'000);
    EXPECT_NE(job_facts(job).find("packets, rows and flows are kept there\n"), std::string::npos);
    wire::KeptTable& table = *job.add_kept();
    table.set_table(wire::TABLE_FLOWS);
    table.set_rows_bytes(1024);
    job.mutable_ledger()->mutable_flows()->set_not_kept(3);
    const std::string facts = job_facts(job);
    EXPECT_NE(facts.find("1.0 KiB; kept for 90 d\n"), std::string::npos) << facts;
    EXPECT_NE(facts.find("Flows not in it"), std::string::npos) << facts;
}

TEST(Job, FactsTellOutputOnlyWhereThereIsOne) {
    wire::Job job = sample_job();
    EXPECT_EQ(job_facts(job).find("Saved"), std::string::npos);
    job.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    job.set_output_name("out.pcap");
    job.mutable_ledger()->set_saved(5);
    job.mutable_ledger()->set_saved_bytes(2048);
    const std::string facts = job_facts(job);
    EXPECT_NE(facts.find("out.pcap\n"), std::string::npos);
    EXPECT_NE(facts.find("5 (2.0 KiB)\n"), std::string::npos);
    EXPECT_NE(facts.find("eth0, eth1\n"), std::string::npos);
}

wire::Job saving_no_more() {
    wire::Job job = sample_job();
    job.set_output_name("/home/alice/out.pcap");
    job.mutable_ledger()->set_saved(5);
    job.mutable_ledger()->set_not_saved(115);
    job.mutable_ledger()->set_saved_bytes(2048);
    job.mutable_saving_end()->set_at_ns(1'747'297'801'000'000'000);
    job.mutable_saving_end()->set_reason("No space left on device");
    return job;
}

TEST(Job, OneThatSavesNoMoreKeepsItsFiguresAndTheReason) {
    const wire::Job job = saving_no_more();
    const std::string when = fixed_time(1'747'297'801'000'000'000);
    EXPECT_EQ(state_text(job), "running, not saving");
    wire::Jobs jobs;
    *jobs.add_job() = job;
    EXPECT_NE(jobs_table(jobs, false).find("  running, not saving  "), std::string::npos);
    const std::string facts = job_facts(job);
    for (const std::string& line :
         {std::string("/home/alice/out.pcap\n"), "5 (2.0 KiB), by " + when + "\n", std::string("115\n"),
          std::string("No space left on device\n"), std::string("running, not saving\n")})
        EXPECT_NE(facts.find(line), std::string::npos) << line;
    EXPECT_EQ(saving_text(job), "5 of 120 packets of job 3 were saved to /home/alice/out.pcap by " + when +
                                    "; saving then ended: No space left on device");
    const auto document = parsed_json(job_json(job));
    EXPECT_EQ(text_at(document, "/state"), "running");
    EXPECT_FALSE(document.at("saving").as_bool());
    EXPECT_EQ(text_at(document, "/saving_ended"), "2025-05-15T08:30:01.000000000Z");
    EXPECT_EQ(text_at(document, "/saving_error"), "No space left on device");
    wire::Job over = job;
    over.set_state(wire::JOB_FINISHED);
    EXPECT_EQ(state_text(over), "finished");
}

TEST(Job, TellsHowItEndedAndWhenNoticesWereGiven) {
    wire::Job job = sample_job();
    job.set_state(wire::JOB_FINISHED);
    job.set_ended_ns(1'747'297'801'000'000'000);
    const std::string when = fixed_time(job.ended_ns());
    EXPECT_NE(job_facts(job).find(when + "\n"), std::string::npos);
    job.set_ended_because("it reached its limit of 100 packets");
    EXPECT_NE(job_facts(job).find(when + ": it reached its limit of 100 packets\n"), std::string::npos);
    EXPECT_EQ(text_at(parsed_json(job_json(job)), "/ended_because"), "it reached its limit of 100 packets");
    job.clear_ended_because();
    job.set_ended_by(0);
    EXPECT_NE(job_facts(job).find(when + ", stopped by root\n"), std::string::npos);
    EXPECT_EQ(parsed_json(job_json(job)).at("ended_by_uid").to_number<int>(), 0);
    job.add_notice("eth0 is down");
    EXPECT_NE(job_facts(job).find("eth0 is down\n"), std::string::npos) << "by an older daemon";
    job.add_notice_ns(job.ended_ns());
    EXPECT_NE(job_facts(job).find(when + ", eth0 is down\n"), std::string::npos);
    EXPECT_EQ(text_at(parsed_json(job_json(job)), "/notice_times/0"), "2025-05-15T08:30:01.000000000Z");
}

TEST(Job, ItsRedactionIsTold) {
    wire::Job job = sample_job();
    EXPECT_EQ(job_facts(job).find("Redacted"), std::string::npos);
    EXPECT_EQ(redaction_suffix(job.terms().redaction()), "");
    job.mutable_terms()->mutable_redaction()->set_mask_addresses(true);
    EXPECT_NE(job_facts(job).find("addresses masked, headers only\n"), std::string::npos);
    EXPECT_EQ(text_at(parsed_json(job_json(job)), "/redacted"), "addresses masked, headers only");
    EXPECT_EQ(redaction_suffix(job.terms().redaction()), ", redacted: addresses masked, headers only");
}

TEST(Job, Json) {
    wire::Job job = sample_job();
    job.set_packets_per_second(std::numeric_limits<double>::quiet_NaN());
    job.set_started_ns(1'747'297'801'000'000'000);
    const std::string line = job_json(job);
    EXPECT_TRUE(line.ends_with("}\n"));
    const auto document = parsed_json(line);
    EXPECT_EQ(document.at("id").to_number<std::uint64_t>(), 3U);
    EXPECT_EQ(text_at(document, "/name"), "night\n");
    EXPECT_EQ(text_at(document, "/state"), "running");
    EXPECT_EQ(text_at(document, "/owner"), "3999999999");
    EXPECT_EQ(text_at(document, "/interfaces/1"), "eth1");
    EXPECT_EQ(document.at_pointer("/ledger/recorded").to_number<std::uint64_t>(), 120U);
    EXPECT_EQ(document.at("packets_per_second").to_number<double>(), 0.0);
    EXPECT_EQ(text_at(document, "/started"), "2025-05-15T08:30:01.000000000Z");
    EXPECT_FALSE(document.as_object().contains("ended"));
}

TEST(JobJson, OfOneNotToBeLookedIntoOnlyWhichItIs) {
    wire::Job job;
    job.set_id(7);
    job.set_state(wire::JOB_FINISHED);
    const std::string line = job_json(job);
    EXPECT_EQ(line.find("interfaces"), std::string::npos) << line;
    EXPECT_EQ(line.find("filter"), std::string::npos) << line;
    EXPECT_EQ(line.find("ledger"), std::string::npos) << line;
}

}  // namespace
}  // namespace packetsentry::ctl::render
