//! Starts `joblint lsp`: the joblint on the PATH of the folder's shell.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Joblint;

impl zed::Extension for Joblint {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree
            .which("joblint")
            .ok_or("joblint is not on PATH; install it with: pipx install 'joblint[lsp]'")?;
        Ok(Command { command, args: vec!["lsp".into()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Joblint);
