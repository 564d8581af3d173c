# Language level, warnings and sanitizers; every target of ours links accord::flags.
option(ACCORD_WERROR "Warnings are errors (developer builds)" OFF)
option(ACCORD_LINT "Register the lint tests (developer builds)" OFF)
option(ACCORD_BENCH "Build the benchmarks" OFF)
option(ACCORD_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
option(ACCORD_COVERAGE "Instrument for coverage" OFF)
option(ACCORD_HARDEN "Hardening flags (release)" OFF)
set(ACCORD_SANITIZE "" CACHE STRING "Sanitizers, comma separated (address,undefined or thread)")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

# Assertions stay in every build: a test tool that goes on after a bug of its own reports nonsense.
foreach(type RELEASE RELWITHDEBINFO MINSIZEREL)
  string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_${type} "${CMAKE_C_FLAGS_${type}}")
endforeach()

add_library(accord_flags INTERFACE)
add_library(accord::flags ALIAS accord_flags)
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
target_compile_definitions(accord_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(accord_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wcast-align -Wformat=2 -Wundef -Wvla
  -Wnull-dereference -Wimplicit-fallthrough -Wswitch-enum -fno-common
  $<$<C_COMPILER_ID:Clang>:-Wno-string-conversion>) # assert(!"why")
if(ACCORD_WERROR)
  target_compile_options(accord_flags INTERFACE -Werror)
endif()
if(ACCORD_SANITIZE)
  target_compile_options(accord_flags INTERFACE
    -fsanitize=${ACCORD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(accord_flags INTERFACE -fsanitize=${ACCORD_SANITIZE})
endif()
if(ACCORD_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES Clang)
    message(FATAL_ERROR "ACCORD_FUZZ needs clang: cmake --preset fuzz")
  endif()
  target_compile_options(accord_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(ACCORD_COVERAGE)
  target_compile_options(accord_flags INTERFACE --coverage)
  target_link_options(accord_flags INTERFACE --coverage)
endif()
if(ACCORD_HARDEN)
  target_compile_options(accord_flags INTERFACE -fstack-protector-strong -fstack-clash-protection -fPIE)
  # Fortification needs an optimizing build.
  target_compile_definitions(accord_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)
  target_link_options(accord_flags INTERFACE -Wl,-z,relro,-z,now -pie)
endif()
