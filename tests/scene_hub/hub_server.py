"""A Hugging Face Hub on 127.0.0.1 for tests: real HTTP, driven by the real `huggingface_hub` client.

This page is the contract by which the tests of reading and of writing are written.

**Using it.** `tests/scene_hub/conftest.py` gives two fixtures:

* `hub`: a running `HubServer`, one a test. Fill it in the test's own process, without HTTP:

      hub.create("org/name")                                 # a dataset repository with an empty first commit
      commit = hub.commit_folder("org/name", folder)         # or hub.commit("org/name", {"a.txt": b"...", "old": None})
      hub.tag("org/name", "v1", commit)

  and run the client in a process of its own: `python(code, **hub.environment(tmp_path / "home"))`, `genworld("scenes",
  "pull", ..., **hub.environment(tmp_path / "home", token=WRITE_TOKEN))`. The environment holds `HF_ENDPOINT`, an
  `HF_HOME` of its own, no offline mode, no Xet (the server does not speak it), no proxy, quick time-outs.
* `hub_client`: `hub`, and for the length of the test `huggingface_hub` in *this* process points at it, with a cache of
  its own and without a token (`hub_client.log_in()` gives it one). Quicker than a process where none is needed. Code
  under test must build its own `HfApi` (the client's module-level functions are bound to the real Hub when it is
  imported).

**What it speaks** (of repositories of type "dataset" only): repository info at a revision, tree (paged with `Link`),
paths-info, refs, commits, auth-check, resolve HEAD and GET, LFS batch, upload and verify, preupload, commit (ndjson;
also as a pull request), create repository, branch and tag, delete branch and tag, validate-yaml, whoami. A revision is
a branch, a tag, a full commit id or `refs/pr/N`. Files that the Hub keeps as LFS objects (by name, size or binary
content) are answered with a redirect that carries `X-Linked-Etag` and `X-Linked-Size` to
`http://localhost:PORT/cdn/...`: another host name, as on the Hub, so that a client that sent its token along would be
seen. Plain files come at once. Ranges are honoured by both. The parent of a commit is compared and swapped: 412 where
somebody was quicker.

**Who may what.** `READ_TOKEN` reads, `WRITE_TOKEN` also writes; both belong to users that are members of "org". Another
token is 401 "Invalid credentials in Authorization header". Public repositories are read without a token; `private=True`
is 401 without one (as a missing repository is), `gated=True` is 401 without a token and 403 with one that `hub.granted`
lacks.

**What happened.** `hub.requests` is the log, in the order in which they were answered; `hub.count("GET",
"*/resolve/*/mug.glb")` and `hub.bytes_sent("*/assets/*")` (bodies of answers) select by method and by a shell pattern
over the path, which is "/datasets/org/name/resolve/main/README.md",
"/cdn/datasets/org/name/resolve/<commit>/assets/..." and so on, unquoted. A file that is kept as an LFS object is two
requests: the redirect (no bytes) and the one to /cdn. `hub.clear_log()` starts anew.

**Faults.** All take a shell pattern over the path, an optional method, and how often (`times`, None: for ever); the
oldest that matches applies: `hub.fail(pattern, 429, retry_after=1)`, `hub.cut(pattern, after=1000)` (after so many
bytes of the body, of the answer or for PUT of the request, the connection is closed), `hub.delay(pattern, seconds)`,
`hub.before(pattern, action)` (runs `action()` before the request is answered: somebody else's commit, say).
`hub.tamper(repo, path, data)` changes the bytes of a file at every revision while commits, checksums and ETags stay.
`hub.stop()` makes the network dead. The client reads bodies in pieces of 10 MiB and throws a piece away that a cut ends:
to see it go on with a Range, the file must be longer, or `huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE` smaller.
"""

import base64
import fnmatch
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

READ_TOKEN = "hf_" + "r" * 34
WRITE_TOKEN = "hf_" + "w" * 34

# A part of the endings that the Hub's `.gitattributes` of a new dataset sends to LFS.
_LFS_ENDINGS = (".parquet", ".tar", ".zip", ".zst", ".bin", ".npz", ".png", ".jpg", ".jpeg", ".webp", ".mp4")
_LFS_SIZE = 10 * 1024 * 1024
_CHUNK = 16 * 1024
_PAGE = 1000


# ---------------------------------------------------------------------------------------------------------- what is stored


@dataclass(frozen=True)
class StoredFile:
    """The content of a file, and whether it is an LFS object."""

    data: bytes
    lfs: bool

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def pointer(self) -> bytes:
        """What git stores: the file itself, or the pointer to the LFS object."""
        if not self.lfs:
            return self.data
        return (
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {len(self.data)}\n"
        ).encode()

    @cached_property
    def blob_id(self) -> str:
        return hashlib.sha1(b"blob %d\0" % len(self.pointer) + self.pointer).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.lfs else self.blob_id


def is_lfs(path: str, data: bytes) -> bool:
    """Whether the Hub keeps such a file as an LFS object: by its ending, its size, or because it is binary."""
    return path.endswith(_LFS_ENDINGS) or len(data) > _LFS_SIZE or b"\0" in data[:512]


@dataclass(frozen=True)
class Commit:
    """A commit with the whole tree that it stands for."""

    oid: str
    parent: str | None
    title: str
    message: str
    date: datetime
    author: str
    files: Mapping[str, StoredFile]


@dataclass
class Repository:
    """A dataset repository: its commits and what points at them."""

    name: str
    private: bool
    gated: bool
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    pull_requests: dict[str, str] = field(default_factory=dict)
    tampered: dict[str, bytes] = field(default_factory=dict)

    def add(
        self,
        files: Mapping[str, StoredFile],
        parent: str | None,
        title: str,
        message: str = "",
        author: str = "someone",
    ) -> Commit:
        """A new commit; moves nothing."""
        number = len(self.commits)
        content = [self.name, number, parent, title, message, sorted((path, f.blob_id) for path, f in files.items())]
        oid = hashlib.sha1(json.dumps(content).encode()).hexdigest()
        date = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        self.commits[oid] = Commit(oid, parent, title, message, date, author, dict(files))
        return self.commits[oid]

    def at(self, revision: str) -> Commit | None:
        """The commit that a branch, tag, commit id or pull request stands for."""
        for names in (self.branches, self.tags, self.pull_requests):
            if revision in names:
                return self.commits[names[revision]]
        return self.commits.get(revision)

    def history(self, commit: Commit) -> list[Commit]:
        found = [commit]
        while found[-1].parent is not None:
            found.append(self.commits[found[-1].parent])
        return found


@dataclass
class Request:
    """One answered request: `sent` and `received` count the bytes of the answer's and of the request's body."""

    method: str
    path: str
    status: int
    sent: int
    received: int
    headers: Mapping[str, str]

    @property
    def range(self) -> str | None:
        return self.headers.get("range")


@dataclass
class _Fault:
    pattern: str
    method: str | None
    times: int | None
    answer: "_Answer | None" = None
    cut_after: int | None = None
    delay: float = 0.0
    action: Callable[[], object] | None = None


@dataclass(frozen=True)
class _Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def _json(value: Any, status: int = 200, **headers: str) -> _Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return _Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


class _Refusal(Exception):
    """An error as the Hub words it: in the body and in the two headers that the client looks at."""

    def __init__(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        super().__init__(message)
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        if code is not None:
            named["X-Error-Code"] = code
        self.answer = _json({"error": message}, status)
        self.answer = _Answer(status, self.answer.body, {**self.answer.headers, **named, "X-Error-Message": message})


# --------------------------------------------------------------------------------------------------------------- the server


class HubServer:
    """A running Hub; see the module's docstring."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.lfs_objects: dict[str, bytes] = {}
        self.requests: list[Request] = []
        self.granted: set[str] = set()
        self.users = {READ_TOKEN: ("reader", "read"), WRITE_TOKEN: ("writer", "write")}
        self.page_size = _PAGE
        self.lock = threading.RLock()
        self._faults: list[_Fault] = []
        self._http = _Http(("127.0.0.1", 0), _handler_of(self))
        self.port = self._http.server_address[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and all connections: the network is dead from now on."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
            self._http.server_close()
            self._http.close_connections()

    def environment(self, home: Path, token: str | None = None) -> dict[str, str | None]:
        """Variables (None: unset) that make a process use this Hub, with `home` as its HF_HOME, and log in with `token`."""
        return {
            "HF_ENDPOINT": self.endpoint,
            "HF_HOME": str(home),
            "HF_HUB_CACHE": None,
            "HF_TOKEN": token,
            "HF_HUB_OFFLINE": None,
            "TRANSFORMERS_OFFLINE": None,
            "HF_DATASETS_OFFLINE": None,
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_ETAG_TIMEOUT": "5",
            "HF_HUB_DOWNLOAD_TIMEOUT": "5",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "XDG_CACHE_HOME": str(home / "xdg"),
        }

    # -- content, without HTTP

    def create(self, name: str, *, private: bool = False, gated: bool = False) -> Repository:
        """A new dataset repository "owner/name" whose first commit holds `.gitattributes`, as on the Hub."""
        with self.lock:
            repository = self.repositories[name] = Repository(name, private, gated)
            attributes = "".join(f"*{ending} filter=lfs diff=lfs merge=lfs -text\n" for ending in _LFS_ENDINGS)
            first = repository.add({".gitattributes": StoredFile(attributes.encode(), False)}, None, "initial commit")
            repository.branches["main"] = first.oid
            return repository

    def commit(
        self, name: str, files: Mapping[str, bytes | None], title: str = "Somebody's commit", branch: str = "main"
    ) -> str:
        """Commit `files` (None deletes) to a branch, which is made where there is none; the commit's id."""
        with self.lock:
            repository = self.repositories[name]
            parent = repository.at(branch) or repository.commits[repository.branches["main"]]
            tree = {path: file for path, file in parent.files.items() if path not in files}
            for path, data in files.items():
                if data is not None:
                    tree[path] = StoredFile(data, is_lfs(path, data))
            new = repository.add(tree, parent.oid, title)
            repository.branches[branch] = new.oid
            return new.oid

    def commit_folder(self, name: str, folder: Path, title: str = "A folder", branch: str = "main") -> str:
        """Make the content of a branch that of `folder` (but for `.gitattributes`); the commit's id."""
        found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        with self.lock:
            parent = self.repositories[name].at(branch)
            gone = {path: None for path in (parent.files if parent else ()) if path != ".gitattributes"}
            return self.commit(name, {**gone, **found}, title, branch)

    def tag(self, name: str, tag: str, revision: str = "main") -> None:
        repository = self.repositories[name]
        commit = repository.at(revision)
        assert commit is not None
        repository.tags[tag] = commit.oid

    def head(self, name: str, revision: str = "main") -> str:
        """The id of the commit at a revision."""
        commit = self.repositories[name].at(revision)
        assert commit is not None, f"{name} has no {revision}"
        return commit.oid

    def files(self, name: str, revision: str = "main") -> dict[str, bytes]:
        """The content of a revision by path, without `.gitattributes`."""
        files = self.repositories[name].commits[self.head(name, revision)].files
        return {path: file.data for path, file in files.items() if path != ".gitattributes"}

    def tamper(self, name: str, path: str, data: bytes) -> None:
        """Serve `data` as the content of `path`, while its size in trees, its checksum and its ETag stay what they were."""
        self.repositories[name].tampered[path] = data

    # -- what happened

    def clear_log(self) -> None:
        with self.lock:
            self.requests.clear()

    def select(self, method: str | None = None, pattern: str = "*") -> list[Request]:
        """The requests of a method (None: all) whose path matches a shell pattern."""
        with self.lock:
            return [r for r in self.requests if method in (None, r.method) and fnmatch.fnmatchcase(r.path, pattern)]

    def count(self, method: str | None = None, pattern: str = "*") -> int:
        return len(self.select(method, pattern))

    def bytes_sent(self, pattern: str = "*") -> int:
        """Bytes of the bodies of answers to paths that match."""
        return sum(request.sent for request in self.select(None, pattern))

    # -- faults

    def fail(
        self,
        pattern: str,
        status: int,
        message: str | None = None,
        *,
        times: int | None = 1,
        method: str | None = None,
        retry_after: int | None = None,
        code: str | None = None,
    ) -> None:
        """Answer `times` requests with an error; `code` is the Hub's X-Error-Code (RepoNotFound, GatedRepo, ...)."""
        headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
        refusal = _Refusal(status, message or HTTPStatus(status).phrase, code, **headers)
        self._faults.append(_Fault(pattern, method, times, answer=refusal.answer))

    def cut(self, pattern: str, after: int, *, times: int | None = 1, method: str | None = None) -> None:
        """Close the connection after `after` bytes of the body: of the request's for PUT and POST, else of the answer's.

        Matches GET, PUT and POST unless `method` says which.
        """
        self._faults.append(_Fault(pattern, method, times, cut_after=after))

    def delay(self, pattern: str, seconds: float, *, times: int | None = None, method: str | None = None) -> None:
        """Wait before answering."""
        self._faults.append(_Fault(pattern, method, times, delay=seconds))

    def before(
        self, pattern: str, action: Callable[[], object], *, times: int | None = 1, method: str | None = None
    ) -> None:
        """Run `action()` before answering."""
        self._faults.append(_Fault(pattern, method, times, action=action))

    def clear_faults(self) -> None:
        with self.lock:
            self._faults.clear()

    def _take_fault(self, method: str, path: str) -> _Fault | None:
        with self.lock:
            for fault in self._faults:
                wrong_method = (
                    method != fault.method if fault.method else method == "HEAD" and fault.cut_after is not None
                )
                if wrong_method or fault.times == 0 or not fnmatch.fnmatchcase(path, fault.pattern):
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
            return None


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *arguments: Any) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests; what breaks otherwise is printed by the base class."""
        import sys

        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler_of(hub: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.hub = hub
    return Handler


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, applies faults, sends the answer of `_Api`, keeps the log."""

    protocol_version = "HTTP/1.1"
    hub: HubServer

    def log_message(self, format: str, *args: Any) -> None:
        return

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def _serve(self) -> None:
        path = unquote(urlsplit(self.path).path)
        fault = self.hub._take_fault(self.command, path)
        cut = None if fault is None else fault.cut_after
        uploads = self.command in ("PUT", "POST")
        body = self._read_body(cut if uploads else None)
        if fault is not None and fault.delay:
            time.sleep(fault.delay)
        if fault is not None and fault.action is not None:
            fault.action()
        if cut is not None and uploads:
            self._log(path, 0, len(body))
            self._drop()
            return
        answer = fault.answer if fault is not None and fault.answer is not None else self._answer(body)
        # Before the answer leaves: who has it may look into the log at once.
        logged = self._log(path, answer.status, len(body))
        self._send(answer, cut, logged)

    def _read_body(self, most: int | None) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().strip() or b"0", 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length if most is None else min(most, length))

    def _answer(self, body: bytes) -> _Answer:
        try:
            with self.hub.lock:
                return _Api(self.hub, self.command, self.path, self.headers, body).answer()
        except _Refusal as refusal:
            return refusal.answer

    def _send(self, answer: _Answer, cut: int | None, logged: Request) -> None:
        """Send the answer, and log how many bytes of its body."""
        body = memoryview(b"" if self.command == "HEAD" else answer.body[:cut])
        logged.sent = len(body)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        sent = 0
        try:
            while sent < len(body):
                sent += self.connection.send(body[sent : sent + _CHUNK])
        except ConnectionError:
            logged.sent = sent
        if cut is not None:
            self._drop()

    def _drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _log(self, path: str, status: int, received: int) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, status, 0, received, headers)
        with self.hub.lock:
            self.hub.requests.append(request)
        return request


# ----------------------------------------------------------------------------------------------------------------- its API


class _Api:
    """One request to the Hub, answered under the server's lock."""

    def __init__(self, hub: HubServer, method: str, target: str, headers: Message, body: bytes) -> None:
        parts = urlsplit(target)
        self.hub, self.method, self.headers, self.body = hub, method, headers, body
        # Split before unquoting: a revision or a path may hold a quoted "/".
        self.segments = [unquote(segment) for segment in parts.path.strip("/").split("/")]
        self.path = unquote(parts.path)
        self.query = {name: values[-1] for name, values in parse_qs(parts.query).items()}

    def answer(self) -> _Answer:
        match self.segments:
            case ["api", "whoami-v2"]:
                return self._whoami()
            case ["api", "validate-yaml"]:
                return self._validate_yaml()
            case ["api", "repos", "create"]:
                return self._create_repository()
            case ["api", "datasets", owner, name, *rest]:
                return self._repository_call(f"{owner}/{name}", rest)
            case ["datasets", owner, name, "info", "lfs", "objects", what] if name.endswith(".git"):
                return self._lfs(f"{owner}/{name.removesuffix('.git')}", what)
            case ["datasets", owner, name, "resolve", revision, *path]:
                return self._resolve(f"{owner}/{name}", revision, "/".join(path))
            case ["cdn", "datasets", owner, name, "resolve", oid, *path]:
                return self._from_cdn(f"{owner}/{name}", oid, "/".join(path))
            case ["lfs-upload", oid] if self.method == "PUT":
                return self._receive_object(oid)
        raise _Refusal(404, "Sorry, we can't find the page you are looking for.")

    # -- who asks

    def _user(self) -> tuple[str, str] | None:
        sent = self.headers.get("Authorization")
        if sent is None:
            return None
        user = self.hub.users.get(sent.removeprefix("Bearer ").strip())
        if user is None:
            raise _Refusal(401, "Invalid credentials in Authorization header")
        return user

    def _readable(self, name: str) -> Repository:
        user, repository = self._user(), self.hub.repositories.get(name)
        if repository is None or (repository.private and user is None):
            if user is None:
                # The client takes a 401 without this code for a missing repository only over HTTPS.
                raise _Refusal(401, "Invalid username or password.", "RepoNotFound")
            raise _Refusal(404, "Repository not found", "RepoNotFound")
        return repository

    def _check_gate(self, repository: Repository) -> None:
        """Gated repositories show what they are, but not their files."""
        user = self._user()
        if repository.gated and user is None:
            raise _Refusal(
                401, f"Access to dataset {repository.name} is restricted. You must be logged in.", "GatedRepo"
            )
        if repository.gated and user is not None and user[0] not in self.hub.granted:
            raise _Refusal(
                403, f"Access to dataset {repository.name} is restricted and you are not on the list.", "GatedRepo"
            )

    def _check_writer(self, name: str) -> str:
        user = self._user()
        if user is None:
            raise _Refusal(401, "Invalid username or password.")
        owner = name.split("/")[0]
        if owner not in ("org", user[0]):
            raise _Refusal(403, f'Forbidden: you don\'t have the rights under the namespace "{owner}"')
        if user[1] != "write":
            raise _Refusal(403, "Forbidden: you must use a write token to upload to a repository.")
        return user[0]

    def _whoami(self) -> _Answer:
        user = self._user()
        if user is None:
            raise _Refusal(401, "Invalid username or password.")
        organisations = [{"type": "org", "name": "org", "roleInOrg": user[1]}]
        token = {"displayName": "test", "role": user[1]}
        auth = {"type": "access_token", "accessToken": token}
        return _json({"type": "user", "name": user[0], "orgs": organisations, "auth": auth})

    # -- repositories

    def _create_repository(self) -> _Answer:
        asked = json.loads(self.body)
        user = self._user()
        name = f"{asked.get('organization') or (user[0] if user else '')}/{asked['name']}"
        self._check_writer(name)
        url = f"{self.hub.endpoint}/datasets/{name}"
        if name in self.hub.repositories:
            return _json({"error": "You already created this dataset repo", "url": url}, 409)
        self.hub.create(name, private=asked.get("visibility") == "private" or bool(asked.get("private")))
        return _json({"url": url, "name": name, "id": name})

    def _repository_call(self, name: str, rest: list[str]) -> _Answer:
        repository = self._readable(name)
        match self.method, rest:
            case "GET", []:
                return self._info(repository, "main")
            case "GET", ["revision", revision]:
                return self._info(repository, revision)
            case "GET", ["tree", revision, *path]:
                self._check_gate(repository)
                return self._tree(repository, revision, "/".join(path))
            case "POST", ["paths-info", revision]:
                self._check_gate(repository)
                return self._paths_info(self._commit_at(repository, revision))
            case "GET", ["refs"]:
                return self._refs(repository)
            case "GET", ["commits", revision]:
                return self._commits(repository, revision)
            case "GET", ["auth-check", *write]:
                if write:
                    self._check_writer(name)
                self._check_gate(repository)
                return _json({})
        author = self._check_writer(name)
        match self.method, rest:
            case "POST", ["preupload", revision]:
                return self._preupload(self._commit_at(repository, revision))
            case "POST", ["commit", revision]:
                return self._commit(repository, revision, author)
            case ("POST" | "DELETE") as method, ["branch", branch]:
                return self._branch(repository, branch, method == "DELETE")
            case "POST", ["tag", revision]:
                return self._tag(repository, revision)
            case "DELETE", ["tag", tag]:
                return _json({"deleted": repository.tags.pop(tag)})
        raise _Refusal(404, f"the test server does not know {self.method} {self.path}")

    def _commit_at(self, repository: Repository, revision: str) -> Commit:
        commit = repository.at(revision)
        if commit is None:
            raise _Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return commit

    def _info(self, repository: Repository, revision: str) -> _Answer:
        commit = self._commit_at(repository, revision)
        siblings = [
            {"rfilename": path} | ({"size": len(file.data), "blobId": file.blob_id} if "blobs" in self.query else {})
            for path, file in sorted(commit.files.items())
        ]
        return _json(
            {
                "_id": hashlib.md5(repository.name.encode()).hexdigest()[:24],
                "id": repository.name,
                "author": repository.name.split("/")[0],
                "sha": commit.oid,
                "lastModified": _date(commit),
                "createdAt": _date(repository.history(commit)[-1]),
                "private": repository.private,
                "gated": "manual" if repository.gated else False,
                "disabled": False,
                "downloads": 0,
                "likes": 0,
                "tags": [],
                "siblings": siblings,
            }
        )

    def _tree(self, repository: Repository, revision: str, folder: str) -> _Answer:
        commit = self._commit_at(repository, revision)
        prefix = f"{folder}/" if folder else ""
        entries = [entry for entry in _entries(commit) if entry["path"].startswith(prefix)]
        if folder and not entries:
            raise _Refusal(404, f"{folder} does not exist on {revision!r}", "EntryNotFound")
        if self.query.get("recursive", "false").lower() not in ("true", "1"):
            entries = [entry for entry in entries if "/" not in entry["path"].removeprefix(prefix)]
        start = int(self.query.get("cursor", 0))
        page = entries[start : start + self.hub.page_size]
        headers = {}
        if start + self.hub.page_size < len(entries):
            query = "&".join(f"{key}={quote(value)}" for key, value in self.query.items() if key != "cursor")
            url = f"{self.hub.endpoint}{quote(self.path)}?{query}&cursor={start + self.hub.page_size}"
            headers["Link"] = f'<{url}>; rel="next"'
        return _json(page, **headers)

    def _paths_info(self, commit: Commit) -> _Answer:
        if "json" in (self.headers.get("Content-Type") or ""):
            paths = json.loads(self.body)["paths"]
        else:
            paths = parse_qs(self.body.decode()).get("paths", [])
        return _json([entry for entry in _entries(commit) if entry["path"] in {path.strip("/") for path in paths}])

    def _refs(self, repository: Repository) -> _Answer:
        def listed(names: Mapping[str, str], kind: str) -> list[dict[str, str]]:
            return [{"name": n, "ref": f"refs/{kind}/{n}", "targetCommit": oid} for n, oid in sorted(names.items())]

        pulls = [{"name": n, "ref": n, "targetCommit": oid} for n, oid in repository.pull_requests.items()]
        branches, tags = listed(repository.branches, "heads"), listed(repository.tags, "tags")
        return _json({"branches": branches, "tags": tags, "converts": [], "pullRequests": pulls})

    def _commits(self, repository: Repository, revision: str) -> _Answer:
        return _json(
            [
                {
                    "id": commit.oid,
                    "title": commit.title,
                    "message": commit.message,
                    "date": _date(commit),
                    "authors": [{"user": commit.author, "avatar": ""}],
                }
                for commit in repository.history(self._commit_at(repository, revision))
            ]
        )

    def _branch(self, repository: Repository, branch: str, delete: bool) -> _Answer:
        if delete:
            return _json({"deleted": repository.branches.pop(branch)})
        if branch in repository.branches:
            raise _Refusal(409, f"Reference already exists: refs/heads/{branch}")
        start = json.loads(self.body or b"{}").get("startingPoint", "main")
        repository.branches[branch] = self._commit_at(repository, start).oid
        return _json({"success": True})

    def _tag(self, repository: Repository, revision: str) -> _Answer:
        tag = json.loads(self.body)["tag"]
        if tag in repository.tags:
            raise _Refusal(409, f"Tag reference exists already: refs/tags/{tag}")
        repository.tags[tag] = self._commit_at(repository, revision).oid
        return _json({"success": True})

    # -- files go out

    def _resolve(self, name: str, revision: str, path: str) -> _Answer:
        repository = self._readable(name)
        self._check_gate(repository)
        commit = self._commit_at(repository, revision)
        headers = {"X-Repo-Commit": commit.oid, "Accept-Ranges": "bytes"}
        file = commit.files.get(path)
        if file is None:
            raise _Refusal(404, "Entry not found", "EntryNotFound", X_Repo_Commit=commit.oid)
        data = repository.tampered.get(path, file.data)
        if not file.lfs:
            return self._content(
                data, {**headers, "ETag": f'"{file.etag}"', "Content-Type": "text/plain; charset=utf-8"}
            )
        location = f"http://localhost:{self.hub.port}/cdn/datasets/{name}/resolve/{commit.oid}/{quote(path)}"
        linked = {"X-Linked-Size": str(len(data)), "X-Linked-ETag": f'"{file.etag}"'}
        return _Answer(302, b"", {**headers, **linked, "Location": location})

    def _from_cdn(self, name: str, oid: str, path: str) -> _Answer:
        if "Authorization" in self.headers:
            raise _Refusal(400, "a token left the Hub: Authorization was sent to the storage host")
        repository = self.hub.repositories[name]
        file = repository.commits[oid].files[path]
        data = repository.tampered.get(path, file.data)
        return self._content(
            data, {"ETag": f'"{file.etag}"', "Accept-Ranges": "bytes", "Content-Type": "binary/octet-stream"}
        )

    def _content(self, data: bytes, headers: Mapping[str, str]) -> _Answer:
        asked = self.headers.get("Range")
        if asked is None:
            return _Answer(200, data, headers)
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(len(data) - int(last), 0)
        stop = min(int(last) + 1, len(data)) if first and last else len(data)
        if start >= len(data) or start >= stop:
            return _Answer(416, b"", {**headers, "Content-Range": f"bytes */{len(data)}"})
        return _Answer(206, data[start:stop], {**headers, "Content-Range": f"bytes {start}-{stop - 1}/{len(data)}"})

    # -- files come in

    def _validate_yaml(self) -> _Answer:
        import yaml

        text = json.loads(self.body)["content"]
        try:
            _, block, _ = text.split("---\n", 2)
            parsed = yaml.safe_load(block)
            errors = [] if isinstance(parsed, dict) else [{"message": "metadata is no mapping"}]
        except (ValueError, yaml.YAMLError) as error:
            errors = [{"message": str(error)}]
        return _json({"errors": errors, "warnings": []}, 400 if errors else 200)

    def _preupload(self, commit: Commit) -> _Answer:
        answers = []
        for file in json.loads(self.body)["files"]:
            sample = base64.b64decode(file["sample"])
            lfs = is_lfs(file["path"], sample) or file["size"] > _LFS_SIZE
            there = commit.files.get(file["path"])
            answer = {"path": file["path"], "uploadMode": "lfs" if lfs else "regular", "shouldIgnore": False}
            answers.append(answer | ({} if there is None else {"oid": there.etag if there.lfs else there.blob_id}))
        return _json({"files": answers})

    def _lfs(self, name: str, what: str) -> _Answer:
        self._readable(name)
        self._check_writer(name)
        asked = json.loads(self.body)
        if what == "verify":
            if len(self.hub.lfs_objects.get(asked["oid"], b"")) != asked["size"]:
                raise _Refusal(404, "Object does not exist")
            return _json({})
        root = f"{self.hub.endpoint}/datasets/{name}.git/info/lfs/objects"
        objects = []
        for entry in asked["objects"]:
            if entry["oid"] not in self.hub.lfs_objects:
                upload = {"href": f"http://localhost:{self.hub.port}/lfs-upload/{entry['oid']}"}
                entry = {**entry, "actions": {"upload": upload, "verify": {"href": f"{root}/verify"}}}
            objects.append(entry)
        return _json({"transfer": "basic", "objects": objects})

    def _receive_object(self, oid: str) -> _Answer:
        if hashlib.sha256(self.body).hexdigest() != oid:
            raise _Refusal(400, "the content does not have the announced checksum")
        self.hub.lfs_objects[oid] = self.body
        return _Answer(200, b"", {"ETag": f'"{hashlib.md5(self.body).hexdigest()}"'})

    def _commit(self, repository: Repository, revision: str, author: str) -> _Answer:
        lines = [json.loads(line) for line in self.body.splitlines()]
        header = lines[0]["value"]
        as_pull_request = self.query.get("create_pr") == "1"
        if not as_pull_request and revision not in repository.branches and revision not in repository.pull_requests:
            raise _Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        parent = self._commit_at(repository, revision)
        if as_pull_request:
            parent = self._commit_at(repository, header.get("parentCommit", parent.oid))
        if header.get("parentCommit", parent.oid) != parent.oid:
            raise _Refusal(412, "A commit has happened since. Please refresh and try again.")
        files = dict(parent.files)
        for line in lines[1:]:
            self._apply(files, line["key"], line["value"])
        new = repository.add(files, parent.oid, header["summary"], header.get("description", ""), author)
        url = f"{self.hub.endpoint}/datasets/{repository.name}"
        pull_request = None
        if as_pull_request:
            number = len(repository.pull_requests) + 1
            repository.pull_requests[f"refs/pr/{number}"] = new.oid
            pull_request = f"{url}/discussions/{number}"
        else:
            (repository.branches if revision in repository.branches else repository.pull_requests)[revision] = new.oid
        return _json(
            {
                "success": True,
                "commitUrl": f"{url}/commit/{new.oid}",
                "commitOid": new.oid,
                "pullRequestUrl": pull_request,
            }
        )

    def _apply(self, files: dict[str, StoredFile], key: str, value: Mapping[str, Any]) -> None:
        """One line of a commit."""
        path = value["path"]
        if key == "file":
            files[path] = StoredFile(base64.b64decode(value["content"]), False)
        elif key == "lfsFile":
            if value["oid"] not in self.hub.lfs_objects:
                raise _Refusal(400, f'LFS pointer of "{path}" points to a file that does not exist')
            files[path] = StoredFile(self.hub.lfs_objects[value["oid"]], True)
        elif key == "deletedFile":
            if path not in files:
                raise _Refusal(404, f"A file with this name doesn't exist: {path}", "EntryNotFound")
            del files[path]
        elif key == "deletedFolder":
            for name in [name for name in files if name.startswith(f"{path.rstrip('/')}/")]:
                del files[name]
        else:
            raise _Refusal(400, f"unknown operation {key!r}")


def _date(commit: Commit) -> str:
    return commit.date.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _entries(commit: Commit) -> list[dict[str, Any]]:
    """Files and folders of a commit as the tree and paths-info answer them, sorted by path."""
    last = {"id": commit.oid, "title": commit.title, "date": _date(commit)}
    folders = {str(parent) for path in commit.files for parent in PurePosixPath(path).parents} - {"."}
    entries: list[dict[str, Any]] = [
        {
            "type": "directory",
            "path": path,
            "oid": hashlib.sha1(path.encode()).hexdigest(),
            "size": 0,
            "lastCommit": last,
        }
        for path in folders
    ]
    for path, file in commit.files.items():
        entry = {"type": "file", "path": path, "oid": file.blob_id, "size": len(file.data), "lastCommit": last}
        if file.lfs:
            entry["lfs"] = {"oid": file.sha256, "size": len(file.data), "pointerSize": len(file.pointer)}
        entries.append(entry)
    return sorted(entries, key=lambda entry: entry["path"])


# ---------------------------------------------------------------------------------------------------------------- fixtures


@contextmanager
def running_hub() -> Iterator[HubServer]:
    """A Hub that runs inside the `with` block."""
    server = HubServer()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def hub() -> Iterator[HubServer]:
    """A Hub of the test's own."""
    with running_hub() as server:
        yield server


class HubClient:
    """`huggingface_hub` in this process, pointed at `hub`."""

    def __init__(self, hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hub = hub
        self._monkeypatch = monkeypatch

    def log_in(self, token: str = WRITE_TOKEN) -> None:
        self._monkeypatch.setenv("HF_TOKEN", token)

    def log_out(self) -> None:
        self._monkeypatch.delenv("HF_TOKEN", raising=False)


@pytest.fixture
def hub_client(hub: HubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubClient]:
    """The client of this process uses `hub`, with a cache in `tmp_path` and no token."""
    from huggingface_hub import constants
    from huggingface_hub.utils import close_session

    home = tmp_path / "hf-home"
    for name, value in hub.environment(home).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    # Read when the client was imported.
    changed: dict[str, Any] = {
        "ENDPOINT": hub.endpoint,
        "HUGGINGFACE_CO_URL_TEMPLATE": hub.endpoint + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_HUB_OFFLINE": False,
        "HF_HUB_DISABLE_XET": True,
        "HF_HUB_DISABLE_TELEMETRY": True,
        "HF_HOME": str(home),
        "HF_HUB_CACHE": str(home / "hub"),
        "HF_TOKEN_PATH": str(home / "token"),
        "HF_STORED_TOKENS_PATH": str(home / "stored_tokens"),
        "HF_HUB_ETAG_TIMEOUT": 5,
        "HF_HUB_DOWNLOAD_TIMEOUT": 5,
    }
    for name, value in changed.items():
        monkeypatch.setattr(constants, name, value)
    close_session()
    yield HubClient(hub, monkeypatch)
    close_session()
