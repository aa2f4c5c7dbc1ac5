"""What is asked of the shell at the server. Any POSIX shell will do, with nothing but its like.

The shell lives as long as its connection: as soon as that is gone, its input ends, and it
leaves. It holds the lock, a file that names its process: a lock is void if that is gone.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from shlex import quote

from generator.deploy.targets.target import OWN
from generator.urls import folders_of

PATIENCE = 8
"""Seconds that another deploy has for leaving: it may just have been killed, and what it had
sent be on its way yet."""
_CHUNK = 48_000
"""Characters of a script at most; what a command is given is far below any system's limit."""
_NAMES = 50
"""Names of one folder in a command at most, of up to 255 bytes, below a long path."""

PRELUDE = rf"""exec 2>&1
LC_ALL=C; export LC_ALL
unset CDPATH
umask 022
PATH=$PATH:/usr/local/bin:/opt/homebrew/bin:/opt/local/bin
own= mine= made=
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) || boot=-
node=$(uname -n)
trap leave EXIT; trap 'exit 1' HUP INT TERM; trap '' PIPE

content() {{ [ -f "$own/lock" ] && cat "$own/lock" 2>/dev/null; }}

holds() {{ [ "$mine" ] && [ "$(content)" = "$mine" ]; }}

# Give up the lock. $1: the end is in order; if not, what came over the line may not be over
# yet, and what came in parts is kept for when it is taken up again.
leave() {{
  holds || return 0
  if [ "$1" ]; then rm -rf "$own/tmp"; else sleep 1; holds || return 0; fi
  rm -f "$own/lock"
  mine=
  rmdir "$own" 2>/dev/null && [ "$made" ] && rmdir "${{own%/*}}" 2>/dev/null
  return 0
}}

# Whether a process is gone: $1 its number, $2 its machine, $3 that machine's start.
is_gone() {{
  [ "$2" = "$node" ] || return 1
  [ "$3" = "$boot" ] || return 0
  case $(kill -0 "$1" 2>&1) in *"o such process"*) return 0 ;; esac
  return 1
}}

# Take a lock away that nobody holds: $1 its content. One at a time.
clear_lock() {{
  (set -C; : >"$own/lock.void") 2>/dev/null || return 1
  [ "$(content)" = "$1" ] && rm -f "$own/lock"
  rm -f "$own/lock.void"
}}

# What is kept here is for those who may deploy, and for no reader.
own_umask() {{ case $(ls -ld .) in ?????w*) echo 007 ;; *) echo 027 ;; esac; }}

# Hold the lock: $1 a word of this deploy, $2 who it is. 0 held; 3 cannot be written; 4 taken.
lock() {{
  if [ -e "$own/lock" ] && [ ! -f "$own/lock" ]; then
    printf 'blocked %s\n' "$own/lock"; return 3
  fi
  mine="$1 $$ $node $boot $(date -u +%Y-%m-%dT%H:%MZ) $2"
  tries=0
  while :; do
    if (set -C; : >"$own/lock") 2>/dev/null; then
      printf '%s\n' "$mine" | cat >"$own/lock" && return 0
      rm -f "$own/lock"; mine=; return 3
    fi
    if [ ! -e "$own/lock" ] && [ ! -h "$own/lock" ]; then
      touch "$own/lock.try.$$" || {{ mine=; return 3; }}
      rm -f "$own/lock.try.$$"
    fi
    held=$(content)
    read -r word pid machine start since who <<END
$held
END
    if [ "$word" = "$1" ]; then
      printf '%s\n' "$mine" | cat >"$own/lock.new" && mv -f "$own/lock.new" "$own/lock" || {{
        mine=; return 3
      }}
      kill "$pid" 2>/dev/null
      return 0
    elif [ "$word" ] && is_gone "$pid" "$machine" "$start"; then
      clear_lock "$held" && continue
    elif [ ! "$word" ] && [ -e "$own/lock" ] && [ $tries -ge {PATIENCE} ]; then
      clear_lock "" && continue
    fi
    if [ $tries -ge {PATIENCE} ]; then
      mine=; printf 'taken %s\nsince %s\nby %s\n' "$own/lock" "$since" "$who"
      [ -e "$own/lock.void" ] && printf 'void %s\n' "$own/lock.void"
      return 4
    fi
    tries=$((tries + 1)); sleep 1
  done
}}

# Go to a folder, but through no symbolic link. 1: it is not there.
at() {{
  [ -d "$1" ] || return 1
  cd -P -- "$1" || {{ failed=1; return 1; }}
  [ "$PWD" = "$1" ]
}}

# Delete what is no folder.
drop() {{
  rm -f -- "$@" 2>/dev/null && return
  for name; do [ -d "$name" ] && [ ! -h "$name" ] || rm -f -- "$name" || failed=1; done
}}
"""


def report_script(path: str) -> str:
    """Say what is at the server, and change nothing: lines of a word and what it is."""
    return rf"""(
  top={quote(path)}
  if rsync=$(command -v rsync); then
    printf 'rsync %s\n' "$rsync"
    rsync --version </dev/null | head -n 1
  fi
  case $(find / -maxdepth 0 -printf '%T@' 2>/dev/null) in *[0-9].[0-9]*) echo finder printf ;; *)
    case $(find / -maxdepth 0 -exec stat -c '%f %s %Y %y' {{}} + 2>/dev/null) in
      4[0-9a-f][0-9a-f][0-9a-f]\ [0-9]*:[0-9][0-9].[0-9]*) echo finder stat ;;
    esac ;;
  esac
  if [ ! -e "$top" ] && [ ! -h "$top" ]; then echo missing
  elif [ ! -d "$top" ]; then echo file
  elif cd -P -- "$top"; then {_FOLDER}
  else echo closed
  fi
)"""


def lock_script(path: str, word: str, who: str) -> str:
    """Make the folder if it is not there, and hold its lock; then say what it is like."""
    return rf"""
  top={quote(path)}
  [ -d "$top" ] || made=1
  if mkdir -p -- "$top" && cd -P -- "$top"; then
    own=$PWD/{OWN}
    if [ -h "$own" ]; then echo "a link is in the way: $own"; (exit 3)
    elif umask "$(own_umask)"; [ -d "$own" ] || mkdir "$own"; then
      lock {quote(word)} {quote(who)} && mkdir -p "$own/tmp" && {_FOLDER}
    else (exit 3); fi
  else (exit 3); fi
"""


CLEAR = r'rm -rf "$own/tmp" && mkdir "$own/tmp"'
RELEASE = "leave now; cd /"


def probe_script(size: int) -> str:
    """Write so many bytes, to have it said why that cannot be; they go at once."""
    blocks = (size >> 16) + 1
    return f"""
  dd if=/dev/zero of="$own/tmp/probe" bs=65536 count={blocks}
  rm -f "$own/tmp/probe"
"""


def delete_scripts(top: str, paths: Iterable[str]) -> Iterator[str]:
    """Delete files below `top`, and the folders that are empty without them.

    Both in one go: if it is cut off between the two, nobody would know of the folders any more.
    """
    files = sorted({path for path in paths if path.split("/")[0] != OWN}, key=_folder_first)
    for some in chunks(files, 2 * len(top)):
        folders = {parent for path in some for parent in folders_of(path)}
        deepest_first = sorted(folders, key=lambda path: (-path.count("/"), _folder_first(path)))
        deleting = _whole(top, some, 'drop "$@"')
        tidying = _whole(top, deepest_first, 'rmdir -- "$@" 2>/dev/null')
        yield f'{deleting}\nwrong=$?\n{tidying} && [ "$wrong" = 0 ]'


def clear_folder_script(top: str, folder: str) -> str:
    """Delete a folder that holds nothing but folders."""
    parent, _, name = folder.rpartition("/")
    return f"""(failed=0; at {quote(_joined(top, parent))} || exit 1
  find {quote("./" + name)} -depth -type d -exec rmdir {{}} \\;)"""


_FOLDER = r"""printf 'folder %s\nmode %s\n' "$PWD" "$(ls -ld . | cut -c 1-10)" """


def _collected(top: str, folder: str, names: Sequence[str]) -> str:
    """Return a command that notes the names in a folder, if no link leads there."""
    place = _joined(top, folder)
    paths = " ".join(quote(f"{place}/{name}") for name in names)
    return f'at {quote(place)} && set -- "$@" {paths}'


def chunks(words: Iterable[str], more: int) -> Iterator[list[str]]:
    """Yield the words, as many in one go as fit; each takes so many characters more than it has."""
    chunk: list[str] = []
    size = 0
    for word in words:
        if chunk and size + len(word) + more > _CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(word)
        size += len(word) + more
    if chunk:
        yield chunk


def _whole(top: str, paths: Iterable[str], act: str) -> str:
    """Return a command that notes paths, and what is done then with all of them."""
    noted = "\n".join(_collected(top, folder, names) for folder, names in _by_folder(paths))
    return f'failed=0; set --\n{noted}\ncd /; [ $# = 0 ] || {act}\n[ "$failed" = 0 ]'


def _by_folder(paths: Iterable[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each folder with names in it, not too many at a time."""
    for folder, inside in groupby(paths, key=lambda path: path.rpartition("/")[0]):
        names = [path.rpartition("/")[2] for path in inside]
        for start in range(0, len(names), _NAMES):
            yield folder, names[start : start + _NAMES]


def _folder_first(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _joined(top: str, folder: str) -> str:
    return f"{top}/{folder}" if folder else top
