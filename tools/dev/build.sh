# ./dev build [PRESET]
preset=${1:-release}
need_packages $build_packages
case "$preset" in fuzz | clang) need_packages $clang_packages ;; esac
build_targets "$preset" all
