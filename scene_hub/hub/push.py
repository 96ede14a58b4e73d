"""Putting a dataset folder on the Hub: checked first, in one commit, and never over something that nobody looked at."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import httpx
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants, get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

from scene_hub.card import MOSAIC, card_text
from scene_hub.dataset import SceneDataset
from scene_hub.errors import GenWorldError, InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.hub.changes import (
    LocalFile,
    PushPlan,
    RemoteBranch,
    check_counts,
    dataset_files,
    left_out,
    make_plan,
)
from scene_hub.hub.failures import LOG_IN, hub_failure
from scene_hub.hub.files import REPO_TYPE, HubFiles
from scene_hub.hub.source import DEFAULT_REVISION, PREFIX, HubSource
from scene_hub.manifest import CARD, MANIFEST, MAX_MANIFEST_BYTES, Manifest
from scene_hub.mosaic import mosaic, mosaic_scenes
from scene_hub.pool import default_workers
from scene_hub.schema import parse_record
from scene_hub.summary import summarize

BATCH_FILES = 100
BATCH_BYTES = 32 * 1024 * 1024
MOST_TRIES = 3
LISTED_PROBLEMS = 3
_PRECONDITION_FAILED = 412


@dataclass(frozen=True)
class PushOptions:
    """How to push.

    `create` makes the repository (`private` or not) or the branch where there is none. `overwrite` replaces a branch that
    holds something else, whoever put it there. `parent` is the commit at which the user saw the branch: it is refused if it
    has moved on. `create_pr` opens a pull request instead of changing the main branch. `tag` is set on the new commit; a tag
    that is there is never moved. `message` is the commit's title. `checks` runs the checks of assets and scenes (those that
    need no environment) on `workers` processes (None: as many as there are cores); without them only checksums, records and
    meshes are checked, which takes a fraction of the time. `dry_run` changes nothing anywhere.
    """

    create: bool = False
    private: bool = False
    overwrite: bool = False
    parent: str | None = None
    create_pr: bool = False
    tag: str | None = None
    message: str | None = None
    checks: bool = True
    workers: int | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class PushResult:
    """What was done: the last plan, the commit that holds the dataset now (None for a dry run), and a link to it."""

    plan: PushPlan
    commit: str | None
    url: str | None

    @property
    def source(self) -> str | None:
        """The pinned source of what is on the Hub now."""
        return None if self.commit is None else str(self.plan.target.at(self.commit))


OnPlan = Callable[[PushPlan], None]
OnProgress = Callable[[str, int, int], None]
"""Told of a stage ("verifying" and "uploading": bytes, "checking": scenes), how much of it is done, and all of it."""


def push(
    folder: str | os.PathLike[str],
    target: str,
    options: PushOptions | None = None,
    *,
    on_plan: OnPlan = lambda plan: None,
    on_progress: OnProgress = lambda stage, done, total: None,
) -> PushResult:
    """Put the dataset in `folder` on the Hub, as the only content of a branch.

    The folder is read only. The card and its mosaic are written for the repository. Files that are there already are not sent
    again; those that the dataset lacks are deleted in the same commit. An interrupted push goes on where it was when repeated.

    Args:
        folder: a dataset folder, or "starter".
        target: "org/name", "org/name@branch" or the same after "hf://datasets/".
        options: how.
        on_plan: told what will be done, before it is.
        on_progress: told how far it is.

    Raises:
        InvalidOptionError: no such repository or branch, a branch that holds something else, a tag that is there.
        SceneDataError: the dataset is damaged, or fails a check.
        MissingRequirementError: no token, no right to write, no network.
    """
    return _Push(folder, parse_target(target), options or PushOptions(), on_plan, on_progress).run()


def parse_target(text: str) -> HubSource:
    """The repository and branch that `text` names; InvalidOptionError for what is not in that form, or is a commit."""
    target = HubSource.parse(text if "://" in text else f"{PREFIX}datasets/{text}")
    if target.pinned:
        raise InvalidOptionError(f"{text!r} names a commit, which cannot change; push to a branch")
    return target


class _Push:
    """One push."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        target: HubSource,
        options: PushOptions,
        on_plan: OnPlan,
        on_progress: OnProgress,
    ) -> None:
        self._target, self._options = target, options
        self._on_plan, self._on_progress = on_plan, on_progress
        self._check_options()
        self._root = _folder_of(folder)
        self._dataset = SceneDataset.open(self._root)
        self._api = HfApi(library_name="genworld")

    def run(self) -> PushResult:
        options = self._options
        if not options.dry_run and get_token() is None:
            raise MissingRequirementError(f"pushing to {self._target.repo} takes a token that may write; {LOG_IN}")
        remote = self._look()
        files = self._files()
        check_counts(files)
        plan = self._plan(files, remote)
        self._on_plan(plan)
        self._check_allowed(plan)
        if not plan.done:
            self._check_dataset()
        if options.dry_run:
            return PushResult(plan, None, None)
        return self._publish(plan, files)

    # -- what is asked for

    def _check_options(self) -> None:
        target, options = self._target, self._options
        if options.private and not options.create:
            raise InvalidOptionError("--private says how to make a repository; give --create with it")
        if options.create_pr and (target.revision != DEFAULT_REVISION or options.tag or options.create):
            raise InvalidOptionError(
                f"a pull request is made to the branch {DEFAULT_REVISION!r} of a repository that is there; leave out the "
                "branch, --tag and --create"
            )
        if options.parent is not None and not constants.REGEX_COMMIT_OID.fullmatch(options.parent):
            raise InvalidOptionError(f"--parent {options.parent!r} is no commit: 5 to 40 hexadecimal digits are")
        if options.tag is not None:
            HubSource.parse(str(replace(target, revision=options.tag)))

    # -- what is there

    def _look(self) -> RemoteBranch | None:
        """The branch as it is now; None where the repository is to be made."""
        target, options = self._target, self._options
        with _push_failures(target):
            try:
                info = self._api.dataset_info(target.repo)
            except RepositoryNotFoundError:
                if options.create:
                    return None
                raise InvalidOptionError(
                    f"there is no dataset {target.repo!r} on the Hub that you may see; check the name, make it with --create, "
                    f"or {LOG_IN} if it is private"
                ) from None
            refs = self._api.list_repo_refs(target.repo, repo_type=REPO_TYPE)
            branches = {ref.name: ref.target_commit for ref in refs.branches}
            tags = {ref.name: ref.target_commit for ref in refs.tags}
            self._check_names(branches, tags)
            if options.private and not info.private:
                raise InvalidOptionError(
                    f"{target.repo} is there and public; make it private in its settings on the Hub, or leave out --private"
                )
            head = branches.get(target.revision) or branches[DEFAULT_REVISION]
            tree = self._api.list_repo_tree(target.repo, recursive=True, revision=head, repo_type=REPO_TYPE)
            files = {entry.path: entry for entry in tree if isinstance(entry, RepoFile)}
        return RemoteBranch(
            head=head,
            exists=target.revision in branches,
            private=bool(info.private),
            files=files,
            fingerprint=self._fingerprint_at(head) if MANIFEST in files else None,
            tags=tags,
        )

    def _check_names(self, branches: dict[str, str], tags: dict[str, str]) -> None:
        """Raise InvalidOptionError for a target that is no branch, or a tag that is taken."""
        target, options = self._target, self._options
        if target.revision in tags and target.revision not in branches:
            raise InvalidOptionError(
                f"{target.revision!r} is a tag of {target.repo}, and tags are not moved; push to a branch"
            )
        if target.revision not in branches and not options.create:
            raise InvalidOptionError(
                f"{target.repo} has no branch {target.revision!r}; make it with --create, or choose one of "
                f"{', '.join(map(repr, sorted(branches)))}"
            )
        if options.tag in branches:
            raise InvalidOptionError(f"{options.tag!r} is a branch of {target.repo}; choose another name for the tag")

    def _fingerprint_at(self, commit: str) -> str | None:
        """The fingerprint of the dataset at a commit; None for one that this version cannot read."""
        files = HubFiles(self._target.at(commit))
        try:
            return parse_record(Manifest, files.read(MANIFEST, MAX_MANIFEST_BYTES), files.name(MANIFEST)).fingerprint
        except SceneDataError:
            return None

    # -- what is to be there

    def _files(self) -> list[LocalFile]:
        """All files of the dataset, with the card and the mosaic that the repository gets."""
        dataset = self._dataset
        scenes = [dataset.scene(scene_id) for scene_id in dataset.scene_ids]
        assets = [dataset.asset(asset_id) for asset_id in dataset.asset_ids]
        files = dataset_files(dataset, self._root)
        pictures = self._mosaic()
        files += [] if pictures is None else [LocalFile.of_bytes(MOSAIC, pictures)]
        place = replace(self._target, revision=self._options.tag or self._target.revision)
        summary = summarize(dataset.manifest, scenes, assets)
        text = card_text(dataset.manifest, summary, place, mosaic=pictures is not None)
        return [*files, LocalFile.of_bytes(CARD, text.encode("utf-8"))]

    def _mosaic(self) -> bytes | None:
        dataset = self._dataset
        scenes = [dataset.scene(scene_id) for scene_id in dataset.scene_ids if dataset.preview(scene_id) is not None]
        chosen = mosaic_scenes(scenes)
        return mosaic(chosen, {scene.id: dataset.preview(scene.id) or b"" for scene in chosen}) if chosen else None

    def _plan(self, files: Sequence[LocalFile], remote: RemoteBranch | None) -> PushPlan:
        options = self._options
        return make_plan(
            self._target,
            self._dataset.fingerprint,
            files,
            remote,
            left_out(self._root, files),
            overwrite=options.overwrite or options.create_pr,
            parent=options.parent,
        )

    def _check_allowed(self, plan: PushPlan) -> None:
        if plan.refusal is not None:
            raise InvalidOptionError(plan.refusal)
        tag = self._options.tag
        tagged = None if plan.remote is None or tag is None else plan.remote.tags.get(tag)
        if tagged is not None and not (plan.done and plan.remote is not None and tagged == plan.remote.head):
            raise InvalidOptionError(
                f"{self._target.repo} has the tag {tag!r} already (commit {tagged[:12]}), and tags are not moved; choose "
                "another"
            )

    def _check_dataset(self) -> None:
        """Raise SceneDataError for files that are damaged, or scenes that fail a check."""
        damage = self._dataset.damage(progress=partial(self._on_progress, "verifying"))
        self._refuse([str(error) for error in damage], "is damaged", "Build or fetch it again")
        if self._options.checks:
            way_out = "Mend or leave out these scenes (`genworld scenes validate` lists all), or push with --no-checks"
            self._refuse(list(self._failed_checks()), "fails checks", way_out)

    def _failed_checks(self) -> Iterator[str]:
        from scene_hub.validate.dataset import validate_dataset

        ids = self._dataset.scene_ids
        workers = self._options.workers or default_workers(len(ids))
        for done, report in enumerate(validate_dataset(str(self._root), ids, (), workers), start=1):
            self._on_progress("checking", done, len(ids))
            yield from (
                f"{report.scene_id}: {check.name}: {check.message}" for check in report.checks if not check.passed
            )

    def _refuse(self, problems: Sequence[str], what: str, way_out: str) -> None:
        """Raise SceneDataError if there are problems."""
        if problems:
            more = f" (and {len(problems) - LISTED_PROBLEMS} more)" if len(problems) > LISTED_PROBLEMS else ""
            listed = "; ".join(sorted(problems)[:LISTED_PROBLEMS])
            raise SceneDataError(f"{self._root} {what}, nothing was pushed: {listed}{more}. {way_out}")

    # -- doing it

    def _publish(self, plan: PushPlan, files: Sequence[LocalFile]) -> PushResult:
        if plan.remote is None or not plan.remote.exists:
            plan = self._made_ready(plan, files)
        for tries_left in reversed(range(MOST_TRIES)):
            if plan.done:
                break
            try:
                with _push_failures(self._target):
                    return self._tagged(self._commit(plan))
            except _MovedError:
                if not self._options.overwrite or not tries_left:
                    raise InvalidOptionError(
                        f"somebody committed to {self._target} meanwhile, nothing was changed; look at it and push again"
                    ) from None
                plan = self._plan(files, self._look())
        assert plan.remote is not None
        return self._tagged(PushResult(plan, plan.remote.head, self._url(plan.remote.head)))

    def _made_ready(self, plan: PushPlan, files: Sequence[LocalFile]) -> PushPlan:
        """Make the repository or the branch; the plan for what is there now."""
        target = self._target
        with _push_failures(target):
            if plan.remote is None:
                self._api.create_repo(target.repo, repo_type=REPO_TYPE, private=self._options.private, exist_ok=True)
                plan = self._plan(files, self._look())
            if plan.remote is not None and not plan.remote.exists:
                self._api.create_branch(
                    target.repo, branch=target.revision, repo_type=REPO_TYPE, revision=plan.remote.head
                )
                plan = replace(plan, remote=replace(plan.remote, exists=True))
        self._check_allowed(plan)
        return plan

    def _commit(self, plan: PushPlan) -> PushResult:
        assert plan.remote is not None
        operations = [_addition(file) for file in plan.uploads]
        self._upload(operations)
        _check_unchanged(plan.uploads, operations)
        deletions = [CommitOperationDelete(path, is_folder=False) for path in plan.deleted]
        try:
            info = self._api.create_commit(
                self._target.repo,
                [*deletions, *operations],
                commit_message=self._options.message or self._default_message(),
                repo_type=REPO_TYPE,
                revision=self._target.revision,
                parent_commit=plan.remote.head,
                create_pr=self._options.create_pr,
            )
        except HfHubHTTPError as error:
            if error.response.status_code == _PRECONDITION_FAILED:
                raise _MovedError from None
            raise
        return PushResult(plan, info.oid, info.pr_url or self._url(info.oid))

    def _upload(self, operations: Sequence[CommitOperationAdd]) -> None:
        """Send the content of large files ahead of the commit; what the Hub has already is not sent again."""
        total = sum(operation.upload_info.size for operation in operations)
        done = 0
        with _no_progress_bars():
            for batch in _batches(operations):
                self._api.preupload_lfs_files(
                    self._target.repo,
                    batch,
                    repo_type=REPO_TYPE,
                    revision=self._target.revision,
                    create_pr=self._options.create_pr,
                    free_memory=False,
                )
                done += sum(operation.upload_info.size for operation in batch)
                self._on_progress("uploading", done, total)

    def _tagged(self, result: PushResult) -> PushResult:
        tag, commit = self._options.tag, result.commit
        assert commit is not None
        remote = result.plan.remote
        if tag is None or (remote is not None and remote.tags.get(tag) == commit):
            return result
        with _push_failures(self._target):
            try:
                self._api.create_tag(self._target.repo, tag=tag, revision=commit, repo_type=REPO_TYPE)
            except HfHubHTTPError as error:
                if error.response.status_code != 409:
                    raise
                raise InvalidOptionError(
                    f"the dataset is on the Hub ({result.source}), but somebody set the tag {tag!r} meanwhile; choose another "
                    "and push again"
                ) from None
        return result

    def _default_message(self) -> str:
        dataset = self._dataset
        return (
            f"{len(dataset.scene_ids)} scenes, {len(dataset.asset_ids)} assets (fingerprint {dataset.fingerprint[:12]})"
        )

    def _url(self, commit: str) -> str:
        return f"{constants.ENDPOINT}/datasets/{self._target.repo}/tree/{commit}"


class _MovedError(Exception):
    """The branch is no longer at the commit that the plan was made for."""


def _folder_of(folder: str | os.PathLike[str]) -> Path:
    """The dataset folder that `folder` names; InvalidOptionError for what is on the Hub already."""
    name = os.fspath(folder)
    if "://" in name:
        raise InvalidOptionError(
            f"{name!r} is no folder; get one with `genworld scenes pull {name} --out FOLDER`, then push that"
        )
    return SceneDataset.open(name).folder.expanduser().absolute()


def _addition(file: LocalFile) -> CommitOperationAdd:
    return CommitOperationAdd(file.path, file.content if isinstance(file.content, bytes) else str(file.content))


def _batches(operations: Sequence[CommitOperationAdd]) -> Iterator[list[CommitOperationAdd]]:
    batch: list[CommitOperationAdd] = []
    for operation in operations:
        full = sum(one.upload_info.size for one in batch) + operation.upload_info.size > BATCH_BYTES
        if batch and (full or len(batch) == BATCH_FILES):
            yield batch
            batch = []
        batch.append(operation)
    if batch:
        yield batch


def _check_unchanged(files: Sequence[LocalFile], operations: Sequence[CommitOperationAdd]) -> None:
    """Raise SceneDataError if a file was changed between its check and its upload."""
    for file, operation in zip(files, operations, strict=True):
        if operation.upload_info.sha256.hex() != file.sha256:
            raise SceneDataError(f"{file.content}: was changed while it was pushed; nothing was committed, push again")


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """The client's own bars, one a file, would run through ours."""
    if constants.HF_HUB_DISABLE_PROGRESS_BARS is not None or are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()


@contextmanager
def _push_failures(target: HubSource) -> Iterator[None]:
    """Turn what the Hub's client raises into the GenWorldError that says it to a user."""
    try:
        yield
    except (GenWorldError, _MovedError):
        raise
    except (httpx.HTTPError, OSError, RuntimeError, ValueError) as error:
        # Its upload threads wrap what happened.
        cause = error.__cause__ if type(error) is RuntimeError and isinstance(error.__cause__, Exception) else error
        raise _failure(cause, target) from error


def _failure(error: Exception, target: HubSource) -> GenWorldError:
    again = "what has been sent is kept: the same command goes on from there"
    match error:
        case OfflineModeIsEnabled():
            return MissingRequirementError(f"HF_HUB_OFFLINE forbids to push to {target}; unset it")
        case httpx.TransportError():
            return MissingRequirementError(
                f"the Hub ({constants.ENDPOINT}) cannot be reached, or the connection broke ({_short(error)}); {again}"
            )
        case HfHubHTTPError() if error.response.status_code == 401 and not isinstance(error, RepositoryNotFoundError):
            return MissingRequirementError(f"the Hub does not accept your token; {LOG_IN} with a valid one")
        case HfHubHTTPError() if error.response.status_code == 403:
            return MissingRequirementError(
                f"your token may not write to {target.repo} ({_said(error)}); {LOG_IN} with one that may"
            )
        case HfHubHTTPError() if error.response.status_code == 429 or error.response.status_code >= 500:
            return MissingRequirementError(
                f"the Hub cannot take it at the moment (HTTP {error.response.status_code}: {_said(error)}); try again later, "
                f"{again}"
            )
        case RepositoryNotFoundError() | RevisionNotFoundError():
            return hub_failure(error, target, CARD)
        case HfHubHTTPError():
            return MissingRequirementError(
                f"the Hub refused to change {target} (HTTP {error.response.status_code}: {_said(error)})"
            )
    return MissingRequirementError(f"pushing to {target} failed ({_short(error)}); {again}")


def _said(error: HfHubHTTPError) -> str:
    return " ".join((error.server_message or "no reason given").split())


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
