# shellcheck shell=bash
# Sourced by the scripts that need Debian packages.
#
# need <package>...  installs those that are missing and says so; `a|b` is content with either and installs the first
#                    that the system knows. Without apt-get it says what is needed and goes on: Meson names what it misses.

# what every build of memo takes, and what its tests take beside it
to_build=(meson ninja-build g++ pkg-config 'libboost1.81-dev|libboost-dev' libxxhash-dev libcereal-dev
    libsqlite3-dev libhiredis-dev nlohmann-json3-dev zlib1g-dev libzstd-dev)
to_test=("${to_build[@]}" python3 git doctest-dev librapidcheck-dev redis-server valgrind binutils gzip zstd)

has_package() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing_packages() {
    local wish choice
    for wish; do
        for choice in ${wish//|/ }; do
            has_package "$choice" && continue 2
        done
        echo "$wish"
    done
}

known_packages() {
    local wish choice
    for wish; do
        for choice in ${wish//|/ }; do
            apt-cache show --no-all-versions "$choice" >/dev/null 2>&1 && break
        done
        echo "$choice"
    done
}

need() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "packages: this system has no apt-get; what Debian calls these must be here already: ${*%%|*}" >&2
        return 0
    fi
    local missing as_root=()
    read -ra missing <<<"$(missing_packages "$@" | tr '\n' ' ')"
    ((${#missing[@]})) || return 0

    if ((EUID != 0)); then
        if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
            as_root=(sudo)
        else
            echo "packages: missing ${missing[*]%%|*}, and neither root nor sudo is at hand; as root, run:" >&2
            echo "    apt-get install ${missing[*]%%|*}" >&2
            return 1
        fi
    fi
    printf 'packages: %s is missing, installing it\n' "${missing[@]%%|*}"
    "${as_root[@]}" apt-get update -qq
    read -ra missing <<<"$(known_packages "${missing[@]}" | tr '\n' ' ')"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}
