"""The file of --env-file: variables for placeholders; knows nothing about commands."""

from __future__ import annotations

from joblint.base.wrong import WrongInput


def variables_of(path: str | None) -> tuple[tuple[str, str], ...]:
    """Return the variables of --env-file, none if it is not given. Raises WrongInput."""
    if path is None:
        return ()
    from joblint.base.content import small
    from joblint.source.unrendered.known import VariablesError, read_variables

    try:
        return tuple(read_variables(small(path).decode()).items())
    except OSError as error:
        raise WrongInput(f"--env-file {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise WrongInput(f"--env-file {path}: not a UTF-8 text file") from None
    except VariablesError as error:
        raise WrongInput(f"--env-file {path}: {error}") from None
