# ./dev format
need_packages $clang_packages
git ls-files -co --exclude-standard -- 'lib/*.cpp' 'lib/*.h' 'include/*.h' 'tools/*.cpp' 'tools/*.h' 'test/*.cpp' 'test/*.h' 'python/*.cpp' 'python/*.h' |
  grep -v '^test/house/selftest/' | xargs -r clang-format-19 -i
