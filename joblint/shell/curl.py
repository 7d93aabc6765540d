"""Whether a curl command reports an HTTP error: only with --fail; knows curl's options (8.10), nothing of Kubernetes."""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words

_TAKE = frozenset("AbcCdDeEFHhKmoPQrtTuUwxXyYz")  # one-letter options that use the rest of their word, or the next one
_SHOWN = names("--write-out")
_FAIL = names("--fail --fail-with-body -f")
# With these options the caller sees the status in the output, or the options are in a file.
_OTHERS = names("--write-out --config --version --help --manual")


def ignores_http_errors(rest: Words[str], printed: bool = False) -> bool:
    """Whether curl with these words exits 0 although the server responds with 404 or 500; False if that is not known or does
    not matter. `printed` says that nothing reads the output, so that -w only shows the status."""
    if "DELETE" in rest or "-XDELETE" in rest:
        return False  # an object that no longer exists is as good as deleted
    url = ""
    skip = False
    for word in rest:
        if skip:
            skip = False
        elif word.startswith("--"):
            name = word.partition("=")[0]
            if name in _FAIL or name in _OTHERS and not (printed and name in _SHOWN):
                return False
            skip = name in _LONG and "=" not in word
        elif word.startswith("-") and len(word) > 1:
            for i, letter in enumerate(word[1:], 1):
                if letter == "f" or letter in "KVh" or letter == "w" and not printed:
                    return False
                if letter in _TAKE:
                    skip = i == len(word) - 1
                    break
        else:
            url = url or word
    return url.startswith(("http://", "https://")) or "." in url and "://" not in url and not url.startswith("/")


_LONG = names(
    "--request --data --data-raw --data-binary --data-urlencode --json --header --output --user --max-time --connect-timeout "
    "--retry --retry-delay --retry-max-time --form --cacert --cert --key --cookie --cookie-jar --user-agent --referer --proxy "
    "--write-out --upload-file --url --resolve --limit-rate --range --interface --dump-header --oauth2-bearer --unix-socket "
    "--output-dir"
)
