#include "daemon/standing/job_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace packetsentry::standing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class JobDirectory : public testing::Test {
  protected:
    void put(const std::string& name, const std::string& text = "interface = ['eth0']\n[keep.rows]\n") {
        std::ofstream(directory_.path() + "/" + name) << text;
    }
    void read() {
        const FoundJobs found = read_job_directory(directory_.path(), ::geteuid());
        names_.clear();
        errors_.clear();
        for (const StandingJob& job : found.jobs) names_.push_back(job.name);
        for (const base::Error& error : found.errors) errors_.push_back(error.message);
    }

    test::TemporaryDirectory directory_;
    std::vector<std::string> names_;
    std::vector<std::string> errors_;
};

TEST_F(JobDirectory, JobsComeInTheOrderOfTheirNames) {
    for (const char* name : {"b.toml", "c.toml", "a.toml", "B.toml"}) put(name);
    read();
    EXPECT_THAT(names_, ElementsAre("B", "a", "b", "c"));
    EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(JobDirectory, OtherFilesAreNoJobs) {
    for (const char* name : {"a.toml~", "b.toml.bak", ".c.toml", "#d.toml#", "README", "toml", "e.tom"})
        put(name, "nonsense");
    read();
    EXPECT_THAT(names_, IsEmpty());
    EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(JobDirectory, AWrongFileStopsNoOther) {
    put("a.toml");
    put("b b.toml");
    put("c.toml", "interface = ['eth0']\ncutoff = '64KiB'\n[keep.rows]\n");
    put("e.toml");
    std::filesystem::create_directory(directory_.path() + "/d.toml");
    std::filesystem::create_symlink("absent", directory_.path() + "/f.toml");
    read();
    EXPECT_THAT(names_, ElementsAre("a", "e"));
    EXPECT_THAT(errors_, ElementsAre(HasSubstr("/b b.toml: a job cannot be called 'b b'"),
                                     directory_.path() + "/c.toml:2: unknown key 'cutoff'",
                                     HasSubstr("/d.toml' is not an ordinary file"),
                                     HasSubstr("cannot read '" + directory_.path() + "/f.toml'")));
}

TEST_F(JobDirectory, IsBounded) {
    for (std::size_t i = 0; i <= kJobFiles; ++i) put("j" + std::to_string(1000 + i) + ".toml");
    read();
    EXPECT_EQ(names_.size(), kJobFiles);
    EXPECT_EQ(names_.back(), "j1255");
    EXPECT_THAT(errors_, ElementsAre("'" + directory_.path() +
                                     "' has more than 256 standing jobs; 'j1256.toml' and those after it are "
                                     "not read, so remove some"));
}

TEST_F(JobDirectory, ThatIsNotThereIsAnError) {
    const FoundJobs found = read_job_directory(directory_.path() + "/absent", ::geteuid());
    ASSERT_EQ(found.errors.size(), 1U);
    EXPECT_EQ(found.errors.front().code, base::ErrorCode::file);
    EXPECT_THAT(found.errors.front().message, StartsWith("cannot read the directory of standing jobs '"));
}

}  // namespace
}  // namespace packetsentry::standing
