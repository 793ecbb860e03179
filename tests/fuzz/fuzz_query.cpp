// A display filter of any bytes, and a batch from a worker that may be anybody's by now: never a crash, and
// always one printable line about what is wrong. What was read is told so that it is read as the same
// expression again.
//
// The input is the text, a zero byte, and a batch; where that cannot be read, a batch of one row stands for
// it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "proto/query/evaluate/filter.h"
#include "tests/support/test_batch.h"

namespace {

namespace query = packetsentry::query;
namespace wire = packetsentry::wire;

void expect(bool truth) {
    if (!truth) std::abort();
}

void check_problem(const query::Problem& problem, std::string_view text) {
    expect(!problem.message.empty());
    expect(
        std::ranges::all_of(problem.message, [](char c) { return static_cast<unsigned char>(c) >= 0x20; }));
    expect(problem.place.offset <= text.size() && problem.place.length <= text.size() - problem.place.offset);
}

// A batch that is refused is nobody's to evaluate.
void evaluate(query::Filter& filter, const wire::Batch& batch) {
    const auto view = packetsentry::proto::BatchView::check(batch);
    if (!view) return;
    std::vector<std::uint8_t> mask(view->rows(), 2);
    const std::uint32_t count = filter.evaluate(*view, mask);
    expect(std::ranges::all_of(mask, [](std::uint8_t byte) { return byte <= 1; }));
    expect(count == static_cast<std::uint32_t>(std::ranges::count(mask, 1)));
}

// In place, it is true for the same rows, or the view says that it is broken.
void evaluate_in_place(query::Filter& filter, std::string_view bytes) {
    const auto in_place = packetsentry::proto::BatchView::in_place(bytes);
    wire::Batch batch;
    if (!in_place || !batch.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
    const auto parsed = packetsentry::proto::BatchView::check(batch);
    std::vector<std::uint8_t> mask(in_place->rows()), parsed_mask(in_place->rows());
    (void)filter.evaluate(*in_place, mask);
    if (in_place->broken() || !parsed) return;
    (void)filter.evaluate(*parsed, parsed_mask);
    expect(mask == parsed_mask);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(input.find('\0'), size);
    const std::string text(input.substr(0, end));
    const auto expression = query::parse(text);
    if (!expression) {
        check_problem(expression.error(), text);
        return 0;
    }
    const std::string told = query::explain(*expression).text;
    const auto again = query::parse(told, query::kExplainedLimit);
    expect(again && query::explain(*again).text == told);

    auto filter = query::Filter::compile(*expression);
    if (!filter) {
        check_problem(filter.error(), text);
        return 0;
    }
    wire::Batch batch;
    const std::string_view rest = input.substr(std::min(end + 1, size));
    if (!batch.ParseFromArray(rest.data(), static_cast<int>(rest.size())) || batch.rows() == 0)
        batch = packetsentry::test::test_batch(1, 1);
    evaluate(*filter, batch);
    evaluate_in_place(*filter, rest);
    return 0;
}
