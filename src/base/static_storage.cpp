#include <memo/base/static_storage.hpp>

#include <link.h>

#include <cstddef>
#include <cstdint>

namespace memo::detail {

bool in_static_storage(void const* address) noexcept {
    auto const looks = [](dl_phdr_info* library, std::size_t, void* sought) {
        auto const place = reinterpret_cast<std::uintptr_t>(sought) - library->dlpi_addr;
        for (auto const* segment = library->dlpi_phdr; segment != library->dlpi_phdr + library->dlpi_phnum; ++segment)
            if (segment->p_type == PT_LOAD && place - segment->p_vaddr < segment->p_memsz)
                return 1;
        return 0;
    };
    return dl_iterate_phdr(looks, const_cast<void*>(address)) == 1;
}

}  // namespace memo::detail
