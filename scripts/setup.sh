#!/usr/bin/env bash
# Installs everything into this checkout: uv (into .tools, if there is none), Python 3.12, the locked dependencies (into
# .venv) and, on a machine without a GPU, a software Vulkan driver.
#
#   scripts/setup.sh              what environments and the demo need
#   scripts/setup.sh dev trainers with these extras
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

UV_REQUIREMENT='uv>=0.9'
say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

new_enough() {
  local version
  version=$("$1" --version 2>/dev/null | sed -nE 's/^uv ([0-9]+)\.([0-9]+).*/\1 \2/p') || return 1
  [ -n "$version" ] && [ "${version% *}" -gt 0 -o "${version#* }" -ge 9 ]
}

# Any Python will do to fetch uv. Outside the checkout, because .python-version may name one that pyenv does not have yet.
with_some_python() {
  local python
  for python in python3 python /usr/bin/python3; do
    if (cd / && "$python" "$@") >>"$root/.tools/install-uv.log" 2>&1; then return 0; fi
  done
  return 1
}

install_uv() {
  mkdir -p .tools/bin
  : >.tools/install-uv.log
  # `--target` needs no virtual environment and is allowed where the system's Python is externally managed.
  with_some_python -m pip install --quiet --upgrade --target "$root/.tools/uv" "$UV_REQUIREMENT" \
    || { with_some_python -m venv "$root/.tools/uv" && "$root/.tools/uv/bin/python" -m pip install --quiet "$UV_REQUIREMENT"; } \
    || install_pip_and_uv \
    || fail "could not install uv (see .tools/install-uv.log): install it yourself, then run make again"
  ln -sf ../uv/bin/uv .tools/bin/uv
}

install_pip_and_uv() {
  local as_root=()
  command -v apt-get >/dev/null 2>&1 || return 1
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  say "installing python3-pip, to install uv with"
  "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends python3-pip >/dev/null \
    && with_some_python -m pip install --quiet --upgrade --target "$root/.tools/uv" "$UV_REQUIREMENT"
}

uv=$(command -v uv || true)
if [ -z "$uv" ] || ! new_enough "$uv"; then
  uv=$root/.tools/bin/uv
  if ! new_enough "$uv"; then
    say "installing uv into .tools"
    install_uv
  fi
fi

bash scripts/install-vulkan-driver.sh

extras=()
for extra in "$@"; do extras+=(--extra "$extra"); done
say "installing Python 3.12 and the locked dependencies${*:+ with extras: $*} (some GB the first time)"
# Compiled once here, every later start is seconds faster, even where PYTHONDONTWRITEBYTECODE is set. `--inexact` leaves
# what an earlier setup with more extras has installed.
export UV_COMPILE_BYTECODE=1
"$uv" sync --quiet --locked --inexact "${extras[@]}"
say "ready: .venv/bin/genworld --help"
