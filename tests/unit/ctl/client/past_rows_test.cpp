// The answer to a question about the past, over a real pipe: what is right is given, and whatever else a
// worker that was taken over may write is an error.
#include "ctl/client/past_rows.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/test_batch.h"
#include "tests/unit/ctl/client/scripted_daemon.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using Texts = std::vector<std::string>;

constexpr std::uint64_t kNight = 12;
constexpr std::uint64_t kLab = 14;

std::string framed(std::string_view body) {
    std::string bytes;
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(body.size() >> shift & 0xff);
    return bytes.append(body);
}

std::string framed(const wire::Answer& answer) {
    return framed(answer.SerializeAsString());
}

wire::Answer rows_of(std::uint64_t job, const wire::Batch& batch) {
    wire::Answer answer;
    answer.mutable_rows()->set_job(job);
    answer.mutable_rows()->set_run(1);
    answer.mutable_rows()->set_batch(batch.SerializeAsString());
    return answer;
}

// Rows from this number on, ten nanoseconds apart.
wire::Answer two_rows_of(std::uint64_t job, std::uint64_t first_number = 41) {
    return rows_of(job, test::test_batch(first_number, 2));
}

// Two rows that are only near others.
wire::Answer context_of(std::uint64_t job, const wire::Batch& batch) {
    wire::Answer answer = rows_of(job, batch);
    answer.mutable_rows()->set_context(true);
    return answer;
}

wire::Answer note_of(std::uint64_t job, const std::string& text) {
    wire::Answer answer;
    answer.mutable_note()->set_job(job);
    answer.mutable_note()->set_text(text);
    return answer;
}

wire::Answer progress_to(std::uint64_t bytes) {
    wire::Answer answer;
    answer.mutable_progress()->set_bytes(bytes);
    return answer;
}

wire::Answer end_of(std::uint64_t found) {
    wire::Answer answer;
    answer.mutable_end()->mutable_counts()->set_rows_found(found);
    return answer;
}

std::string text_of(const Event& event) {
    if (const auto* rows = std::get_if<Rows>(&event))
        return "rows " + std::to_string(rows->first_sequence) + "+" + std::to_string(rows->view->rows()) +
               " of " + std::to_string(rows->job.value_or(0)) +
               (rows->job_name.empty() ? "" : " " + std::string(rows->job_name)) +
               (rows->context ? " (context)" : "");
    if (const auto* counts = std::get_if<Counts>(&event)) return "at " + std::to_string(counts->position);
    const auto* end = std::get_if<End>(&event);
    if (end == nullptr) return "something else";
    return end->error ? "end: " + end->error->message : "end";
}

// A daemon whose worker is the test: what is asked comes with the pipe to which the test writes.
class PastRowsTest : public testing::Test {
  protected:
    PastRowsTest() {
        question_.set_until_ns(std::numeric_limits<std::int64_t>::max());
        for (const auto& [id, name] : {std::pair{kNight, "night"}, std::pair{kLab, "lab"}}) {
            wire::KeptJobName& job = *scope_.add_job();
            job.set_id(id);
            job.set_name(name);
        }
    }

    // Ends what was begun before.
    void start(int output = -1) {
        rows_.reset();
        daemon_.emplace(
            [this](ScriptedDaemon& self, const wire::Request& request) { answer(self, request); });
        auto connection = Connection::open(daemon_->path);
        ASSERT_TRUE(connection) << connection.error().message;
        wire::Search search;
        *search.mutable_question() = question_;
        search.add_job("n*");
        auto rows = PastRows::start(std::move(*connection), std::move(search), output);
        if (rows)
            rows_ = std::move(*rows);
        else
            refused_ = rows.error();
    }
    void write(std::string_view bytes) {
        ASSERT_EQ(::write(pipe_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    void write(const wire::Answer& answer) { write(framed(answer)); }

    // All that comes, up to an error or the end of the pipe.
    Texts told() {
        Texts told;
        for (;;) {
            const auto event = rows_->next();
            if (!event) told.push_back("error: " + event.error().message);
            if (!event) return told;
            if (*event) {
                told.push_back(text_of(**event));
                continue;
            }
            if (!rows_->channel().wait_readable(5000).value_or(false)) return told;
            const auto open = rows_->channel().receive();
            if (!open) told.push_back("error: " + open.error().message);
            if (!open) return told;
            if (!*open) return told;
        }
    }
    // What comes of an answer that a worker writes before it ends.
    Texts told_of(std::string_view answer) {
        start();
        write(answer);
        pipe_.reset();
        return told();
    }

    void answer(ScriptedDaemon& daemon, const wire::Request& request) {
        asked_ = request.search();
        auto taken = daemon.take_descriptors();
        descriptors_ = taken.size();
        if (!taken.empty()) pipe_ = std::move(taken.front());
        daemon.reply(request.id(), fill_);
        if (last_word_.code() != 0)
            daemon.reply(0, [this](wire::Reply& reply) { *reply.mutable_error() = last_word_; });
        if (hangs_up_) daemon.hang_up();
    }

    wire::Question question_;
    wire::SearchScope scope_;
    bool hangs_up_ = false;
    wire::Error last_word_;  // of the daemon about the connection
    std::function<void(wire::Reply&)> fill_ = [this](wire::Reply& reply) { *reply.mutable_scope() = scope_; };
    wire::Search asked_;
    std::size_t descriptors_ = 0;
    base::UniqueFd pipe_;
    base::Error refused_;
    std::optional<ScriptedDaemon> daemon_;
    std::unique_ptr<PastRows> rows_;  // goes before the daemon, which waits for its client to go
};

TEST_F(PastRowsTest, GivesWhatAWorkerFinds) {
    question_.set_name_pattern("*.example.org");
    start();
    write(two_rows_of(kNight));
    write(progress_to(700));
    write(note_of(kNight, "a \x1b[2J note"));
    write(two_rows_of(kLab, 7));
    write(end_of(4));
    pipe_.reset();
    EXPECT_EQ(told(), (Texts{"rows 41+2 of 12 night", "at 700", "rows 7+2 of 14 lab", "end"}));
    EXPECT_EQ(rows_->found(), (std::map<std::uint64_t, std::uint64_t>{{kNight, 2}, {kLab, 2}}));
    ASSERT_EQ(rows_->notes().size(), 1U);
    EXPECT_EQ(rows_->notes()[0].text(), "a \x1b[2J note");
    ASSERT_TRUE(rows_->counts());
    EXPECT_EQ(rows_->counts()->rows_found(), 4U);
    EXPECT_TRUE(rows_->complete());
    EXPECT_TRUE(rows_->first_found());
    EXPECT_EQ(asked_.question().name_pattern(), "*.example.org");
    EXPECT_EQ(asked_.job(0), "n*");
}

TEST_F(PastRowsTest, RowsOfTheContextAreCountedApart) {
    question_.set_since_ns(1000);
    question_.set_until_ns(1011);
    question_.set_context_ns(100);
    question_.set_count(2);
    wire::Answer end = end_of(2);
    end.mutable_end()->mutable_counts()->set_rows_context(4);
    EXPECT_EQ(told_of(framed(context_of(kNight, test::test_batch(1, 2, 900))) +
                      framed(rows_of(kNight, test::test_batch(3, 2, 1000))) +
                      framed(context_of(kLab, test::test_batch(5, 2, 1100))) + framed(end)),
              (Texts{"rows 1+2 of 12 night (context)", "rows 3+2 of 12 night", "rows 5+2 of 14 lab (context)",
                     "end"}));
    EXPECT_EQ(rows_->found(), (std::map<std::uint64_t, std::uint64_t>{{kNight, 2}, {kLab, 0}}));
    EXPECT_EQ(rows_->context(), 4U);
}

TEST_F(PastRowsTest, AContextIsNoWiderThanWasAskedFor) {
    question_.set_since_ns(1000);
    question_.set_until_ns(1011);
    const auto last = [this](const std::string& answer) {
        const Texts texts = told_of(answer);
        return texts.empty() ? std::string() : texts.back();
    };
    EXPECT_TRUE(last(framed(context_of(kNight, test::test_batch(1, 2, 1000))))
                    .ends_with("it sent rows around others that were not asked for"));
    question_.set_context_ns(100);
    EXPECT_TRUE(last(framed(context_of(kNight, test::test_batch(1, 2, 899))))
                    .ends_with("it sent a row of a time that was not asked for"));
    EXPECT_TRUE(last(framed(context_of(kNight, test::test_batch(1, 2, 1101))))
                    .ends_with("it sent a row of a time that was not asked for"));
    EXPECT_TRUE(last(framed(rows_of(kNight, test::test_batch(1, 2, 999))))
                    .ends_with("it sent a row of a time that was not asked for"));
    EXPECT_TRUE(last(framed(context_of(kNight, test::test_batch(1, 2, 1000))) + framed(end_of(0)))
                    .ends_with("it sent a count that is below the rows that it sent"));
}

TEST_F(PastRowsTest, RowsThatAreNotAdjacentHaveTheirNumbers) {
    wire::Batch batch = test::test_batch(41, 2);
    batch.add_left_out(0);
    batch.add_left_out(7);
    start();
    write(rows_of(kNight, batch));
    ASSERT_TRUE(rows_->channel().wait_readable(5000).value_or(false));
    ASSERT_TRUE(rows_->channel().receive().value_or(false));
    const auto event = rows_->next();
    ASSERT_TRUE(event && *event);
    const auto& rows = std::get<Rows>(**event);
    EXPECT_EQ(rows.first_sequence + rows.view->number_offset(1), 49U);
}

TEST_F(PastRowsTest, ThePipeIsForTheWorkerAlone) {
    start(STDERR_FILENO);
    EXPECT_EQ(descriptors_, 2U);
    const int reading = rows_->channel().fd();
    EXPECT_NE(::fcntl(reading, F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_NE(::fcntl(reading, F_GETFL) & O_NONBLOCK, 0);
    EXPECT_EQ(::fcntl(pipe_.get(), F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_WRONLY);
    EXPECT_GE(::fcntl(reading, F_GETPIPE_SZ), 65536);
    // Its end is the end of the answer: the client has no writing end of its own.
    pipe_.reset();
    EXPECT_TRUE(rows_->channel().wait_readable(5000).value_or(false));
    EXPECT_FALSE(rows_->channel().receive().value_or(true));
}

TEST_F(PastRowsTest, JobsAreCalledByWhatTellsThemApart) {
    scope_.mutable_job(1)->set_name("night");
    EXPECT_EQ(told_of(framed(two_rows_of(kNight)) + framed(two_rows_of(kLab)) + framed(end_of(4))),
              (Texts{"rows 41+2 of 12 12", "rows 41+2 of 14 14", "end"}));
}

TEST_F(PastRowsTest, OneJobNeedsNoName) {
    scope_.mutable_job()->RemoveLast();
    EXPECT_EQ(told_of(framed(two_rows_of(kNight)) + framed(end_of(2))), (Texts{"rows 41+2 of 12", "end"}));
}

TEST_F(PastRowsTest, AnErrorOfTheWorkerComesWithItsCode) {
    wire::Answer end = end_of(0);
    end.mutable_end()->set_error(3);
    end.mutable_end()->set_message("cannot write the output: No space left on device");
    start();
    write(end);
    EXPECT_TRUE(rows_->channel().wait_readable(5000).value_or(false));
    EXPECT_TRUE(rows_->channel().receive());
    const auto event = rows_->next();
    ASSERT_TRUE(event && *event);
    EXPECT_EQ(std::get<End>(**event).error->code, ErrorCode::file);
    EXPECT_EQ(text_of(**event), "end: cannot write the output: No space left on device");
    EXPECT_TRUE(rows_->counts());
    EXPECT_FALSE(rows_->complete());
}

// --- what a worker that was taken over may write

wire::Batch with_numbers_out_of_order() {
    wire::Batch batch = test::test_batch(41, 2);
    batch.add_left_out(0);
    batch.add_left_out(~std::uint64_t{0});
    return batch;
}

TEST_F(PastRowsTest, WhateverElseComesIsAnError) {
    question_.set_since_ns(1000);
    question_.set_until_ns(1011);
    question_.set_count(3);
    scope_.add_job()->set_id(15);
    wire::Answer none = two_rows_of(kNight);
    none.mutable_rows()->set_batch("\xff\xff\xff");
    const std::string good = framed(two_rows_of(kNight));
    struct Case {
        std::string answer;
        const char* error;  // its end
    };
    const Case cases[] = {
        {framed("\xff\xff\xff"), "it sent a message that cannot be read"},
        {framed(""), "it sent an empty message"},
        {framed(none), "sent a batch that this client cannot read"},
        {framed(rows_of(kNight, with_numbers_out_of_order())), "rows left out"},
        {framed(two_rows_of(99)), "it sent rows of a job that is not searched"},
        {framed(rows_of(kNight, test::test_batch(1, 2, 999))),
         "it sent a row of a time that was not asked for"},
        {framed(rows_of(kNight, test::test_batch(1, 2, 1001))),
         "it sent a row of a time that was not asked for"},
        {good + good, "it sent more rows than were asked for"},
        {framed(note_of(kNight, std::string(AnswerReader::kTextLimit + 1, 'x'))),
         "it sent a note that is too long"},
        {framed(note_of(99, "x")), "it sent a note of a job that is not searched"},
        {framed(end_of(0)) + framed(end_of(0)), "it sent a message after its end"},
        {framed(end_of(0)) + std::string(1, 'x'), "it sent a message after its end"},
        {good + framed(end_of(1)), "it sent a count that is below the rows that it sent"},
        {std::string("\1\0\x40\0", 4), "a message of 4194305 bytes; at most 4194304 are allowed"},
    };
    for (const Case& one : cases) {
        const Texts texts = told_of(one.answer);
        ASSERT_FALSE(texts.empty()) << one.error;
        EXPECT_TRUE(texts.back().starts_with("error: ")) << texts.back();
        EXPECT_TRUE(texts.back().ends_with(one.error)) << texts.back();
    }
}

TEST_F(PastRowsTest, AnEndIsTheEndAlsoForWhatComesLater) {
    start();
    write(end_of(0));
    ASSERT_TRUE(rows_->channel().wait_readable(5000).value_or(false));
    ASSERT_TRUE(rows_->channel().receive().value_or(false));
    ASSERT_TRUE(rows_->next().value());
    write(two_rows_of(kNight));
    ASSERT_TRUE(rows_->channel().wait_readable(5000).value_or(false));
    ASSERT_TRUE(rows_->channel().receive().value_or(false));
    EXPECT_TRUE(rows_->next().error().message.ends_with("it sent a message after its end"));
}

TEST_F(PastRowsTest, AnAnswerWithoutAnEndIsNotComplete) {
    const std::string good = framed(two_rows_of(kNight));
    for (const std::string& answer :
         {good, good + good.substr(0, good.size() / 2), good + good.substr(0, 2)}) {
        EXPECT_EQ(told_of(answer), Texts{"rows 41+2 of 12 night"});
        EXPECT_FALSE(rows_->counts());
        const base::Error lost = rows_->lost();
        EXPECT_EQ(lost.code, ErrorCode::internal);
        EXPECT_TRUE(lost.message.starts_with("the worker that searched died")) << lost.message;
    }
}

TEST_F(PastRowsTest, OnlySoManyNotesAreKept) {
    std::string answer;
    for (std::size_t i = 0; i < PastRows::kNotesKept + 5; ++i)
        answer += framed(note_of(0, std::to_string(i)));
    EXPECT_EQ(told_of(answer + framed(end_of(0))), Texts{"end"});
    EXPECT_EQ(rows_->notes().size(), PastRows::kNotesKept);
    EXPECT_EQ(rows_->notes().front().text(), "0");
    EXPECT_EQ(rows_->more_notes(), 5U);
}

TEST_F(PastRowsTest, RowsWithoutTheBytesThatWereAskedForAreCounted) {
    question_.set_with_bytes(true);
    wire::Batch with_bytes = test::test_batch(43, 1);
    with_bytes.set_captured(std::string(60, 'x'));
    EXPECT_EQ(told_of(framed(two_rows_of(kNight)) + framed(rows_of(kNight, with_bytes)) + framed(end_of(3))),
              (Texts{"rows 41+2 of 12 night", "rows 43+1 of 12 night", "end"}));
    EXPECT_EQ(rows_->without_bytes(), 2U);
}

// --- the daemon

TEST_F(PastRowsTest, ARefusalIsTheAnswer) {
    fill_ = [](wire::Reply& reply) {
        reply.mutable_error()->set_code(5);
        reply.mutable_error()->set_message("rule 1 does not allow 'search'");
    };
    start();
    EXPECT_EQ(rows_, nullptr);
    EXPECT_EQ(refused_.code, ErrorCode::not_permitted);
    EXPECT_EQ(refused_.message, "rule 1 does not allow 'search'");
    fill_ = [](wire::Reply& reply) { reply.mutable_status(); };
    start();
    EXPECT_EQ(refused_.code, ErrorCode::internal);
}

TEST_F(PastRowsTest, WhatTheDaemonSaidBeforeItWentIsWhyTheAnswerBrokeOff) {
    hangs_up_ = true;
    last_word_.set_code(8);
    last_word_.set_message("the daemon is shutting down");
    EXPECT_EQ(told_of(""), Texts{});
    daemon_.reset();  // returns when it has hung up
    EXPECT_EQ(rows_->lost().message, "the daemon is shutting down");
    last_word_.clear_code();
    EXPECT_EQ(told_of(""), Texts{});
    daemon_.reset();  // returns when it has hung up
    EXPECT_EQ(rows_->lost().code, ErrorCode::unreachable);
}

TEST_F(PastRowsTest, WhoeverStopsLeavesNothingOpen) {
    start();
    EXPECT_FALSE(rows_->stop().value_or(true));
    EXPECT_EQ(rows_->channel().fd(), -1);
    ::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(::write(pipe_.get(), "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
    EXPECT_FALSE(rows_->counts());
    daemon_.reset();  // returns when the client's connection is closed
}

}  // namespace
}  // namespace packetsentry::ctl
