#!/usr/bin/env bash
# Gives a developer's machine what the tests of web pages need: Chromium and its driver, from the distribution.
# Where that cannot be had, those tests skip; nothing else needs it.
set -euo pipefail
say() { printf 'chromium: %s\n' "$*"; }

if command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; then exit 0; fi
if ! command -v apt-get >/dev/null 2>&1; then
  say "not installed, and there is no apt-get; the tests of web pages will skip"
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || { say "needs root to install; the tests of web pages will skip"; exit 0; }
  as_root=(sudo)
fi
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}
say "installing chromium and its driver, for the tests of web pages"
{ apt_get update && apt_get install -y --no-install-recommends chromium chromium-driver; } \
  || say "cannot be installed; the tests of web pages will skip"
