""" "hf://datasets/org/name@revision": a dataset repository on the Hugging Face Hub, and a revision of it."""

import re
from dataclasses import dataclass
from typing import Self

from scene_hub.errors import InvalidOptionError

PREFIX = "hf://"
FORM = "hf://datasets/ORG/NAME@REVISION"
DEFAULT_REVISION = "main"

_COMMIT = re.compile(r"[0-9a-f]{40}")
_REVISION = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./+-]{0,254}")


@dataclass(frozen=True)
class HubSource:
    """A dataset repository ("org/name") and a branch, tag or commit of it.

    `str(source)` is the source string, which `parse` reads: a "/" in a revision is written "%2F" there, as everywhere on the
    Hub.
    """

    repo: str
    revision: str = DEFAULT_REVISION

    @classmethod
    def parse(cls, text: str) -> Self:
        """The source that `text` names; InvalidOptionError, which says the right form, where it names none."""
        from huggingface_hub import parse_hf_uri
        from huggingface_hub.errors import HfUriError

        try:
            uri = parse_hf_uri(text)
        except HfUriError as error:
            reason = str(error).removeprefix(f"Invalid HF URI '{text}'.").strip()
            raise InvalidOptionError(f"{text!r} is not a dataset on the Hub ({reason}); write {FORM}") from None
        if uri.type != "dataset":
            raise InvalidOptionError(f"{text!r} names a {uri.type}, not a dataset; write {FORM}")
        if uri.path_in_repo:
            raise InvalidOptionError(
                f"{text!r} names {uri.path_in_repo!r} inside a repository, but a dataset is a whole one; write {FORM}, "
                "and a '/' in the revision as '%2F'"
            )
        revision = uri.revision or DEFAULT_REVISION
        if _REVISION.fullmatch(revision) is None:
            raise InvalidOptionError(f"{text!r}: {revision!r} is no name of a branch, tag or commit; write {FORM}")
        return cls(uri.id, revision)

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, which can never mean anything else."""
        return _COMMIT.fullmatch(self.revision) is not None

    def at(self, commit: str) -> Self:
        """The same repository at `commit`."""
        return type(self)(self.repo, commit)

    def __str__(self) -> str:
        from huggingface_hub import HfUri

        return HfUri(type="dataset", id=self.repo, revision=self.revision).to_uri()
