# Sourced by the other scripts: makes the virtual environment on first use, from the lock file, and again when that changes.
# Python 3.11 or newer and a package index are all it needs.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
venv="$root/.venv"

find_python() {
  local name
  for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      echo "$name"; return
    fi
  done
  echo "Python 3.11 or newer is needed; set PYTHON to it if it is not on the PATH." >&2
  exit 1
}

# environment NAME LOCK: the stamp holds the lock that was installed, so a later call costs one comparison
environment() {
  local stamp="$venv/$1.lock" lock="$root/$2" python
  cmp -s "$stamp" "$lock" && return
  python="$(find_python)" || exit 1
  echo "Setting up the environment in .venv (once; a minute or two) ..." >&2
  [ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || exit 1
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2 || exit 1
  echo "$root/src" > "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/provenu.pth"
  cp "$lock" "$stamp"
}
