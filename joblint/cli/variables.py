"""The file that --env-file names: variables for placeholders; does not know any command."""

from __future__ import annotations


def variables_of(path: str | None) -> tuple[tuple[str, str], ...]:
    """The variables of --env-file, none where it is not given. Raises ValueError with words for a person."""
    if path is None:
        return ()
    from joblint.base.content import small
    from joblint.source.unrendered.known import VariablesError, read_variables

    try:
        return tuple(read_variables(small(path).decode()).items())
    except OSError as error:
        raise ValueError(f"--env-file {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"--env-file {path}: not a UTF-8 text file") from None
    except VariablesError as error:
        raise ValueError(f"--env-file {path}: {error}") from None
