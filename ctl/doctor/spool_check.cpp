#include "ctl/doctor/spool_check.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ctl/doctor/daemon_checks.h"
#include "ctl/render/amount.h"
#include "ctl/render/kept_text.h"
#include "ctl/render/packet_time.h"
#include "daemon/base/names.h"

namespace packetsentry::ctl::doctor {
namespace {

constexpr std::uint32_t kOthers = 0077;

// Something that is wrong, and what mends it.
struct Trouble {
    std::string what;
    std::string mend;
};

std::string number_of(std::uint64_t count, const char* one, const char* many) {
    return std::to_string(count) + (count == 1 ? one : many);
}

std::string mode_text(std::uint32_t permissions) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04o", permissions);
    return text.data();
}

std::string examples_of(const wire::SpoolCondition& condition) {
    std::string text;
    for (const std::string& example : condition.example()) text += (text.empty() ? "" : ", ") + example;
    return text.empty() ? "" : " (" + text + ")";
}

// Nothing in these survives a reboot.
bool is_in_memory(std::string_view file_system) {
    return file_system == "tmpfs" || file_system == "ramfs";
}

// Another machine, or another program, decides when these answer and what they have stored.
bool is_remote(std::string_view file_system) {
    return file_system == "nfs" || file_system == "fuse";
}

void add_owner(const wire::Status& status, std::vector<Trouble>& troubles) {
    const wire::SpoolCondition& condition = status.spool_condition();
    const std::string user = base::user_name(condition.daemon_uid());
    const std::string& directory = status.spool();
    if (condition.owner_uid() != condition.daemon_uid())
        troubles.push_back(
            {"it belongs to " + base::user_name(condition.owner_uid()) + ", and not to " + user,
             "sudo chown " + user + " " + directory});
    if ((condition.permissions() & kOthers) != 0)
        troubles.push_back({"others may enter it (" + mode_text(condition.permissions()) + ")",
                            "sudo chmod 0700 " + directory});
    if (condition.open_to_others() != 0)
        troubles.push_back(
            {number_of(condition.open_to_others(), " file in it is", " files in it are") +
                 " not closed to others than " + user + examples_of(condition),
             "sudo chown -R " + user + " " + directory + " && sudo chmod -R go= " + directory});
}

void add_contents(const wire::Status& status, std::vector<Trouble>& troubles) {
    const wire::SpoolCondition& condition = status.spool_condition();
    if (condition.problems() != 0)
        troubles.push_back({number_of(condition.problems(), " part of it", " parts of it") +
                                " could not be read when packetsentryd started: " +
                                (condition.problem_size() == 0 ? std::string() : condition.problem(0)),
                            "see the log for each of them (journalctl -u packetsentryd); what cannot be read "
                            "is not searched, and the rest is"});
    if (condition.foreign() != 0)
        troubles.push_back({number_of(condition.foreign(), " name in it is", " names in it are") +
                                " not the spool's" + examples_of(condition),
                            "move them out of " + status.spool() +
                                ": they take its space, and retention does not remove them"});
}

void add_place(const wire::Status& status, std::vector<Trouble>& troubles) {
    const std::string& file_system = status.spool_condition().file_system();
    const std::string elsewhere = "set 'directory' of [spool] in packetsentryd.toml to one on a disk";
    if (is_in_memory(file_system))
        troubles.push_back({"it is in memory (" + file_system + "), so a reboot loses it", elsewhere});
    if (is_remote(file_system))
        troubles.push_back({"it is not on a disk of this machine (" + file_system + ")", elsewhere});
    if (status.spool_free_disk() < status.spool_free_disk_limit())
        troubles.push_back({"only " + render::bytes_text(status.spool_free_disk()) +
                                " of its disk are free, and " +
                                render::bytes_text(status.spool_free_disk_limit()) +
                                " must be, so what is old is removed earlier than it would be",
                            "remove other files from that disk, or set a lower 'free_disk' of [spool] in "
                            "packetsentryd.toml"});
}

// "/var/lib/packetsentry/spool (ext4, 0700 packetsentry): 1.5 GiB of 20.0 GiB, since …; 100.0 GiB are free"
std::string spool_text(const wire::Status& status) {
    std::string text = status.spool();
    if (status.has_spool_condition())
        text += " (" + status.spool_condition().file_system() + ", " +
                mode_text(status.spool_condition().permissions()) + " " +
                base::user_name(status.spool_condition().owner_uid()) + ")";
    text += ": " + render::bytes_text(status.spool_bytes()) + " of " +
            render::bytes_text(status.spool_bytes_limit()) + " used";
    if (const std::string since = render::reach_text(status); !since.empty()) text += ", " + since;
    return text + "; " + render::bytes_text(status.spool_free_disk()) + " of its disk are free, and " +
           render::bytes_text(status.spool_free_disk_limit()) + " stay so";
}

Finding finding_of(const wire::Status& status, const std::vector<Trouble>& troubles) {
    if (troubles.empty()) return {Verdict::ok, spool_text(status)};
    Finding finding{Verdict::warn, status.spool() + ": "};
    for (const Trouble& trouble : troubles) {
        if (&trouble != &troubles.front()) finding.message += "; ";
        finding.message += trouble.what;
        if (trouble.mend.empty()) continue;
        finding.mend += (finding.mend.empty() ? "" : "; ") + trouble.mend;
    }
    return finding;
}

}  // namespace

Finding check_spool(const Facts& facts) {
    if (auto nothing = without_answer(facts)) return *nothing;
    const wire::Status& status = *facts.status;
    if (status.spool().empty())
        return {Verdict::warn, "nothing can be kept: " + status.spool_trouble(),
                "see 'directory' of [spool] in packetsentryd.toml(5): it must belong to the user that "
                "packetsentryd runs as, and systemd must let it write there (ReadWritePaths=)"};
    std::vector<Trouble> troubles;
    if (!status.spool_trouble().empty()) troubles.push_back({status.spool_trouble(), ""});
    if (status.has_spool_condition()) {
        add_owner(status, troubles);
        add_contents(status, troubles);
    }
    add_place(status, troubles);
    return finding_of(status, troubles);
}

}  // namespace packetsentry::ctl::doctor
