# Sourced by the other scripts: makes the virtual environment on first use, from the lock file, and again when that changes.
# Python 3.11 or newer and a package index are all it needs.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
venv="$root/.venv"

# is_python NAME [VERSION]: whether it starts, and is new enough, or of that version
is_python() {
  [ -n "$1" ] && "$1" -c 'import sys
own, wanted = sys.version_info[:2], sys.argv[1]
sys.exit(own < (3, 11) or wanted not in ("", "%d.%d" % own))' "${2:-}" >/dev/null 2>&1
}

# find_python [VERSION]: one that is new enough, or of exactly that version; pyenv keeps some that the PATH does not lead to
find_python() {
  local name names=(python3 python3.14 python3.13 python3.12 python3.11 python)
  [ -z "${1:-}" ] || names=("python$1" python3 python "$(pyenv whence --path "python$1" 2>/dev/null | tail -n 1)")
  for name in "${PYTHON:-}" "${names[@]}"; do
    if is_python "$name" "${1:-}"; then
      echo "$name"; return
    fi
  done
  echo "Python ${1:-3.11 or newer} is needed; set PYTHON to it if it is not on the PATH." >&2
  exit 1
}

# environment NAME LOCK: the stamp holds the lock that was installed, so a later call costs one comparison
environment() {
  local stamp="$venv/$1.lock" lock="$root/$2" python
  cmp -s "$stamp" "$lock" && return
  python="$(find_python)" || exit 1
  echo "Setting up the environment in ${venv##*/} (once; a minute or two) ..." >&2
  [ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || exit 1
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2 || exit 1
  echo "$root/src" > "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/provenu.pth"
  cp "$lock" "$stamp"
}

# run_tests ARGUMENTS: pytest on all cores, or in one process where files or tests are named, which end before workers have begun;
# what was skipped is named, and why
run_tests() {
  local one workers=(-n auto --dist worksteal)
  cd "$root" || exit 1
  for one in "$@"; do
    [ ! -e "${one%%::*}" ] || workers=()
  done
  exec "$venv/bin/python" -m pytest -rs "${workers[@]}" "$@"
}
