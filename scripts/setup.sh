# shellcheck shell=bash
# What run.sh and test.sh share: finding and installing what Bering needs, and building it.
# Sourced with the project's folder as the current one.

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
compiles() { printf '%s\n' "$1" | "${CC:-cc}" -fsyntax-only -x c - >/dev/null 2>&1; }
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

if [ ! -w "${HOME:-/nonexistent}" ]; then
  export CCACHE_DISABLE=1 # it would stop at a cache folder that it cannot write
fi

# One line a need: what it is for | how it is found | apt packages | dnf | pacman | brew ("-": not packaged there).
needs() {
  cat <<'END'
a C compiler with its headers|compiles '#include <stdio.h>'|gcc libc6-dev|gcc glibc-devel|gcc|gcc
meson 1.0 or newer|have meson && at_least 1.0 "$(meson --version)"|meson|meson|meson|meson
ninja|have ninja|ninja-build|ninja-build|ninja|ninja
pkg-config|have pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|pkgconf
SQLite 3.40 or newer|pkg-config --exists 'sqlite3 >= 3.40'|libsqlite3-dev|sqlite-devel|sqlite|sqlite
libcsv|compiles '#include <csv.h>'|libcsv-dev|libcsv-devel|-|libcsv
the GNU Scientific Library|pkg-config --exists gsl|libgsl-dev|gsl-devel|gsl|gsl
Random123 (headers only)|compiles '#include <Random123/philox.h>'|librandom123-dev|Random123-devel|-|-
gnuplot|have gnuplot|gnuplot-nox|gnuplot|gnuplot|gnuplot
the DejaVu fonts, for png charts|has_dejavu|fonts-dejavu-core|dejavu-sans-fonts|ttf-dejavu|-
Check 0.15 or newer, for the tests|pkg-config --exists 'check >= 0.15'|check|check-devel|check|check
END
  if [ -n "${coverage:-}" ]; then echo 'gcovr, for --coverage|have gcovr|gcovr|gcovr|-|gcovr'; fi
}

has_dejavu() {
  [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] && return
  have fc-list && fc-list 2>/dev/null | grep -q DejaVuSans && return
  [ "$(uname -s)" = Darwin ] # gnuplot draws with the system's own fonts there
}

find_missing() {
  local what test
  missing=()
  while IFS='|' read -r what test _; do
    eval "$test" </dev/null >/dev/null 2>&1 || missing+=("$what")
  done <<<"$(needs)"
}

# The packages of column $1 (3 apt, 4 dnf, 5 pacman, 6 brew) for what is missing.
packages_missing() {
  local what names
  for what in "${missing[@]}"; do
    names=$(needs | awk -F'|' -v what="$what" -v column="$1" '$1 == what { print $column }')
    if [ "$names" != - ]; then printf '%s ' "$names"; fi
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@" # nobody is there to type a password
  fi
}

apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120) packages
  read -r -a packages <<<"$(packages_missing 3)"
  if [ "$(id -u)" != 0 ] && ! have sudo; then
    note "Installing needs root or sudo. As root: apt-get install --no-install-recommends ${packages[*]}"
    return 1
  fi
  say "Installing with apt: ${packages[*]}"
  { as_root "${apt[@]}" update && as_root "${apt[@]}" install --no-install-recommends "${packages[@]}"; } </dev/null
}

say_what_to_install() {
  local what
  note "Bering cannot be built yet. Still missing:"
  for what in "${missing[@]}"; do note "  - $what"; done
  note "Packages that bring it, where the system has them (build the rest from its authors' source):"
  note "  Debian, Ubuntu  apt-get install $(packages_missing 3)"
  note "  Fedora          dnf install $(packages_missing 4)"
  note "  Arch            pacman -S $(packages_missing 5)"
  note "  Homebrew        brew install $(packages_missing 6)"
}

install_missing() {
  find_missing
  if [ ${#missing[@]} -gt 0 ] && have apt-get; then
    apt_install || note "apt did not install everything."
    hash -r
    find_missing
  fi
  if [ ${#missing[@]} -gt 0 ]; then
    say_what_to_install
    return 1
  fi
}

# A build folder left by a copied or moved checkout still points at the old one.
is_of_this_folder() {
  case $PWD in
    *[!\ -~]* | *[\"\\]*) return 0 ;; # meson writes such a path escaped
  esac
  grep -qF "\"source\": \"$PWD\"" "$1/meson-info/meson-info.json"
}

has_buildtype() { grep -qF "\"name\": \"buildtype\", \"value\": \"$2\"" "$1/meson-info/intro-buildoptions.json"; }

# build FOLDER BUILDTYPE [MESON-OPTION]…: sets the folder up when it is new or unusable, then compiles what changed.
build() {
  local folder=$1 buildtype=$2 log
  shift 2
  if ! { is_of_this_folder "$folder" && has_buildtype "$folder" "$buildtype" &&
    ninja -C "$folder" build.ninja; } >/dev/null 2>&1; then
    say "Setting up $folder ($buildtype build)"
    rm -rf "$folder"
    if ! log=$(meson setup "$folder" --buildtype="$buildtype" "$@" 2>&1); then
      note "$log"
      note "meson could not set up $folder."
      return 1
    fi
  fi
  say "Compiling what changed into $folder"
  if ! log=$(ninja -C "$folder" 2>&1); then
    note "$log"
    note "The build failed."
    return 1
  fi
  if grep -q warning: <<<"$log"; then note "$log"; fi
}
