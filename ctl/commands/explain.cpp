#include <CLI/CLI.hpp>
#include <memory>

#include "ctl/commands/commands.h"
#include "ctl/options/capture_options.h"
#include "ctl/options/display_filter.h"
#include "ctl/options/flow_option.h"
#include "ctl/render/explanation.h"
#include "proto/words/filter.h"

namespace packetsentry::ctl::commands {
namespace {

base::Result<void> run_explain(const FilterOptions& options, const Globals& globals) {
    if (!options.given())
        return base::fail(base::ErrorCode::usage,
                          "explain needs a filter, as in -Y 'ip.addr == 192.0.2.7' or -f dns");
    const auto filter = make_filter(options);
    if (!filter) return std::unexpected(filter.error());
    const auto kernel = proto::filter_text(*filter);
    if (!kernel) return std::unexpected(kernel.error());
    const auto text = join_flow(options.display, options.flow);
    if (!text) return std::unexpected(text.error());
    const auto display = parse_display_filter(*text);
    if (!display) return std::unexpected(display.error());
    const render::FilterMeaning meaning{*kernel, *text, query::explain(*display)};
    return print(globals.json ? render::explanation_json(meaning) : render::explanation_text(meaning));
}

}  // namespace

Run prepare_explain(CLI::App& app, const Globals& globals) {
    auto options = std::make_shared<FilterOptions>();
    add_filter_options(app, *options);
    app.footer(app.get_footer() + "\n\n" + filter_words_help());
    return [options, &globals] { return run_explain(*options, globals); };
}

}  // namespace packetsentry::ctl::commands
