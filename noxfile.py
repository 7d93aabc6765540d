"""Sessions that need more than Python; what everybody runs every day is in the Makefile."""

from __future__ import annotations

import shutil

import nox

nox.options.sessions = []
nox.options.reuse_existing_virtualenvs = True


@nox.session
def conformance(session: nox.Session) -> None:
    """Hold joblint against the API server's own code; needs Go. `-- --refresh` records the tests' verdicts anew.

    Other arguments go to `python -m conformance.compare`, such as `--kubernetes-version 1.34 --manifests 500`.
    """
    if shutil.which("go") is None:
        session.error("Go is needed to build the API server's code; the ordinary tests replay recorded verdicts without it")
    session.install("-e", ".")
    if "--refresh" in session.posargs:
        session.run("python", "-m", "conformance.record", *[a for a in session.posargs if a != "--refresh"])
    else:
        session.run("python", "-m", "conformance.compare", *session.posargs)


@nox.session
def version(session: nox.Session) -> None:
    """Take in a Kubernetes version: `-- 1.38 v1.38.0-beta.0`; needs Go. CONTRIBUTING.md says what is left for a person."""
    if shutil.which("go") is None:
        session.error("Go is needed to build the API server's code")
    session.install("-e", ".")
    session.run("python", "-m", "conformance.taking", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into site/, with the playground where npm is there, and look for links that lead nowhere."""
    session.install("-e", ".", "zensical<0.1")  # 0.1 needs a package that is not published everywhere
    session.run("python", "tools/build_docs.py")
    session.run("zensical", "build", "--clean")
    if shutil.which("npm") is not None:
        session.run("python", "tools/build_playground.py")
    session.run("python", "tools/check_site.py", "site")
