"""Chat completions of a language model, with patience: one conversation in, the text of one answer out.

`Chat` speaks to any OpenAI-compatible endpoint or Hugging Face provider through `huggingface_hub.InferenceClient`. What
passes (time-outs, HTTP 429 and 5xx) is tried again, a bounded number of times; what does not is an error that names the
endpoint and the way out. No error and no log holds the token.
"""

import json
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx
from huggingface_hub import ChatCompletionOutputMessage, InferenceClient, get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from scene_hub.design.lines import one_line
from scene_hub.errors import InstructionError, InvalidOptionError, MissingRequirementError

Message = dict[str, str]

TOKEN_VARIABLE = "GENWORLD_LLM_TOKEN"
MAX_TOKENS = 4096
MORE_TOKENS = 16384  # what a truncated answer is asked for again with: reasoning counts, too
FIRST_WAIT = 1.0
MAX_WAIT = 60.0
MAX_ANSWER_BYTES = 8 * 1024 * 1024
PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
# Fields of a request that some servers or models do not take; an answer can do without them, as the prompt says it all.
# The values are the words by which errors name them.
OPTIONAL_FIELDS = {
    "response_format": ("response_format", "json_schema", "structured output", "grammar"),
    "temperature": ("temperature",),
    "max_tokens": ("max_tokens",),
    "seed": ("seed",),
}
HUB_HOSTS = ("huggingface.co", "huggingface.cloud", "hf.space")
OTHER_DESIGNER = "or use the designer that needs no model: --designer grammar"

_REFUSAL = re.compile(
    r"^\W*(i['’]m (very |so )?sorry|sorry,|i (can['’]?t|cannot|can not|won['’]?t|will not|must decline)\b"
    r"|i('m| am) (not able|unable)|as an ai\b|unfortunately, i)",
    re.IGNORECASE,
)


@dataclass
class Usage:
    """What the calls so far have cost.

    `seconds` is the time spent waiting for answers, `retries` how many requests were repetitions (of a failed one, or
    because an answer was wrong). `price_per_million` is the price of a million prompt and completion tokens.
    """

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    retries: int = 0
    price_per_million: tuple[float, float] | None = None

    @property
    def cost(self) -> float | None:
        """In the currency of the prices; None without prices."""
        if self.price_per_million is None:
            return None
        prompt, completion = self.price_per_million
        return (self.prompt_tokens * prompt + self.completion_tokens * completion) / 1e6

    def summary(self) -> str:
        """One line."""
        cost = "" if self.cost is None else f", cost {self.cost:.4f}"
        return (
            f"{self.requests} requests ({self.retries} of them retries), {self.prompt_tokens} prompt and "
            f"{self.completion_tokens} completion tokens, {self.seconds:.1f} s{cost}"
        )


class Chat:
    """A language model behind an endpoint.

    Args:
        model: the model's name there; may be left out where `base_url` serves a single one.
        base_url: an OpenAI-compatible endpoint ("http://localhost:8000/v1"); None for Hugging Face's providers.
        provider: one of Hugging Face's providers ("auto" by default).
        token: default: the environment's GENWORLD_LLM_TOKEN, then the Hub's token (HF_TOKEN or the login) for addresses of
            Hugging Face, or OPENAI_API_KEY for another `base_url`. The Hub's token is sent nowhere else.
        timeout: seconds to wait for a whole answer (with a provider: between two packets).
        retries: how often a request that failed in passing is repeated.
        sleep: called with the seconds to wait before a repetition.
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        base_url: str | None = None,
        provider: str | None = None,
        token: str | None = None,
        timeout: float = 60.0,
        retries: int = 3,
        price_per_million: tuple[float, float] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        _check_options(model, base_url, provider, timeout, retries)
        self.model = model
        self.retries = retries
        self.usage = Usage(price_per_million=price_per_million)
        self._base_url = base_url
        self._provider = provider
        self._token = _checked_token(token or _token_from_environment(base_url))
        self._timeout = timeout
        self._sleep = sleep
        self._left_out: set[str] = set()

    @property
    def endpoint(self) -> str:
        """Its name in messages: the address, without what may be secret in it."""
        if self._base_url is None:
            return f"Hugging Face provider {self._provider or 'auto'!r}"
        url = httpx.URL(self._base_url)
        return str(url.copy_with(username=None, password=None, query=None, fragment=None))

    @property
    def name(self) -> str:
        """The model's, in messages."""
        return "its model" if self.model is None else f"model {self.model!r}"

    def ask(
        self, messages: Sequence[Message], *, name: str, schema: Mapping[str, Any], temperature: float, seed: int
    ) -> str:
        """The text of the model's answer to `messages`, which should be JSON that fits `schema`, called `name`.

        Raises:
            InstructionError: the model refuses, or its answer is cut off even with more room.
            MissingRequirementError: the endpoint does not answer, or refuses the token or the model.
            InvalidOptionError: Hugging Face has no such provider or model.
        """
        options = {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": name, "schema": dict(schema), "strict": True},
            },
            "temperature": temperature,
            "seed": seed % 2**31,
        }
        for max_tokens in (MAX_TOKENS, MORE_TOKENS):
            self.usage.retries += max_tokens != MAX_TOKENS
            answer = self._complete(messages, {**options, "max_tokens": max_tokens})
            if answer.refusal is not None:
                raise InstructionError(
                    f"the model refuses: {self._quote(answer.refusal)}; word the instruction differently, {OTHER_DESIGNER}"
                )
            if not answer.cut_off:
                return answer.text
        raise InstructionError(
            f"the answer of {self.name} was cut off at {MORE_TOKENS} tokens; take a model that reasons less or has "
            f"a longer context, {OTHER_DESIGNER}"
        )

    def _complete(self, messages: Sequence[Message], options: dict[str, Any]) -> "_Answer":
        """The first choice of a completion; failures that pass are tried again."""
        attempt = 0
        while True:
            taken = {name: value for name, value in options.items() if name not in self._left_out}
            try:
                return self._post(messages, taken)
            except (httpx.HTTPError, _HttpStatusError, OSError, ValueError, RecursionError) as error:
                refused = _refused_field(error, taken)
                failure = self._failure(error)
            if refused is not None:
                self._left_out.add(refused)
            else:
                # Raised and waited here, outside `except`: the failed request, with its headers, is no one's context.
                self._wait_or_raise(failure, attempt)
                attempt += 1
            self.usage.retries += 1

    def _post(self, messages: Sequence[Message], options: Mapping[str, Any]) -> "_Answer":
        started = time.monotonic()
        self.usage.requests += 1
        try:
            with self._client() as client:
                completion = client.chat_completion(messages=list(messages), model=self.model, **options)
        finally:
            self.usage.seconds += time.monotonic() - started
        self.usage.prompt_tokens += _count(completion.usage, "prompt_tokens")
        self.usage.completion_tokens += _count(completion.usage, "completion_tokens")
        return _answer(completion)

    def _client(self) -> InferenceClient:
        if self._base_url is None:
            return InferenceClient(provider=self._provider, token=self._token, timeout=self._timeout)  # type: ignore[arg-type]
        return _EndpointClient(base_url=self._base_url, token=self._token, timeout=self._timeout)

    def _wait_or_raise(self, failure: "_Failure", attempt: int) -> None:
        wait = min(FIRST_WAIT * 2**attempt, MAX_WAIT) if failure.wait is None else failure.wait
        if failure.passes and attempt < self.retries and wait <= MAX_WAIT:
            self._sleep(wait)
            return
        times = f", {attempt + 1} times" if attempt else ""
        asked = f"; it asks to wait {wait:.0f} s" if failure.passes and wait > MAX_WAIT else ""
        raise failure.kind(f"{failure.what}{times}{asked}; {failure.way_out}")

    def _failure(self, error: Exception) -> "_Failure":
        """What to make of a failed request."""
        response = _response_of(error)
        if response is not None:
            return self._status_failure(*response)
        later = f"try again later, allow more time than {self._timeout:g} s (timeout), {OTHER_DESIGNER}"
        if isinstance(error, (httpx.TimeoutException, TimeoutError)):
            return _Failure(f"{self.endpoint} gave no answer within {self._timeout:g} s", later, passes=True)
        if isinstance(error, OfflineModeIsEnabled):
            way_out = f"unset HF_HUB_OFFLINE, give a base URL of a server of yours, {OTHER_DESIGNER}"
            return _Failure(f"{self.endpoint} cannot be reached: HF_HUB_OFFLINE is set", way_out)
        reason = self._quote(str(error) or type(error).__name__)
        unreadable = (_NoCompletionError, json.JSONDecodeError, UnicodeDecodeError, RecursionError)
        if isinstance(error, unreadable) or (self._base_url is not None and isinstance(error, ValueError)):
            way_out = (
                f"check that the base URL is that of an OpenAI-compatible API (it often ends in /v1), {OTHER_DESIGNER}"
            )
            return _Failure(f"{self.endpoint} answered with no chat completion ({reason})", way_out)
        if isinstance(error, httpx.ConnectError):
            way_out = f"start the server, or check the base URL and the network, {OTHER_DESIGNER}"
            return _Failure(f"cannot connect to {self.endpoint} ({reason})", way_out)
        if isinstance(error, httpx.HTTPError | OSError):
            return _Failure(f"the connection to {self.endpoint} broke ({reason})", later, passes=True)
        way_out = f"check the token ({TOKEN_VARIABLE} or HF_TOKEN), the provider and the model's name, {OTHER_DESIGNER}"
        return _Failure(f"{self.name} of {self.endpoint} cannot be used ({reason})", way_out, kind=InvalidOptionError)

    def _status_failure(self, status: int, headers: Mapping[str, str], body: str) -> "_Failure":
        words = self._quote(_server_words(body))
        told = f"HTTP {status}" + (f": {words}" if words else "")
        if status in (401, 403):
            way_out = f"set {TOKEN_VARIABLE} to a token that is valid there, {OTHER_DESIGNER}"
            fault = "refused the token" if self._token else "asks for a token, and none is set"
            return _Failure(f"{self.endpoint} {fault} ({told})", way_out)
        if status == 404:
            way_out = f"check the model's name (--model) and the base URL (it often ends in /v1), {OTHER_DESIGNER}"
            return _Failure(f"{self.endpoint} does not know {self.name} ({told})", way_out)
        if status in PASSING_STATUSES:
            way_out = f"try again later, take another endpoint, {OTHER_DESIGNER}"
            return _Failure(
                f"{self.endpoint} failed ({told})", way_out, passes=True, wait=_retry_after(headers.get("retry-after"))
            )
        way_out = f"check the model's name and what the server supports, {OTHER_DESIGNER}"
        return _Failure(f"{self.endpoint} refused the request ({told})", way_out)

    def _quote(self, text: str) -> str:
        """Foreign text for a message of ours: one line, bounded, without the token."""
        secrets = [self._token, None if self._base_url is None else httpx.URL(self._base_url).password]
        for secret in secrets:
            if secret:
                text = text.replace(secret, "***")
        return one_line(text, 300)


class _EndpointClient(InferenceClient):
    """`InferenceClient` for an address that the user gave.

    huggingface_hub takes every such address for a server of Hugging Face: it calls none while HF_HUB_OFFLINE is set, which
    is about the Hub; it sends the Hub's token where no other is given; and it writes the schema of the answer in the
    dialect of one server. Here a model on the local machine can be called offline, no token goes astray, the schema has the
    form of OpenAI's API, and the time-out holds for the whole answer.
    """

    def _inner_post(self, request_parameters: Any, *, stream: bool = False) -> bytes:
        headers = {name: value for name, value in request_parameters.headers.items() if name != "authorization"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = _with_openai_schema(request_parameters.json)
        deadline = time.monotonic() + (self.timeout or float("inf"))
        with (
            httpx.Client(timeout=self.timeout, follow_redirects=True) as http,
            http.stream("POST", request_parameters.url, json=body, headers=headers) as response,
        ):
            content = _read(response, deadline)
        if not response.is_success:
            raise _HttpStatusError(response.status_code, response.headers, content.decode("utf-8", "replace"))
        return content


class _HttpStatusError(Exception):
    """A response that is no success."""

    def __init__(self, status: int, headers: Mapping[str, str], body: str) -> None:
        super().__init__(f"HTTP {status}")
        self.response = (status, headers, body)


class _NoCompletionError(ValueError):
    """A response without a choice."""


@dataclass(frozen=True)
class _Failure:
    """A failed request in words; `passes` if a repetition may help, after `wait` seconds if the server says so."""

    what: str
    way_out: str
    passes: bool = False
    wait: float | None = None
    kind: type[MissingRequirementError | InvalidOptionError] = MissingRequirementError


class _Answer(NamedTuple):
    text: str
    refusal: str | None
    cut_off: bool


def _answer(completion: Any) -> _Answer:
    choices = completion.choices
    message = getattr(choices[0], "message", None) if isinstance(choices, list) and choices else None
    if not isinstance(message, ChatCompletionOutputMessage):
        error = getattr(completion, "error", None)
        raise _NoCompletionError(_server_words(json.dumps({"error": error})) or "no choices")
    content = message.content if isinstance(message.content, str) else ""
    refusal = getattr(message, "refusal", None)
    reason = choices[0].finish_reason
    if reason == "content_filter":
        refusal = refusal or content or "its content filter stopped the answer"
    elif not refusal and "{" not in content and _REFUSAL.match(content):
        refusal = content
    return _Answer(content, str(refusal) if refusal else None, reason == "length")


def _count(usage: Any, name: str) -> int:
    """A number of tokens of a response, 0 where the server does not count."""
    number = getattr(usage, name, None)
    return number if isinstance(number, int) else 0


def _read(response: httpx.Response, deadline: float) -> bytes:
    """The body, within time and size: some servers send white space for minutes to keep a connection open."""
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the whole answer takes too long")
        if len(content) > MAX_ANSWER_BYTES:
            raise _NoCompletionError(f"more than {MAX_ANSWER_BYTES} bytes")
    return bytes(content)


def _with_openai_schema(body: dict[str, Any]) -> dict[str, Any]:
    form = body.get("response_format")
    if not isinstance(form, dict) or "value" not in form:
        return body
    schema = {"name": "answer", "schema": form["value"], "strict": True}
    return {**body, "response_format": {"type": "json_schema", "json_schema": schema}}


def _response_of(error: Exception) -> tuple[int, Mapping[str, str], str] | None:
    """Status, headers and body of the response that `error` is about."""
    if isinstance(error, _HttpStatusError):
        return error.response
    if isinstance(error, HfHubHTTPError):
        try:
            body = error.response.text
        except RuntimeError:  # it was never read
            body = error.server_message or ""
        return error.response.status_code, error.response.headers, body
    return None


def _refused_field(error: Exception, sent: Mapping[str, Any]) -> str | None:
    """The optional field of the request that the server says it does not take, if that is what `error` says."""
    response = _response_of(error)
    if response is None or response[0] not in (400, 422):
        return None
    body = response[2].lower()
    named = (name for name, words in OPTIONAL_FIELDS.items() if any(word in body for word in words))
    return next((name for name in named if name in sent), None)


def _server_words(body: str) -> str:
    """What the server says in the body of an error: its message, or the text if it is neither JSON nor HTML."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return "" if "<html" in body[:1000].lower() else body[:2000]
    while isinstance(data, dict):
        data = next((data[key] for key in ("error", "message", "detail") if data.get(key)), None)
    return str(data)[:2000] if data else ""


def _retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date."""
    if value is None:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value.strip()):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _token_from_environment(base_url: str | None) -> str | None:
    own = os.environ.get(TOKEN_VARIABLE)
    if own:
        return own
    host = "huggingface.co" if base_url is None else httpx.URL(base_url).host
    if any(host == name or host.endswith(f".{name}") for name in HUB_HOSTS):
        return get_token()
    return os.environ.get("OPENAI_API_KEY") or None


def _checked_token(token: str | None) -> str | None:
    """`token` without the newline of the file that it comes from; what no header can hold is an error."""
    token = (token or "").strip()
    if not all("!" <= character <= "~" for character in token):
        raise InvalidOptionError(
            f"the token has spaces or characters that no token has; copy it again into {TOKEN_VARIABLE}"
        )
    return token or None


def _check_options(model: str | None, base_url: str | None, provider: str | None, timeout: float, retries: int) -> None:
    if model is None and base_url is None:
        raise InvalidOptionError(
            "the llm designer needs a model (--model, of Hugging Face's providers), or the base URL of an "
            f"OpenAI-compatible endpoint (--base-url, such as http://localhost:8000/v1), {OTHER_DESIGNER}"
        )
    if base_url is not None and provider is not None:
        raise InvalidOptionError(f"base_url and provider {provider!r} are two endpoints; give one of them")
    if not timeout > 0:
        raise InvalidOptionError(f"timeout {timeout!r} is not a positive number of seconds")
    if retries < 0:
        raise InvalidOptionError(f"retries {retries!r} is negative; 0 means a single attempt")
    if base_url is not None:
        _check_url(base_url)


def _check_url(base_url: str) -> None:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise InvalidOptionError(
            f"base_url {base_url!r} is not an address; it begins with http:// or https://, as in http://localhost:8000/v1"
        )
