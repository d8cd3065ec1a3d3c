# Shared by ./bench and ./check (sourced): installs missing packages and Triton, configures, builds.
# Needs: $root, the checkout. Honours W4_BUILD_DIR (default build/) and W4_WITHOUT_TRITON (not empty: no Triton).

say() { printf '%s\n' "$*" >&2; }

wanted_packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/packages.txt"; }

is_installed() {
    local package=$1 version
    if [ "${package%-22}" != "$package" ]; then
        for version in 22 21 20 19; do
            dpkg-query -W -f '${db:Status-Status}\n' "${package%-22}-$version" 2>/dev/null | grep -qx installed && return 0
        done
        return 1
    fi
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed
}

missing_packages() {
    local package
    for package in $(wanted_packages); do
        is_installed "$package" || printf '%s ' "$package"
    done
}

# A release without clang-22 may have an older one; 19 is the oldest that knows gfx1151 well.
available_packages() {
    local package version found
    for package in "$@"; do
        found=$package
        if [ "${package%-22}" != "$package" ]; then
            for version in 22 21 20 19; do
                found=${package%-22}-$version
                apt-cache show "$found" >/dev/null 2>&1 && break
            done
        fi
        printf '%s ' "$found"
    done
}

# On other distributions nothing is installed: the build itself says what it lacks.
install_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "This is no Debian system, so nothing is installed here. The build needs what these Debian 12 packages hold:"
        say "  $(wanted_packages | tr '\n' ' ')"
        say "Install their counterparts (a clang >= 19 with the AMDGPU target, lld, cmake >= 3.25, ninja) and run this again."
        return 0
    fi
    local missing
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        say "These packages are missing: $missing"
        say "Run as root, then run this again:"
        say "  apt-get update && apt-get install --no-install-recommends $missing"
        return 4
    fi
    local log
    log=$(mktemp)
    apt-get update >"$log" 2>&1 </dev/null || say "apt-get update failed; trying with the lists that are there"
    # shellcheck disable=SC2046,SC2086 # the list is words
    missing=$(available_packages $missing)
    say "Installing: $missing"
    # shellcheck disable=SC2086 # the list is words
    if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing \
        >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "The installation failed (above). clang-22 comes from Debian's security archive (bookworm-security):"
        say "check that it stands in the package sources, then run this again."
        return 4
    fi
    rm -f "$log"
}

# Triton compiles kernels/triton. It is no Debian package and optional: without it the build leaves that family out.
triton_version() { sed -n 's/^set(W4_TRITON_VERSION \(.*\))$/\1/p' "$root/kernels/Triton.cmake"; }

# Succeeds when it installed something, so that the build must be configured again.
install_triton() {
    local folder=$1/triton-venv version
    version=$(triton_version)
    [ -z "${W4_WITHOUT_TRITON:-}" ] || return 1
    [ "$(cat "$folder/installed" 2>/dev/null)" != "$version" ] || return 1
    say "Installing Triton $version into $folder (a download of 200 MB)"
    if python3 -m venv --clear "$folder" >"$1/triton.log" 2>&1 </dev/null &&
        "$folder/bin/python" -m pip install --disable-pip-version-check --retries 1 --timeout 20 "triton==$version" \
            >>"$1/triton.log" 2>&1 </dev/null; then
        printf '%s\n' "$version" >"$folder/installed"
        return 0
    fi
    say "Triton $version could not be installed ($(tail -n 1 "$1/triton.log")), so its kernels are left out"
    return 1
}

# The longest table of kernel resources in the build's log (the tests build small sets of their own).
show_kernels() {
    awk '/^tile \(worst/ { if (n > best) { best = n; table = block } block = ""; n = 0; inside = 1 }
         inside && !/^(tile|prefill|decode|triton)/ { inside = 0 }
         inside { block = block $0 "\n"; n++ }
         END { if (n > best) table = block; printf "%s", table }' "$1" >&2
}

# The build's output goes to a log. What it says of the device compiler and of the kernels is shown, and everything when
# it fails.
build() {
    local folder=$1
    shift
    local log=$folder/build.log
    mkdir -p "$folder"
    if install_triton "$folder" || ! [ -f "$folder/build.ninja" ] ||
        [ "$root/CMakeLists.txt" -nt "$folder/build.ninja" ]; then
        if ! cmake -S "$root" -B "$folder" -G Ninja "$@" >"$folder/configure.log" 2>&1 </dev/null; then
            tail -n 40 "$folder/configure.log" >&2
            say "Configuring failed (above); the whole log is $folder/configure.log"
            return 4
        fi
        sed -n 's/^-- \(GPU kernels: .*\)/\1/p' "$folder/configure.log" >&2
        say "Building (a few minutes the first time); the log is $log"
    fi
    if ! ninja -C "$folder" >"$log" 2>&1 </dev/null; then
        grep -nE 'error:|FAILED:|warning:' "$log" | head -n 40 >&2
        say "The build failed; the whole log is $log"
        return 4
    fi
    show_kernels "$log"
}
