#!/bin/sh
# Prepares this checkout: system packages, .venv, the model engine, the pinned Python packages, the package itself.
#
#   packaging/setup.sh run    what `make run` needs
#   packaging/setup.sh test   the same, and what `make test` needs
#
# Quick when nothing changed: one digest over the pinned requirements is compared with the one of the last success.
# Nothing is installed outside .venv and the wheel cache except Debian packages that are missing.
set -eu
cd "$(dirname "$0")/.."

purpose=${1:-run}
requirements=packaging/requirements
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vestibule/wheels
# Text only: neither the image loader nor the server is built.
engine_options="-DLLAVA_BUILD=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF -DGGML_RPC=OFF"

say() { printf '\033[2m·\033[0m %s\n' "$*" >&2; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

digest() { cat "$requirements"/*.txt pyproject.toml packaging/setup.sh | sha256sum | cut -c1-16; }

current=$(digest)
stamp=.venv/.ready-$purpose-$current
# What is ready for the tests is ready to run.
{ [ -e "$stamp" ] || [ -e ".venv/.ready-test-$current" ]; } && [ -x .venv/bin/vestibule ] && exit 0

# --- Debian packages -------------------------------------------------------------------------------------------------

has_library() { /sbin/ldconfig -p | grep -q "$1"; }

# One line per need: a test, then the Debian package that satisfies it.
missing_packages() {
    command -v python3.11 >/dev/null || echo python3.11
    python3.11 -c 'import ensurepip, venv' 2>/dev/null || echo python3.11-venv
    command -v c++ >/dev/null || echo g++
    for pair in \
        libEGL.so.1:libegl1 libGL.so.1:libgl1 libxkbcommon.so.0:libxkbcommon0 libxkbcommon-x11.so.0:libxkbcommon-x11-0 \
        libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1 libxcb-cursor.so.0:libxcb-cursor0 \
        libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1 \
        libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 libxcb-xkb.so.1:libxcb-xkb1 \
        libglib-2.0.so.0:libglib2.0-0 libgomp.so.1:libgomp1
    do
        has_library "${pair%%:*}" || echo "${pair#*:}"
    done
    [ -n "$(find /usr/share/fonts/truetype -name 'DejaVuSans.ttf' 2>/dev/null)" ] || echo fonts-dejavu-core
    if [ "$purpose" = test ]; then
        command -v strace >/dev/null || echo strace
        command -v chromium >/dev/null || echo chromium  # reads the patient page as a patient does
    fi
}

install_packages() {
    packages=$(missing_packages | sort -u | tr '\n' ' ')
    [ -z "$packages" ] && return
    if [ "$(id -u)" = 0 ]; then as_root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=sudo
    else die "please run once: sudo apt-get install -y $packages"
    fi
    say "Installing system packages: $packages"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of package names
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null
}

# --- Python ----------------------------------------------------------------------------------------------------------

pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }

make_environment() {
    [ -x .venv/bin/python ] && return
    say "Making .venv"
    python3.11 -m venv .venv
}

# The wheel is specific to this processor (it uses its vector instructions), so its folder is too.
engine_folder() {
    { cat "$requirements/native.txt"; echo "$engine_options"; grep -m1 '^flags' /proc/cpuinfo; uname -m; } | sha256sum | cut -c1-16
}

# Turns the build's "[12/345] Building ..." lines into one moving line, or into a line every 10 % where nobody watches.
show_progress() {
    awk -v watched="$1" '
        match($0, /^[[:space:]]*\[[0-9]+\/[0-9]+\]/) {
            split(substr($0, RSTART, RLENGTH), part, /[\[\]\/]/); percent = int(100 * part[2] / part[3])
            if (watched) printf "\r  %3d %%", percent
            else if (percent >= next_line) { printf "  %3d %%\n", percent; next_line = percent + 10 }
            fflush()
        }
        END { if (watched) print "" }' >&2
}

build_engine() {
    folder=$cache/$(engine_folder)
    if ! ls "$folder"/llama_cpp_python-*.whl >/dev/null 2>&1; then
        say "Building the model engine (llama.cpp), once for this machine; about five minutes"
        pip install --require-hashes -r "$requirements/build.txt"
        work=$(mktemp -d); log=$work/build.log
        watched=0; [ -t 2 ] && watched=1
        # A failure cannot go unseen: the file is looked for afterwards.
        { PATH="$PWD/.venv/bin:$PATH" CMAKE_BUILD_PARALLEL_LEVEL=$(nproc) \
          CMAKE_ARGS="$engine_options" \
          .venv/bin/python -m pip --disable-pip-version-check wheel --verbose --no-cache-dir --no-deps --no-build-isolation \
              --require-hashes --wheel-dir "$work" -r "$requirements/native.txt" 2>&1 || true; } \
            | tee "$log" | show_progress "$watched"
        ls "$work"/llama_cpp_python-*.whl >/dev/null 2>&1 || { tail -n 40 "$log" >&2; die "the model engine did not build; the log above says why"; }
        mkdir -p "$folder" && mv "$work"/*.whl "$folder"/ && rm -rf "$work"
    fi
    pip install --no-deps --no-index --force-reinstall "$folder"/llama_cpp_python-*.whl
}

install_python_packages() {
    say "Installing the pinned Python packages"
    pip install --require-hashes -r "$requirements/build.txt"
    pip install --require-hashes -r "$requirements/runtime.txt"
    [ "$purpose" = test ] && pip install --require-hashes -r "$requirements/development.txt"
    build_engine
    pip install --no-deps --no-build-isolation --editable .
}

install_packages
make_environment
install_python_packages
rm -f ".venv/.ready-$purpose-"*
touch "$stamp"
say "Ready"
