"""`joblint check --fix` and `--diff`: mends into files, or shown as a diff; the mends themselves are made elsewhere."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.fixes.apply import Mended


def mend(engine: Engine, files: tuple[str, ...], stdin_filename: str, *, unsafe: bool, write: bool) -> int:
    """Mends files in place (`write`), or prints what would change as a unified diff and writes nothing.

    Standard input (`-`) is mended to standard output. What was done is told on standard error. Gives 0, or 2 where a file
    cannot be read or written; with a diff, 1 where there is something to mend.
    """
    from joblint.report.safe import safe
    from joblint.rules.fixes.apply import mend as mend_data
    from joblint.run.check import read_file
    from joblint.source.unrendered.kustomize_patches import Patches

    patches = Patches()
    status = count = mended = 0
    for file in files:
        name = (stdin_filename or "<stdin>") if file == "-" else file
        try:
            data = read_file(file)
            skipped = patches.names(file) if file != "-" else None
            result = mend_data(engine, data, name, unsafe, skipped)
            if write and file == "-":
                sys.stdout.flush()
                sys.stdout.buffer.write(result.data)
                sys.stdout.flush()
            elif write and result.data != data:
                replace_file(file, result.data)
        except OSError as error:
            print(f"joblint: {safe(name)}: {error.strerror or error}", file=sys.stderr)
            status = 2
            continue
        _tell(name, result, write)
        if result.data != data:
            count += len(result.made)
            mended += 1
            if not write:
                _show(name, data, result.data)
    if write:
        what = (
            f"{count} mend{'' if count == 1 else 's'} in {mended} file{'' if mended == 1 else 's'}"
            if count
            else "nothing to mend"
        )
        print(f"joblint: {what}", file=sys.stderr)
        return status
    return status or int(mended > 0)


def replace_file(path: str, data: bytes) -> None:
    """Puts new content into a file at one stroke, by way of a file beside it; mode and owner stay, a link stays a link.

    Raises OSError where that cannot be done; the file is then as it was.
    """
    import tempfile
    from contextlib import suppress

    path = os.path.realpath(path)
    old = os.stat(path)
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "may not be written")
    handle, temporary = tempfile.mkstemp(prefix=".joblint-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, old.st_mode & 0o7777)
        if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
            with suppress(PermissionError):  # in a shared folder it belongs to whoever mended it
                os.chown(temporary, old.st_uid, old.st_gid)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _tell(name: str, result: Mended, write: bool) -> None:
    from joblint.report.safe import safe

    if write:
        for made in result.made:
            print(f"{safe(name)}:{made.line}:{made.column}: {made.rule} mended: {safe(made.title)}", file=sys.stderr)
    for left in result.left:
        reason = "not mended, the file would be no better for it"
        print(f"{safe(name)}:{left.line}:{left.column}: {left.rule} {reason}: {safe(left.title)}", file=sys.stderr)


def _show(name: str, old: bytes, new: bytes) -> None:
    """Writes the unified diff of two contents; on a terminal without what it might obey."""
    from difflib import unified_diff

    from joblint.report.safe import safe

    before, after = [d.decode("utf-8", "surrogateescape").splitlines(keepends=True) for d in (old, new)]
    plain, path = sys.stdout.isatty(), name.lstrip("/")
    out = []
    for line in unified_diff(before, after, f"a/{path}", f"b/{path}"):
        text = line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
        out.append(safe(text.rstrip("\r\n")) + "\n" if plain else text)
    sys.stdout.flush()
    sys.stdout.buffer.write("".join(out).encode("utf-8", "surrogateescape"))
    sys.stdout.flush()
