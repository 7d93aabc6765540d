"""Editors themselves with the real server, as the docs say to set them up."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VSCODE = ROOT / "editors" / "vscode"
JOB = """apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backofLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
        - {name: main, image: "busybox:1.36"}
"""
SCRIPT = """
local function ask(method, params)
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, 60000), method)
  for _, answer in pairs(answers) do return answer.result end
end
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 20)
local told = vim.diagnostic.get(0, { lnum = 5 })
local where = { textDocument = vim.lsp.util.make_text_document_params() }
where.position = { line = 5, character = 4 }
local hover = ask("textDocument/hover", where)
where.range = { start = where.position, ["end"] = where.position }
where.context = { diagnostics = {} }
local lens = ask("textDocument/codeLens", where)
for _, action in ipairs(ask("textDocument/codeAction", where)) do
  if action.title:find("JL105") and not action.title:find("Ignore") then
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
  end
end
local line = vim.api.nvim_buf_get_lines(0, 5, 6, true)[1]
local seen = { told = told[1].message, col = told[1].col, hover = hover.contents.value, lens = lens[1].command.title }
seen.line = line
io.stdout:write(vim.json.encode(seen) .. "\\n")
vim.cmd("qa!")
"""

EGLOT = """
(defun wait (holds) (let ((n 0)) (while (and (< n 1200) (not (funcall holds))) (accept-process-output nil 0.05) (setq n (1+ n)))))
(wait #'eglot-managed-p)
(wait #'flymake-diagnostics)
(goto-char (point-min))
(search-forward "backof")
(let* ((server (eglot--current-server-or-lose))
       (told (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
       (hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))
       (actions (append (eglot-code-actions (line-beginning-position) (line-end-position)) nil))
       (fix (seq-find (lambda (a) (string-match-p "JL105" (plist-get a :title))) actions)))
  (eglot--apply-workspace-edit (plist-get fix :edit))
  (princ (json-serialize (list :told (mapconcat #'identity told "; ") :hover (plist-get (plist-get hover :contents) :value)
                               :line (buffer-substring (line-beginning-position) (line-end-position))))))
"""
LSP_MODE = """
(setq lsp-auto-guess-root t lsp-diagnostics-provider :none lsp-enable-file-watchers nil lsp-restart 'ignore)
(defun wait (holds) (let ((n 0)) (while (and (< n 1200) (not (funcall holds))) (accept-process-output nil 0.05) (setq n (1+ n)))))
(lsp)
(wait (lambda () (> (hash-table-count (lsp-diagnostics)) 0)))
(goto-char (point-min))
(search-forward "backof")
(let* ((told nil) (hover (lsp-request "textDocument/hover" (lsp--text-document-position-params)))
       (actions (append (lsp-code-actions-at-point) nil))
       (fix (seq-find (lambda (a) (string-match-p "JL105" (lsp:code-action-title a))) actions)))
  (maphash (lambda (_ found) (setq told (append told (mapcar #'lsp:diagnostic-message found)))) (lsp-diagnostics))
  (lsp-execute-code-action fix)
  (princ (json-serialize (list :told (mapconcat #'identity told "; ") :hover (lsp:markup-content-value (lsp:hover-contents hover))
                               :line (buffer-substring (line-beginning-position) (line-end-position))))))
"""


def _recipes(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/editors.md").read_text("utf-8"), re.DOTALL)


def _environment() -> dict[str, str]:
    """With this environment's joblint first on PATH."""
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    return {**os.environ, "PATH": path, "JOBLINT": str(Path(sys.executable).with_name("joblint"))}


def test_neovim_shows_findings_hovers_and_fixes(tmp_path: Path) -> None:
    nvim = shutil.which("nvim")
    if nvim is None:
        pytest.skip("Neovim is not installed")
    version = subprocess.run([nvim, "--version"], capture_output=True, text=True, check=True).stdout
    newest, older = _recipes("lua")
    is_new = tuple(int(n) for n in re.findall(r"\d+", version)[:2]) >= (0, 11)
    (tmp_path / "init.lua").write_text(newest if is_new else older)
    (tmp_path / "look.lua").write_text(SCRIPT)
    (tmp_path / "job.yaml").write_text(JOB)
    (tmp_path / ".joblint.yaml").write_text("severity: info\n")
    xdg = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    done = subprocess.run(
        [nvim, "--headless", "-u", "init.lua", "-n", "-i", "NONE", "job.yaml", "-c", "luafile look.lua"],
        cwd=tmp_path,
        env={**_environment(), **xdg},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines, done.stderr
    seen = json.loads(lines[0])
    assert "backofLimit" in seen["told"] and seen["col"] == 2
    assert "JL105" in seen["hover"] and seen["lens"] and seen["line"] == "  backoffLimit: 3"


@pytest.mark.parametrize(("package", "recipe", "look"), [("eglot", 0, EGLOT), ("lsp-mode", 1, LSP_MODE)])
def test_emacs_shows_findings_hovers_and_fixes(tmp_path: Path, package: str, recipe: int, look: str) -> None:
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("Emacs is not installed")
    needed = f"(package-initialize) (require 'yaml-mode) (require '{package})"
    if subprocess.run([emacs, "--batch", "--eval", f"(progn {needed})"], capture_output=True, check=False).returncode:
        pytest.skip(f"Emacs has no {package} or no yaml-mode")
    own = f"(setq user-emacs-directory {json.dumps(str(tmp_path / 'emacs') + '/')})"
    (tmp_path / "init.el").write_text("\n".join((own, needed, _recipes("elisp")[recipe])))
    opened = """(find-file "job.yaml") (run-hooks 'post-command-hook)"""
    (tmp_path / "look.el").write_text("\n".join((opened, look, "(set-buffer-modified-p nil)", "(kill-emacs 0)")))
    (tmp_path / "job.yaml").write_text(JOB)
    (tmp_path / ".joblint.yaml").write_text("severity: info\n")
    (tmp_path / ".git").mkdir()  # the root of a project, for both packages
    done = subprocess.run(
        [emacs, "--batch", "-l", "init.el", "-l", "look.el"],
        cwd=tmp_path,
        env={**_environment(), "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines, done.stderr
    seen = json.loads(lines[0])
    assert "backofLimit" in seen["told"] and "JL105" in seen["hover"] and seen["line"] == "  backoffLimit: 3"


def test_the_extension_for_visual_studio_code(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = VSCODE
    if not (VSCODE / "node_modules").is_dir():  # nothing is put into a checkout that somebody works in
        folder = tmp_path / "editors" / "vscode"
        shutil.copytree(VSCODE, folder)
        made = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False)
        if made.returncode:
            pytest.skip("npm cannot fetch what the extension is built with")
    done = subprocess.run([npm, "test"], cwd=folder, env=_environment(), capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "# fail 0" in done.stdout


def test_the_extension_in_the_real_editor() -> None:
    missing = [name for name in ("code-server", "chromium", "npm") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}; nox -s vscode fetches code-server")
    if not (VSCODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("npm ci was not run in editors/vscode")
    subprocess.run(["npm", "run", "package"], cwd=VSCODE, capture_output=True, check=True)
    done = subprocess.run(
        ["node", "--test", "test/editor.mjs"],
        cwd=VSCODE,
        env={
            **_environment(),
            "CODE_SERVER": str(shutil.which("code-server")),
            "CHROMIUM": str(shutil.which("chromium")),
            "VSIX": str(VSCODE / "joblint.vsix"),
        },
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0 and "# fail 0" in done.stdout, done.stdout[-6000:]


def test_recipes_are_well_formed() -> None:
    for text in _recipes("toml"):
        assert tomllib.loads(text)["language-server"]["joblint"]["args"] == ["lsp"]
    for text in _recipes("json"):
        json.loads(text)
    for text in _recipes("elisp"):
        assert text.count("(") == text.count(")")
    manifest = json.loads((VSCODE / "package.json").read_text("utf-8"))
    zed = tomllib.loads((ROOT / "editors/zed/extension.toml").read_text("utf-8"))
    crate = tomllib.loads((ROOT / "editors/zed/Cargo.toml").read_text("utf-8"))
    from joblint import __version__

    assert {manifest["version"], zed["version"], crate["package"]["version"]} == {__version__}
