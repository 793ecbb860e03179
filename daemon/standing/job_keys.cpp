#include "daemon/standing/job_keys.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "daemon/config/value.h"
#include "proto/words/filter.h"

namespace packetsentry::standing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kGlobs = 64;
constexpr std::size_t kGlobLimit = 64;  // bytes
constexpr std::size_t kReaders = 1024;
constexpr std::uint64_t kHighestId = std::numeric_limits<std::uint32_t>::max() - 1;
constexpr std::uint64_t kPacketLimit = 262144;  // bytes
constexpr std::uint64_t kLeastBytes = 1ULL << 20;
constexpr std::uint64_t kMostBytes = 1ULL << 50;
constexpr auto kLongest = std::chrono::seconds(36500 * 24h);

std::string must_be(const std::string& what) {
    return "must be " + what;
}

std::string set_interfaces(StandingJob& job, const toml::node& node) {
    auto globs = config::texts_of(node, kGlobs, kGlobLimit);
    if (!globs || globs->empty())
        return must_be("a list of 1 to 64 names with * and ?, of at most 64 bytes each");
    job.interfaces = std::move(*globs);
    return "";
}

std::string known_words() {
    std::string words;
    for (const proto::FilterWord& word : proto::filter_words())
        words += (words.empty() ? "" : ", ") + std::string(word.name);
    return words;
}

std::string set_protocols(StandingJob& job, const toml::node& node) {
    const auto one = config::text_of(node);
    const auto words = one ? std::vector{*one} : config::texts_of(node, proto::filter_words().size(), 64);
    if (!words) return must_be("a word, or a list of words, of: " + known_words());
    for (const std::string& word : *words) {
        if (std::ranges::find(proto::filter_words(), word, &proto::FilterWord::name) ==
            proto::filter_words().end())
            return "has the unknown word '" + word + "'; the words are: " + known_words();
        job.filter.add_protocol(word);
    }
    return "";
}

// Returns what is wrong with a filter that has one part alone.
std::string objection_to(const wire::Filter& part) {
    const auto text = proto::filter_text(part);
    return text ? "" : "is refused: " + text.error().message;
}

bool is_blank(const std::string& text) {
    return text.find_first_not_of(' ') == std::string::npos;
}

// put: puts the text into the filter.
template <typename Put>
std::string set_part(StandingJob& job, const toml::node& node, const std::string& what, Put put) {
    const auto text = config::text_of(node);
    if (!text || is_blank(*text)) return must_be(what);
    wire::Filter part;
    put(part, *text);
    if (std::string objection = objection_to(part); !objection.empty()) return objection;
    job.filter.MergeFrom(part);
    return "";
}

std::string set_address(StandingJob& job, const toml::node& node) {
    return set_part(job, node, "a numeric address or network, as in \"192.0.2.0/24\"",
                    [](wire::Filter& part, const std::string& text) { part.set_address(text); });
}

std::string set_port(StandingJob& job, const toml::node& node) {
    const auto port = config::number_of(node, 1, 65535);
    if (!port) return must_be(config::number_wanted(1, 65535));
    job.filter.set_port(static_cast<std::uint32_t>(*port));
    return "";
}

// Whether it compiles only a worker finds out, because nothing of libpcap is linked here.
std::string set_bpf(StandingJob& job, const toml::node& node) {
    job.bpf_line = node.source().begin.line;
    return set_part(job, node, "a libpcap expression",
                    [](wire::Filter& part, const std::string& text) { part.set_bpf(text); });
}

std::string set_display(StandingJob& job, const toml::node& node) {
    job.display_line = node.source().begin.line;
    return set_part(job, node, "a display filter",
                    [](wire::Filter& part, const std::string& text) { part.set_display(text); });
}

std::string set_snapshot_length(StandingJob& job, const toml::node& node) {
    const auto bytes = config::number_of(node, 0, kPacketLimit);
    if (!bytes) return must_be(config::number_wanted(0, kPacketLimit) + ", of bytes");
    job.snapshot_length = static_cast<std::uint32_t>(*bytes);
    return "";
}

std::string set_where(StandingJob&, const toml::node& node) {
    if (config::text_of(node) == "disk") return "";
    return must_be("\"disk\", because this version keeps jobs on disk only");
}

// Returns a name, or the digits of a number.
std::optional<std::string> reader_of(const toml::node& node) {
    if (const auto id = config::number_of(node, 0, kHighestId)) return std::to_string(*id);
    return config::text_of(node);
}

template <auto Member>
std::string set_readers(StandingJob& job, const toml::node& node, const std::string& noun) {
    const std::string what = "a list of names and numbers of " + noun + "s";
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > kReaders) return must_be(what);
    for (const toml::node& element : *list) {
        auto reader = reader_of(element);
        if (!reader || reader->contains('\0')) return must_be(what);
        (job.readers.*Member).push_back(std::move(*reader));
    }
    return "";
}

std::string set_groups(StandingJob& job, const toml::node& node) {
    return set_readers<&Readers::groups>(job, node, "group");
}

std::string set_users(StandingJob& job, const toml::node& node) {
    return set_readers<&Readers::users>(job, node, "user");
}

// Table: the member of the job. The reader has put it there, because the file has the table.
template <auto Table>
std::string set_bytes(StandingJob& job, const toml::node& node) {
    const auto bytes = config::size_of(node, kLeastBytes, kMostBytes);
    if (!bytes) return must_be("a size such as \"200GiB\", from 1MiB to 1048576GiB");
    (job.*Table)->bytes = *bytes;
    return "";
}

template <auto Table>
std::string set_age(StandingJob& job, const toml::node& node) {
    const auto age = config::duration_of(node, 1s, kLongest);
    if (!age) return must_be("a time such as \"14d\", with s, m, h or d, from 1s to 36500d");
    (job.*Table)->age = *age;
    return "";
}

constexpr std::array kKeys = {
    JobKey{"interface", set_interfaces},
    JobKey{"filter.protocol", set_protocols},
    JobKey{"filter.ip", set_address},
    JobKey{"filter.port", set_port},
    JobKey{"filter.bpf", set_bpf},
    JobKey{"filter.display", set_display},
    JobKey{"snaplen", set_snapshot_length},
    JobKey{"where", set_where},
    JobKey{"readers.groups", set_groups},
    JobKey{"readers.users", set_users},
    JobKey{"keep.packets.bytes", set_bytes<&StandingJob::packets>},
    JobKey{"keep.packets.age", set_age<&StandingJob::packets>},
    JobKey{"keep.rows.bytes", set_bytes<&StandingJob::rows>},
    JobKey{"keep.rows.age", set_age<&StandingJob::rows>},
    JobKey{"keep.flows.bytes", set_bytes<&StandingJob::flows>},
    JobKey{"keep.flows.age", set_age<&StandingJob::flows>},
    JobKey{"keep.dns.bytes", set_bytes<&StandingJob::dns>},
    JobKey{"keep.dns.age", set_age<&StandingJob::dns>},
    JobKey{"keep.http.bytes", set_bytes<&StandingJob::http>},
    JobKey{"keep.http.age", set_age<&StandingJob::http>},
    JobKey{"keep.tls.bytes", set_bytes<&StandingJob::tls>},
    JobKey{"keep.tls.age", set_age<&StandingJob::tls>},
};

}  // namespace

std::span<const JobKey> job_keys() {
    return kKeys;
}

}  // namespace packetsentry::standing
