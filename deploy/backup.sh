#!/bin/sh
# Keeps a copy of all that Paceline has on SQLite, while it runs, and brings one back.
#
#   backup.sh [FOLDER [KEEP]]    one more archive in FOLDER (backups in PACELINE_HOME); the newest KEEP (14) stay
#   backup.sh restore ARCHIVE    into an empty PACELINE_HOME; - reads the archive from standard input
#
# Restored, it sends nothing that may have been sent after the backup: settle.py sees to that. Stop the old bot first.
# PYTHON names an interpreter that has Paceline, when it is neither in .venv nor beside this script.
set -eu
umask 077
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=${PACELINE_HOME:-.paceline}
case $home in /*) ;; *) home=$(pwd)/$home ;; esac
work=

fail() {
    echo "backup: $*" >&2
    exit 1
}

find_python() {
    for python in ${PYTHON:+"$PYTHON"} "$here/../.venv/bin/python" "$here/python"; do
        if "$python" -P -c 'import bot.settings' 2>/dev/null; then return; fi
    done
    fail "No Python here has Paceline. Run \`make install\`, or name one: PYTHON=/path/to/.venv/bin/python $0"
}

clean() { [ -z "$work" ] || rm -rf "$work"; }

keep() {
    folder=$1 most=$2
    case $most in '' | *[!0-9]* | 0*) fail "How many archives to keep is $most. Give a whole number above 0." ;; esac
    [ -f "$home/paceline.db" ] || fail "There is no paceline.db in $home. Set PACELINE_HOME to the folder of the bot."
    mkdir -p "$folder" && work=$(mktemp -d "$folder/.taking.XXXXXX") || fail "Cannot write to $folder. Give another folder."
    "$python" -P - "$home" "$work" <<'END' || fail "$home could not be copied to $folder; no archive was made."
import contextlib, pathlib, sqlite3, sys, tarfile

home, work = map(pathlib.Path, sys.argv[1:])
try:
    source, copy = sqlite3.connect(home / "paceline.db", timeout=30), sqlite3.connect(work / "paceline.db")
    source.backup(copy)  # one moment, whole; nobody who writes meanwhile has to wait
    copy.execute("PRAGMA journal_mode=DELETE")  # one file, with no journal beside it
    (sound,) = copy.execute("PRAGMA integrity_check").fetchone()
    copy.close()
    if sound != "ok":
        sys.exit(f"backup: the database is damaged: {sound}")
    with tarfile.open(work / "archive", "w:gz", compresslevel=6) as archive:
        archive.add(work / "paceline.db", "paceline.db")
        for file in sorted((home / "files").rglob("*")):  # after the database: all that it names is there by now
            with contextlib.suppress(FileNotFoundError):
                if file.is_file() and file.suffix != ".part":
                    archive.add(file, file.relative_to(home))
except (OSError, sqlite3.Error) as fault:
    sys.exit(f"backup: {fault}")
END
    made=$folder/paceline-$(date -u +%Y%m%d-%H%M%S).tar.gz
    mv "$work/archive" "$made"
    echo "$made"
    set -- "$folder"/paceline-[0-9]*-[0-9]*.tar.gz # in the order of their dates
    while [ $# -gt "$most" ]; do
        rm -f "$1"
        shift
    done
}

restore() {
    archive=$1
    [ "$archive" = - ] || [ -f "$archive" ] || fail "There is no archive $archive."
    mkdir -p "$home" || fail "Cannot make the folder $home. Set PACELINE_HOME to one that you may write to."
    for there in "$home"/* "$home"/.[!.]*; do
        case ${there##*/} in backups | lost+found) continue ;; esac
        [ ! -e "$there" ] || fail "$home is not empty, it holds ${there##*/}. Move that away, or name a new PACELINE_HOME."
    done
    mkdir "$home/.restoring" || fail "Cannot write to $home. Run this as the account that runs the bot."
    work=$home/.restoring
    tar -xzof "$archive" -C "$work" 2>/dev/null && [ -f "$work/paceline.db" ] ||
        fail "$archive is cut short, or no backup of Paceline; nothing was restored. Take another one."
    "$python" -P "$here/settle.py" "sqlite:///$work/paceline.db" ||
        fail "The database in $archive could not be made ready; nothing was restored. The lines above say why."
    [ ! -d "$work/files" ] || mv "$work/files" "$home/files"
    mv "$work/paceline.db" "$home/paceline.db"
    echo "Restored into $home. Start it with: paceline serve"
}

trap clean EXIT
trap 'exit 130' INT TERM HUP
[ -z "${PACELINE_DB_URL:-}${PACELINE_DB_URL_FILE:-}" ] ||
    fail "PACELINE_DB_URL is set, and this keeps the SQLite database in PACELINE_HOME alone. Use your database's own tools."
find_python
case ${1:-} in
    restore) [ $# -eq 2 ] || fail "Name the archive: $0 restore ARCHIVE"; restore "$2" ;;
    -*) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
    *) keep "${1:-$home/backups}" "${2:-14}" ;;
esac
