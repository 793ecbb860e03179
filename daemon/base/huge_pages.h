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

// An allocator that asks the kernel for huge pages (madvise(2), MADV_HUGEPAGE). Where there are none, the
// memory is as good as any other. It becomes resident when it is first written, 2 MiB at a time, so that it
// may be reserved long before.
template <typename T>
class HugePageAllocator {
  public:
    using value_type = T;

    HugePageAllocator() = default;
    template <typename Other>
    explicit(false) HugePageAllocator(const HugePageAllocator<Other>&) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        if (bytes < kPage) return static_cast<T*>(::operator new(bytes, alignment(bytes)));
        void* const memory = ::operator new(bytes, alignment(bytes));
        (void)::madvise(memory, bytes, MADV_HUGEPAGE);
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) { ::operator delete(memory, alignment(count * sizeof(T))); }

    template <typename Other>
    bool operator==(const HugePageAllocator<Other>&) const {
        return true;
    }

  private:
    static constexpr std::size_t kPage = std::size_t{2} << 20;
    static constexpr std::align_val_t alignment(std::size_t bytes) {
        return std::align_val_t{bytes < kPage ? alignof(T) : kPage};
    }
};

template <typename T>
using HugeVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace packetsentry::base
