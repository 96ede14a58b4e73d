"""`genworld scenes push`: a dataset folder goes onto the Hugging Face Hub."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import tyro

if TYPE_CHECKING:
    from scene_hub.hub.changes import LocalFile, PushPlan

LISTED_FILES = 8


@dataclass
class ScenesPushCommand:
    """Put a dataset folder on the Hugging Face Hub: checked first, with a dataset card, in one commit.

    What is on the Hub already is not sent again, what the folder lacks is deleted in the same commit, and a branch that holds
    something else is left alone without --overwrite. An interrupted push goes on when it is repeated.
    """

    folder: Annotated[str, tyro.conf.Positional]
    """The dataset: a folder, or "starter"."""

    repo: Annotated[str, tyro.conf.Positional]
    """Where to: ORG/NAME, ORG/NAME@BRANCH, or the same after hf://datasets/."""

    create: bool = False
    """Make the repository or the branch if there is none."""

    private: bool = False
    """Make it a private repository."""

    overwrite: bool = False
    """Replace what the branch holds, also if it is another dataset. The old commits stay in the history."""

    parent: str | None = None
    """The commit at which you saw the branch (--dry-run prints it): refuse to push if it has moved on."""

    tag: str | None = None
    """Set this tag on the new commit. A tag that is there is never moved."""

    create_pr: bool = False
    """Open a pull request instead of changing the main branch."""

    message: str | None = None
    """Title of the commit."""

    no_checks: bool = False
    """Check only checksums, records and meshes, not assets and scenes: quick, for a dataset that has just been built."""

    workers: int | None = None
    """Processes for the checks; by default as many as there are cores."""

    dry_run: bool = False
    """Print what would be done; change nothing."""

    def run(self) -> int:
        from scene_hub.hub.push import PushOptions, push

        options = PushOptions(
            create=self.create,
            private=self.private,
            overwrite=self.overwrite,
            parent=self.parent,
            create_pr=self.create_pr,
            tag=self.tag,
            message=self.message,
            checks=not self.no_checks,
            workers=self.workers,
            dry_run=self.dry_run,
        )
        with _progress() as on_progress:
            result = push(self.folder, self.repo, options, on_plan=self._print_plan, on_progress=on_progress)
        if result.commit is None:
            print("dry run: nothing was changed")
            return 0
        print(f"{result.source}\n{result.url}")
        return 0

    def _print_plan(self, plan: "PushPlan") -> None:
        print("\n".join(self._described(plan)), flush=True)

    def _described(self, plan: "PushPlan") -> Iterator[str]:
        from scene_hub.card import format_bytes

        yield f"{self.folder} -> {self._place(plan)}, fingerprint {plan.fingerprint[:12]}"
        if plan.done:
            yield f"{plan.target} holds this dataset already: nothing to do{'' if self.tag is None else ' but the tag'}"
            if plan.uploads or plan.deleted:
                names = [*(file.path for file in plan.uploads), *plan.deleted]
                yield f"  texts or pictures that differ: {_listed(names)} (--overwrite replaces them)"
            return
        sent = format_bytes(sum(file.size for file in plan.uploads))
        yield f"  {len(plan.uploads)} files to send, {sent} (less what the Hub has already, under whatever name)"
        for what, files in (("new", plan.added), ("changed", plan.changed), ("unchanged", plan.unchanged)):
            if files:
                yield f"  {what:<10}{len(files):>6} files  {format_bytes(_size(files)):>10}"
        if plan.deleted:
            yield f"  {'deleted':<10}{len(plan.deleted):>6} files  {_listed(plan.deleted)}"
        if plan.left_out:
            yield f"  left out, no part of a dataset: {_listed(plan.left_out)}"

    def _place(self, plan: "PushPlan") -> str:
        if plan.remote is None:
            return f"{plan.target} (a new {'private' if self.private else 'public'} repository)"
        kind = "private" if plan.remote.private else "public"
        if self.create_pr:
            return f"a pull request to {plan.target} ({kind}, at commit {plan.remote.head[:12]})"
        if not plan.remote.exists:
            return f"{plan.target} (a new branch of a {kind} repository, from commit {plan.remote.head[:12]})"
        return f"{plan.target} ({kind}, at commit {plan.remote.head[:12]})"


def _size(files: "Sequence[LocalFile]") -> int:
    return sum(file.size for file in files)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - LISTED_FILES
    return ", ".join(names[:LISTED_FILES]) + (f" and {more} more" if more > 0 else "")


@contextmanager
def _progress() -> "Iterator[Callable[[str, int, int], None]]":
    """A bar on standard error for each stage; nothing where that is no terminal."""
    from rich.progress import TaskID, TaskProgressColumn, TimeElapsedColumn

    from genworld_envs.cli.progress import progress_bars

    progress = progress_bars(TaskProgressColumn(), TimeElapsedColumn())
    stages: dict[str, TaskID] = {}

    def on_progress(stage: str, done: int, total: int) -> None:
        if not stages:
            progress.start()  # not before the plan is printed: while it runs, it sends standard output to its own console
        if stage not in stages:
            stages[stage] = progress.add_task(stage)
        progress.update(stages[stage], completed=done, total=total)

    try:
        yield on_progress
    finally:
        progress.stop()
