# What dpkg-buildflags gives with hardening=+all, for every build: position independent programs,
# read-only relocations, a checked stack and checked string functions.
add_compile_options(-fPIE -fstack-protector-strong -Wformat -Werror=format-security)
add_link_options(-pie -Wl,-z,relro -Wl,-z,now)
# Without optimisation the checked functions only warn, and sanitizers check better. Undefined first:
# some compilers come with it defined.
if(NOT PACKETSENTRY_SANITIZE)
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
# Nothing in a release tells where it was built.
add_compile_options($<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>)
if(NOT PROJECT_BINARY_DIR MATCHES "^${PROJECT_SOURCE_DIR}/")
  add_compile_options($<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>)
endif()
