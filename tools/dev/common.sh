# Shared by the commands of ./dev: packages, configuring, building.

build_packages="g++ cmake ninja-build git ccache python3 llvm-19-dev llvm-19-tools zlib1g-dev libzstd-dev antlr4
  libantlr4-runtime-dev libcurl4-openssl-dev libuv1-dev libsimdjson-dev rapidjson-dev libre2-dev libflatbuffers-dev flatbuffers-compiler libxxhash-dev libsqlite3-dev
  libgtest-dev libgmock-dev librapidcheck-dev libhttp-parser-dev libtbb-dev"
test_packages="$build_packages nginx-light python3-psutil python3-venv python3-dev"
bench_packages="$build_packages mlir-19-tools"
clang_packages="clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev"

say() { if [ -t 2 ]; then printf '\033[1m%s\033[0m\n' "$*" >&2; else printf '%s\n' "$*" >&2; fi; }
die() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

# Installs the missing packages; runs no apt if none is missing.
need_packages() {
  local missing=() package installed
  if ! command -v dpkg-query >/dev/null; then
    echo "dev: this is not Debian or Ubuntu; install by hand what configuring finds missing" >&2
    return 0
  fi
  installed=" $(dpkg-query -W -f='${Package}:${db:Status-Status} ' 2>/dev/null || true)"
  for package in "$@"; do
    case "$installed" in *" $package:installed "*) ;; *) missing+=("$package") ;; esac
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "not root and no sudo; please install: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" apt-get -qq update || echo "dev: apt-get update failed; going on with the lists there are" >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 ||
    die "could not install: ${missing[*]}"
}

# Configures a preset if it is new, or the presets or the packages that the Python package is built with have changed.
configure() {
  local folder=build/$1
  if [ ! -e "$folder/build.ninja" ] || [ CMakePresets.json -nt "$folder/CMakeCache.txt" ] ||
    [ build/venv/ready -nt "$folder/CMakeCache.txt" ]; then
    say "Configuring $folder"
    cmake --preset "$1" >"$folder.configure.log" 2>&1 || {
      cat "$folder.configure.log" >&2
      die "configuring failed"
    }
    touch "$folder/CMakeCache.txt"
  fi
}

# build_targets PRESET TARGET...: quiet on success.
build_targets() {
  local preset=$1
  shift
  mkdir -p build
  configure "$preset"
  say "Building $* ($preset)"
  ninja -C "build/$preset" -j "$(nproc)" "$@" >&2 || die "the build failed"
}

# Background processes end with their command: each is recorded here by its id.
started=()
end_started() {
  local pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
trap end_started EXIT
trap 'exit 130' INT TERM
