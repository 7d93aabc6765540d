"""`joblint check --fix` and `--diff`: applies fixes to files, or shows them as a diff; does not compute them."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress

from joblint.base.uninterrupted import Uninterrupted
from joblint.cli.console import BUG, USAGE, tell_crashes
from joblint.cli.output import OutputError, say, write_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import FileIO

    from joblint.rules.engine import Engine
    from joblint.rules.fixes.apply import Fixed


def fix_files(engine: Engine, files: tuple[str, ...], stdin_filename: str, *, unsafe: bool, write: bool) -> int:
    """Fix files in place (`write`), or print the changes as a unified diff and write nothing.

    Standard input (`-`) is fixed to standard output. The result is reported on standard error. Returns 0, 2 if a file cannot be
    read or written, 3 for an error in joblint itself; with a diff, 1 if there is something to fix.
    """
    from joblint.report.safe import safe
    from joblint.rules.finding import failed
    from joblint.rules.fixes.apply import fix_data
    from joblint.run.contents import read_file
    from joblint.run.parts import TOO_LARGE
    from joblint.source.unrendered.kustomize_patches import Patches

    patches = Patches()
    status = count = fixed = more = 0
    for file in files:
        name = (stdin_filename or "<stdin>") if file == "-" else file
        try:
            data = read_file(file)
            skipped = patches.why_skipped(file) if file != "-" else None
            result = fix_data(engine, data, name, unsafe, skipped)
            if write and file == "-":
                write_bytes(result.data)
            elif write and result.data != data:
                replace_file(file, data, result.data)
            if tell_crashes(result.crashes):  # the check that follows may read a text that the error is not in
                status = BUG
            more += result.unsafe
            if result.data != data:
                count += len(result.made)
                fixed += 1
            _tell(name, result, write)
            if not write and result.data != data:
                _show(name, data, result.data)
        except OutputError:
            raise
        except OSError as error:
            say(f"joblint: {safe(name)}: {error.strerror or error}")
            status = max(status, USAGE)
            continue
        except MemoryError:
            say(f"joblint: {safe(name)}: {TOO_LARGE}")
            status = max(status, USAGE)
            continue
        except Exception as error:  # an error in one file must not affect the others
            tell_crashes((failed(name, 0, error),))
            status = BUG
    others = f"; {more} unsafe fix{'' if more == 1 else 'es'} with --unsafe" if more else ""
    if more and not write and not fixed and not status:
        say(f"joblint: no safe fix{others}")
    if write and (count or not status):
        what = (
            f"{count} fix{'' if count == 1 else 'es'} in {fixed} file{'' if fixed == 1 else 's'}"
            if count
            else f"no safe fix{others}"
            if more
            else "nothing to fix"
        )
        say(f"joblint: {what}")
    return status if write else status or int(fixed > 0)


def replace_file(path: str, old: bytes, new: bytes) -> None:
    """Replace a file's content `old` in one step, by renaming a new file next to it.

    Mode, owner and extended attributes are kept, and a link remains a link; a file with several names (hard links) is written
    in place, so that all of them have the new content. Raises OSError if that is impossible, or if the file no longer contains
    `old`; it is then unchanged.
    """
    path = os.path.realpath(path)
    info = os.stat(path)
    if not stat.S_ISREG(info.st_mode):
        raise OSError(22, "not written: not a regular file")
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "not writable")
    temporary = _beside(path, new)
    try:
        _like(temporary, path, info)
        with open(path, "rb") as source:
            if source.read() != old:
                raise OSError(11, "not written: another program has changed it")
        if info.st_nlink > 1:
            _overwrite(path, old, new)
            os.unlink(temporary)
        else:
            os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _beside(path: str, data: bytes) -> str:
    """A new file in the same directory with that content, flushed to disk."""
    import tempfile

    handle, temporary = tempfile.mkstemp(prefix=".joblint-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _like(temporary: str, path: str, info: os.stat_result) -> None:
    """Copy the mode, the owner and the extended attributes of another file, as far as the system allows."""
    os.chmod(temporary, info.st_mode & 0o7777)
    if hasattr(os, "chown") and (info.st_uid, info.st_gid) != (os.getuid(), os.getgid()):
        with suppress(PermissionError):  # in a shared directory, it belongs to the user who fixed it
            os.chown(temporary, info.st_uid, info.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):  # not every filesystem has them
            for name in os.listxattr(path):
                os.setxattr(temporary, name, os.getxattr(path, name))


def _overwrite(path: str, old: bytes, new: bytes) -> None:
    """Write to a file itself; its old content is restored if that fails. Ctrl-C and SIGTERM wait until it is complete."""
    with Uninterrupted(), open(path, "r+b", buffering=0) as file:
        try:
            _put(file, new)
        except BaseException:
            _put(file, old)
            raise


def _put(file: FileIO, data: bytes) -> None:
    file.seek(0)
    view = memoryview(data)
    while view:
        view = view[file.write(view) or 0 :]
    file.truncate()
    os.fsync(file.fileno())


def _tell(name: str, result: Fixed, write: bool) -> None:
    from joblint.report.safe import safe

    if write:
        for made in result.made:
            say(f"{safe(name)}:{made.line}:{made.column}: {made.rule} fixed: {safe(made.title)}")
    for left in result.left:
        reason = "not fixed, because the fix would not improve the file"
        say(f"{safe(name)}:{left.line}:{left.column}: {left.rule} {reason}: {safe(left.title)}")


def _lines(data: bytes) -> list[str]:
    """The lines as `patch` counts them: ended by `\\n` alone, including it."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _quoted(path: str) -> str:
    """A path as git writes it in a diff: in quotes with escapes if it contains what would end the line or the name."""
    if path.isprintable() and not set(path) & {'"', "\\"}:
        return path
    raw = path.encode("utf-8", "surrogateescape")
    return '"' + "".join([chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03o}" for b in raw]) + '"'


def _show(name: str, old: bytes, new: bytes) -> None:
    """Write the unified diff of two contents; on a terminal without control characters."""
    from joblint.base.unified import unified
    from joblint.report.safe import safe

    before, after = [_lines(d) for d in (old, new)]
    plain, path = sys.stdout is not None and sys.stdout.isatty(), name.lstrip("/")
    out = []
    for line in unified(before, after, _quoted(f"a/{path}"), _quoted(f"b/{path}")):
        text = line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
        out.append("\n".join([safe(part.rstrip("\r")) for part in text.rstrip("\n").split("\n")]) + "\n" if plain else text)
    write_bytes("".join(out).encode("utf-8", "surrogateescape"))
