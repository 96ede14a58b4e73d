"""What can go wrong between here and the Hub, each as one message that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from huggingface_hub import constants
from huggingface_hub.errors import (
    FileMetadataError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from scene_hub.errors import GenWorldError, InvalidOptionError, MissingRequirementError, SceneDataError
from scene_hub.hub.source import HubSource
from scene_hub.manifest import MANIFEST

LOG_IN = "log in with `hf auth login` or set HF_TOKEN"


@contextmanager
def hub_failures(source: HubSource, file: str) -> Iterator[None]:
    """Turn what the Hub's client raises about `file` of `source` into the GenWorldError that says it to a user."""
    try:
        yield
    except GenWorldError:
        raise
    except (httpx.HTTPError, OSError) as error:
        raise hub_failure(error, source, file) from error


def unreachable(error: Exception) -> bool:
    """Whether the Hub did not answer, or answered that it cannot: what the cache may stand in for."""
    if isinstance(error, HfHubHTTPError):
        return error.response.status_code >= 500
    return isinstance(error, httpx.TransportError | OfflineModeIsEnabled)


def hub_failure(error: Exception, source: HubSource, file: str) -> GenWorldError:
    """The error to raise for what the Hub's client raised about `file` of `source`."""
    match error:
        case GatedRepoError():
            return MissingRequirementError(
                f"{source.repo} on the Hub is gated; ask for access on {_page(source)} and {LOG_IN}"
            )
        case RepositoryNotFoundError():
            return InvalidOptionError(
                f"there is no dataset {source.repo!r} on the Hub that you may read; check the name, or {LOG_IN} if it is "
                "private"
            )
        case RevisionNotFoundError():
            return InvalidOptionError(
                f"{source.repo} on the Hub has no branch, tag or commit {source.revision!r}; see {_page(source)}/tree/main"
            )
        case RemoteEntryNotFoundError() if file == MANIFEST:
            return SceneDataError(
                f"{source} is not a GenWorld dataset (it has no {MANIFEST}); `genworld scenes push` makes them"
            )
        case RemoteEntryNotFoundError():
            return SceneDataError(f"{source} lacks the file {file}, which its records name; take another revision")
        case HfHubHTTPError():
            return _answered(error, source, file)
        case LocalEntryNotFoundError() if isinstance(error.__cause__, Exception) and not _offline(error.__cause__):
            return hub_failure(error.__cause__, source, file)
        case httpx.TransportError() | OfflineModeIsEnabled() | LocalEntryNotFoundError() | FileMetadataError():
            return _not_reached(error, source, file)
    return MissingRequirementError(f"{file} of {source} could not be fetched ({_short(error)}); try again")


def _answered(error: HfHubHTTPError, source: HubSource, file: str) -> GenWorldError:
    status = error.response.status_code
    if status == 401:
        return MissingRequirementError(
            f"the Hub does not accept your token for {source.repo}; {LOG_IN} with a valid one"
        )
    if status == 403:
        return MissingRequirementError(f"your token may not read {source.repo} on the Hub; {LOG_IN} with one that may")
    if status == 429:
        return MissingRequirementError(
            f"the Hub asks to come back later for {file} of {source.repo} (too many requests, after several tries); wait "
            f"some minutes and try again, what has been fetched is kept; {LOG_IN} for a higher limit"
        )
    if status >= 500:
        return MissingRequirementError(
            f"the Hub cannot answer for {file} of {source.repo} at the moment (HTTP {status}); try again later"
        )
    return MissingRequirementError(f"the Hub refused {file} of {source.repo} (HTTP {status}: {_short(error)})")


def _not_reached(error: Exception, source: HubSource, file: str) -> GenWorldError:
    command = f"`genworld scenes pull {source}`"
    if _offline(error) or constants.is_offline_mode():
        return MissingRequirementError(
            f"{file} of {source} is not in the cache ({constants.HF_HUB_CACHE}), and HF_HUB_OFFLINE forbids to fetch it; "
            f"unset it, or run {command} once with a network"
        )
    return MissingRequirementError(
        f"the Hub ({constants.ENDPOINT}) cannot be reached ({_short(error)}), and {file} of {source} is not in the cache; "
        f"check the network, or run {command} once where there is one"
    )


def _offline(error: BaseException | None) -> bool:
    return isinstance(error, OfflineModeIsEnabled)


def _page(source: HubSource) -> str:
    return f"{constants.ENDPOINT}/datasets/{source.repo}"


def _short(error: BaseException) -> str:
    """The first line of an error, for the client's have many."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
