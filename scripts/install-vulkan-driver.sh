#!/usr/bin/env bash
# Gives a machine what SAPIEN needs to render: the Vulkan loader and, without a GPU that can render, the software driver
# Mesa lavapipe (>= 24.3); also EGL, which previews use.
#
# Does nothing where all of it is already there. On Debian 12 the driver comes from bookworm-backports, from the mirror
# that the machine's own apt sources name.
set -euo pipefail

MINIMUM_MESA=24.3
say() { printf 'vulkan: %s\n' "$*"; }
fail() { printf 'vulkan: %s\n' "$*" >&2; exit 1; }

has_library() { ldconfig -p 2>/dev/null | grep -qF "$1"; }
has_libraries() { has_library libvulkan.so.1 && has_library libEGL.so.1 && has_library libX11.so.6; }
# A container may show the GPU to CUDA but not bring NVIDIA's graphics library; such a GPU cannot render.
gpu_renders() { command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L >/dev/null 2>&1 && has_library libGLX_nvidia.so.0; }
mesa_version() { dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null || true; }
recent() { [ -n "$1" ] && dpkg --compare-versions "$1" ge "$MINIMUM_MESA" 2>/dev/null; }

packages=(libvulkan1 libx11-6 libegl1 libgl1)
if gpu_renders; then
  if has_libraries; then say "the NVIDIA driver renders"; exit 0; fi
elif ! command -v apt-get >/dev/null 2>&1; then
  if has_libraries; then say "a Vulkan loader is present; 'genworld doctor' says whether it can render"; exit 0; fi
else
  if has_libraries && recent "$(mesa_version)"; then say "Mesa $(mesa_version) renders"; exit 0; fi
  packages+=(mesa-vulkan-drivers)
fi

command -v apt-get >/dev/null 2>&1 \
  || fail "install the Vulkan loader, EGL, libX11 and Mesa's Vulkan drivers (>= $MINIMUM_MESA) of your distribution by hand"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || fail "needs root to install ${packages[*]}: run this script as root"
  as_root=(sudo)
fi
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}

# The machine's own mirror, from either form of apt source list.
debian_mirror() {
  local lists=()
  shopt -s nullglob
  lists=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
  shopt -u nullglob
  sed -nE -e 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p' \
    -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+bookworm.*/\2/p' "${lists[@]}" 2>/dev/null \
    | sed -n '/\/debian\/\{0,1\}$/{p;q;}' || true
}

enable_backports() {
  local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  if grep -rqs '^[^#]*bookworm-backports' /etc/apt/sources.list /etc/apt/sources.list.d; then return; fi
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || fail "the distribution's Mesa is too old and /etc/apt names no Debian mirror that has bookworm-backports"
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: %s\n' "$mirror" "$keyring" \
    | "${as_root[@]}" tee /etc/apt/sources.list.d/bookworm-backports.sources >/dev/null
  apt_get update
}

say "installing ${packages[*]}"
apt_get update || say "apt-get update reported an error; going on with the lists at hand"
release=()
if [[ " ${packages[*]} " == *" mesa-vulkan-drivers "* ]]; then
  candidate=$(apt-cache policy mesa-vulkan-drivers | sed -n 's/^  Candidate: //p')
  if ! recent "$candidate"; then
    grep -q '^VERSION_CODENAME=bookworm' /etc/os-release \
      || fail "this distribution offers Mesa ${candidate:-of no version}; SAPIEN needs >= $MINIMUM_MESA: upgrade it, or install a newer Mesa"
    enable_backports
    release=(-t bookworm-backports)
  fi
fi
apt_get install -y --no-install-recommends "${release[@]}" "${packages[@]}"

if gpu_renders; then say "the NVIDIA driver renders"; exit 0; fi
recent "$(mesa_version)" || fail "Mesa $(mesa_version) was installed, but SAPIEN needs >= $MINIMUM_MESA"
say "Mesa $(mesa_version) renders"
