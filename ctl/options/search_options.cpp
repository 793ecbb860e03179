#include "ctl/options/search_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>

#include "ctl/options/past_time.h"
#include "ctl/options/save_format.h"
#include "ctl/options/table_option.h"
#include "ctl/options/typed_quantity.h"
#include "ctl/render/escape.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using TypedValue = std::optional<std::string>;

constexpr std::int64_t kFromTheFirst = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kToTheLast = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kMostFound = std::numeric_limits<std::int64_t>::max();
constexpr NumberKind kFirstFound{
    .noun = "a number of packets for -c", .low = 0, .high = kMostFound, .example = "-c 100"};
constexpr NumberKind kLastFound{
    .noun = "a number of packets for --last", .low = 1, .high = kMostFound, .example = "--last 100"};

CLI::Option* add_typed(CLI::App& app, const char* names, TypedValue& typed, const char* about) {
    return app.add_option_function<std::string>(
        names, [&typed](const std::string& text) { typed = text; }, about);
}

base::Result<std::int64_t> time_of(const char* option, const TypedValue& typed, std::int64_t now_ns,
                                   RangeEnd end) {
    if (!typed) return end == RangeEnd::since ? kFromTheFirst : kToTheLast;
    auto time = parse_past_time(*typed, now_ns, end);
    if (!time) return base::fail(time.error().code, std::string(option) + ": " + time.error().message);
    return time;
}

base::Result<void> add_times(const SearchOptions& options, std::int64_t now_ns, wire::Question& question) {
    const auto since = time_of("--since", options.since, now_ns, RangeEnd::since);
    if (!since) return std::unexpected(since.error());
    const auto until = time_of("--until", options.until, now_ns, RangeEnd::until);
    if (!until) return std::unexpected(until.error());
    if (*since >= *until)
        return base::fail(ErrorCode::usage,
                          "there is no time from " + options.since.value_or("the first packet") + " to " +
                              options.until.value_or("the last packet") + ": --since must be before --until");
    question.set_since_ns(*since);
    question.set_until_ns(std::max<std::int64_t>(*until, 1));  // 0 would be no end
    return {};
}

base::Result<std::uint64_t> context_of(const std::string& typed) {
    constexpr std::uint64_t kDay = 86'400'000'000'000;
    auto context = parse_duration(typed);
    if (context && *context > kDay)
        return base::fail(ErrorCode::usage, "--context takes at most a day (24h), and not '" + typed + "'");
    return context;
}

base::Result<void> add_numbers(const SearchOptions& options, wire::Question& question) {
    if (options.last && (options.count || options.reverse))
        return base::fail(ErrorCode::usage, std::string("--last and ") +
                                                (options.count ? "-c" : "--reverse") +
                                                " cannot be used together: --last prints the newest packets, "
                                                "the oldest of them first");
    const auto count = options.count ? parse_number(*options.count, kFirstFound) : 0;
    if (!count) return std::unexpected(count.error());
    const auto last = options.last ? parse_number(*options.last, kLastFound) : 0;
    if (!last) return std::unexpected(last.error());
    const auto context = options.context ? context_of(*options.context) : 0;
    if (!context) return std::unexpected(context.error());
    question.set_context_ns(*context);
    question.set_count(*count);
    question.set_last(*last);
    if (options.reverse) question.set_order(wire::SEARCH_NEWEST_FIRST);
    return {};
}

base::Result<void> add_table(const SearchOptions& options, wire::Question& question) {
    const auto table = parse_table(options.table);
    if (!table) return std::unexpected(table.error());
    question.set_table(*table);
    if (*table != wire::TABLE_PACKETS && !options.output.empty())
        return base::fail(ErrorCode::usage,
                          "-o saves packets, and the rows of another table have none: leave --table out");
    const auto checked = compile_row_filter(*table, options.filter.display);
    return checked ? base::Result<void>() : std::unexpected(checked.error());
}

base::Result<void> add_filter(const SearchOptions& options, wire::Question& question) {
    if (!options.filter.bpf.empty())
        return base::fail(ErrorCode::usage,
                          "search does not take --bpf, which only asks packets while they are captured or "
                          "read: use -Y, as in -Y 'tcp.port == 443', or -f, --filter-ip and --filter-port");
    auto filter = make_filter(options.filter);
    if (!filter) return std::unexpected(filter.error());
    *question.mutable_filter() = std::move(*filter);
    if (!render::is_utf8(options.name))
        return base::fail(ErrorCode::filter, "the pattern of --name is not valid text (UTF-8)");
    question.set_name_pattern(options.name);
    return {};
}

base::Result<void> add_output(const SearchOptions& options, wire::Search& search) {
    if (options.output.empty()) return {};
    auto save = save_format(options.output);
    if (!save) return std::unexpected(save.error());
    if (save->format() != wire::SAVE_PCAPNG)
        return base::fail(ErrorCode::usage,
                          "cannot save what was found to '" + options.output +
                              "': packets of several interfaces need pcapng, so name it FILE.pcapng");
    save->set_replace(options.output != "-");
    *search.mutable_save() = std::move(*save);
    search.set_output_name(options.output);
    return {};
}

}  // namespace

void add_search_options(CLI::App& app, SearchOptions& options) {
    add_typed(app, "--since", options.since,
              "Only packets from this time on: 10m ago, 3h, 03:00, \"yesterday 03:00\", monday,\n"
              "\"2025-05-15 03:00\", 2025-05-15T03:00:00Z or @1747278000; without it, from the oldest on")
        ->type_name("TIME");
    add_typed(app, "--until", options.until, "Only packets before this time, written in the same way")
        ->type_name("TIME");
    app.add_option("--job", options.jobs,
                   "Only packets of this job: its id, its name, or a pattern of names such as 'lab*';\n"
                   "may be repeated; without it, of all jobs that you may see")
        ->type_name("JOB")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_table_option(app, options.table);
    add_filter_options(app, options.filter);
    app.get_option("--bpf")->group("");  // is answered with what to use instead
    app.add_option("--name", options.name,
                   "Only packets with a name that matches this pattern, with * and ?: a name that was asked\n"
                   "for or answered in DNS, of a TLS server, of an HTTP host, or of a DHCP client")
        ->type_name("NAME");
    add_typed(app, "-c,--count", options.count, "End after N packets; 0 means no limit")->type_name("N");
    add_typed(app, "--last", options.last, "Only the newest N packets, the oldest of them first")
        ->type_name("N");
    app.add_flag("--reverse", options.reverse, "The newest packets first");
    add_typed(app, "--context", options.context,
              "Also the packets of the same job that are at most so far from one that is found, marked as\n"
              "[context]; they do not count for -c and --last")
        ->type_name("TIME");
    app.add_option(
           "-o,--output,-w,--write", options.output,
           "Save the packets to FILE.pcapng, or - for standard output; with .gz or .zst behind that, the "
           "file\n"
           "is compressed; an existing file is replaced, if it is your own and no capture writes to it")
        ->type_name("FILE");
    app.add_flag("--no-clobber", options.no_clobber, "With -o: do not replace an existing file");
    app.add_flag("--explain", options.explain, "Say at the end what was looked at, and how long it took");
    add_packet_options(app, options.packet);
}

base::Result<wire::Search> make_search(const SearchOptions& options, std::int64_t now_ns) {
    wire::Search search;
    wire::Question& question = *search.mutable_question();
    if (auto added = add_times(options, now_ns, question); !added) return std::unexpected(added.error());
    if (auto added = add_numbers(options, question); !added) return std::unexpected(added.error());
    if (auto added = add_filter(options, question); !added) return std::unexpected(added.error());
    if (auto added = add_table(options, question); !added) return std::unexpected(added.error());
    if (auto added = add_output(options, search); !added) return std::unexpected(added.error());
    question.set_with_bytes(options.packet.bytes());
    for (const std::string& job : options.jobs) search.add_job(job);
    return search;
}

}  // namespace packetsentry::ctl
