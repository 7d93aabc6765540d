"""What applying NEW over OLD does, object by object; reads files, knows nothing about formats."""

from __future__ import annotations

from joblint.api.apply.stored import store
from joblint.api.exported import LAST_APPLIED, from_cluster
from joblint.api.version import versions
from joblint.rules.finding import RuleCrash, failed
from joblint.rules.skips import NAMED, Skipped
from joblint.run.diff.changes import Change, Diff, Options
from joblint.run.diff.effects import removed
from joblint.run.diff.objects import Matches, metadata_of, read_side
from joblint.run.diff.one import One, plain_change
from joblint.source.documents import DEEP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.apply.stored import Stored
    from joblint.run.diff.objects import Key, Side, Texts


def diff(old: Texts, new: Texts, options: Options, others: tuple[str, ...] = ()) -> Diff:
    """Return the changes between two sets of files, given as names and contents. Raises WrongInput for an unknown version.

    `others` are other versions of Kubernetes whose outcomes are also computed.
    """
    from joblint.base.record import replace

    before, after = read_side(old, options.namespace), read_side(new, options.namespace)
    changes, left, crashes = _compare(before, after, options)
    skipped = [Skipped(d.file, d.document, NAMED, d.why) for d in after.unread] + list(after.skipped) + left
    told = []
    for version in others:
        again, _, _ = _compare(before, after, replace(options, version=version))
        told.append((version, tuple(change.outcome for change in again)))
    crashes = [*before.crashes, *after.crashes, *crashes]
    return Diff(tuple(changes), tuple(skipped), options.version, tuple(told), tuple(crashes))


def _compare(before: Side, after: Side, options: Options) -> tuple[list[Change], list[Skipped], list[RuleCrash]]:
    gates = versions.gates(options.version)
    matches = Matches(before.objects)
    applied: dict[Key, Stored | None] = {}
    changes = []
    left: list[Skipped] = []
    crashes: list[RuleCrash] = []
    for found in after.objects:
        try:
            old = matches.find(found)
            one = One(found, old, before, matches, options, gates)
            key = old.key if old is not None else found.key
            change, stored = one.again(applied[key]) if key in applied else one.first()
        except RecursionError:
            left.append(Skipped(found.file, found.document, NAMED, DEEP.format(line=found.line)))
            continue
        except MemoryError:
            raise
        except Exception as error:  # an error in one object must not affect the others
            crashes.append(failed(found.file, found.document, error))
            continue
        if stored is not None:
            applied[key] = stored
        changes.append(change)
    for gone, kept in matches.repeated:
        left.append(
            Skipped(
                gone.file,
                gone.document,
                NAMED,
                f'{gone.kind} "{gone.name}" is defined again in {kept.file}, and that definition is compared',
            )
        )
    for found in matches.left():
        unsent = any(new.refused is not None and new.name == found.name for new in after.objects)
        if unsent or found.refused is not None or after.may_hold(found.name) is not None:
            continue
        if from_cluster(found.value) and LAST_APPLIED not in (metadata_of(found.value).get("annotations") or {}):
            left.append(Skipped(found.file, found.document, NAMED, f'{found.kind} "{found.name}" is only in the cluster'))
            continue
        if not metadata_of(found.value).get("name"):
            continue  # it was never applied
        try:
            is_rejected = store(found.value, gates, options.made) is None
        except (MemoryError, RecursionError):
            raise
        except Exception as error:
            crashes.append(failed(found.file, found.document, error))
            continue
        if is_rejected:
            left.append(
                Skipped(
                    found.file,
                    found.document,
                    NAMED,
                    f'the API server rejects {found.kind} "{found.name}", so it does not exist',
                )
            )
            continue
        changes.append(plain_change(found, "removed", (), removed(found.kind)))
    return changes, left, crashes
