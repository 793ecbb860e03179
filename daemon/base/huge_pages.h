// Memory for large tables that are read at random.
//
// To read such a table is to wait for the memory, and before that for the page table: 20 MB in pages of 4 KiB
// are more pages than a processor remembers. In pages of 2 MiB they are ten.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace packetsentry::base {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;  // bytes, of x86-64 and most others

// An allocator that asks the kernel for huge pages (madvise(2), MADV_HUGEPAGE). Where there are none, small
// ones do. The memory becomes resident when it is first written, a huge page at a time; to clear one takes
// some tenths of a millisecond.
template <typename T>
class HugePageAllocator {
  public:
    using value_type = T;

    HugePageAllocator() = default;
    template <typename Other>
    explicit(false) HugePageAllocator(const HugePageAllocator<Other>&) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        const std::size_t bytes = whole_pages(count);
        void* const memory = ::operator new(bytes, alignment(bytes));
        if (bytes >= kHugePage) (void)::madvise(memory, bytes, MADV_HUGEPAGE);
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) {
        ::operator delete(memory, alignment(whole_pages(count)));
    }

    template <typename Other>
    bool operator==(const HugePageAllocator<Other>&) const {
        return true;
    }

  private:
    // A page that is not whole would be a small one.
    static constexpr std::size_t whole_pages(std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        return bytes < kHugePage ? bytes : (bytes + kHugePage - 1) / kHugePage * kHugePage;
    }
    static constexpr std::align_val_t alignment(std::size_t bytes) {
        return std::align_val_t{bytes < kHugePage ? alignof(T) : kHugePage};
    }
};

template <typename T>
using HugeVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace packetsentry::base
