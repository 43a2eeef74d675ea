#!/bin/sh
# Makes the project ready to be used or worked on: system packages where they are missing, and a virtual
# environment in .venv with the versions of requirements-dev.lock.
#
#   packaging/set_up.sh demo    what running the program needs
#   packaging/set_up.sh test    what its tests need as well
set -eu
cd "$(dirname "$0")/.."
what=${1:-test}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else
        echo "Root rights are needed for: $*" >&2
        return 1
    fi
}

install_packages() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    echo "Installing:$missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.10; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

if command -v apt-get >/dev/null 2>&1; then
    find_python >/dev/null || install_packages python3
    # What Qt's wheels need of the system: fonts, input, OpenGL, and the X11 of a window.
    install_packages libglib2.0-0 libegl1 libgl1 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0 \
        libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 fonts-dejavu-core
    if [ "$what" = test ]; then
        install_packages dbus gnome-keyring faketime strace procps xvfb xdotool openbox trayer desktop-file-utils dex
        # Daily QA3 databases: a Firebird server (started by the tests alone), and ODBC with two drivers.
        install_packages firebird3.0-server firebird3.0-utils libfbclient2 libodbc2 unixodbc tdsodbc libsqliteodbc
    fi
    python=$(find_python) || { echo "Python 3.10 to 3.13 is needed, and this system has none." >&2; exit 1; }
    "$python" -c 'import venv, ensurepip' 2>/dev/null || install_packages python3-venv
else
    echo "This is no Debian or Ubuntu: tests that need D-Bus, GNOME Keyring or faketime are skipped where those are missing."
    python=$(find_python) || { echo "Python 3.10 to 3.13 is needed, and this system has none." >&2; exit 1; }
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
stamp=.venv/.set-up-$what
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ] || [ requirements-dev.lock -nt "$stamp" ]; then
    extras="[desktop]"
    [ "$what" = test ] && extras="[dev]"
    .venv/bin/python -m pip install -q --disable-pip-version-check -c requirements-dev.lock -e ".$extras"
    touch "$stamp"
fi
