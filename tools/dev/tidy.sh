# ./dev tidy [FILE...]
need_packages $build_packages $clang_packages
build_targets dev all
if [ $# -eq 0 ]; then
  set -- $(git ls-files -co --exclude-standard -- 'lib/*.cpp' 'tools/*.cpp')
fi
# The commands are those of g++: clang must ignore warnings it does not know.
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" clang-tidy-19 --quiet -p build/dev --extra-arg=-Wno-unknown-warning-option
