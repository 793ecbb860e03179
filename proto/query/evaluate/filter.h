// An expression that is ready to be asked of batches.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "proto/query/query.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::query {

// Compiled once, evaluated over any number of batches by one thread at a time. It keeps what it has
// allocated, so that nothing is allocated for a row, and little for a batch.
class Filter {
  public:
    // Error: a pattern that cannot be compiled, with its place, or too many of them.
    [[nodiscard]] static Result<Filter> compile(const Expression& expression);

    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;
    ~Filter();

    // Sets mask, which has a byte for each row, to 1 where the expression is true and to 0 elsewhere. Gives
    // how many rows it is true for.
    std::uint32_t evaluate(const proto::BatchView& view, std::span<std::uint8_t> mask);

  private:
    struct State;
    explicit Filter(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace packetsentry::query
