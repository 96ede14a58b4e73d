"""The `llm` designer: a language model makes the scene graph, and this program checks every word of it.

The instruction goes to the model as data, and whatever comes back has to pass the same checks: a sound scene or an error, no
matter what the instruction or the model says. A wrong answer is sent back with what is wrong with it, a bounded number of
times. The prompts are in `prompts.md`.
"""

import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib import resources
from string import Template

from scene_hub.design.answers import (
    DesignAnswer,
    InventAnswer,
    WrongAnswer,
    design_schema,
    invent_schema,
    read_answer,
    scene_graph,
)
from scene_hub.design.chat import OTHER_DESIGNER, Chat, Message, Usage
from scene_hub.design.designer import DesignRequest
from scene_hub.design.graph_checks import DESCRIPTION_WORDS, graph_problems
from scene_hub.design.lines import one_line
from scene_hub.errors import InstructionError, InvalidOptionError
from scene_hub.generate.bundle import CategoryInfo
from scene_hub.schema import AssetKind, SceneGraph

MAX_INSTRUCTION = 1000
MAX_DISTRACTORS = 20
MAX_INVENTED = 10_000
BATCH = 25
KNOWN_SENT = 100  # invented instructions that a later batch is shown, so that requests stay short
MAX_SYNONYMS = 4  # of a category in the prompt; a language model knows the others
MAX_ECHO = 8000  # characters of a wrong answer that the model is shown again
TEMPERATURE = 0.2  # of designs: what the sentence says, with some variety in the rest
INVENTION_TEMPERATURE = 0.9


class LlmDesigner:
    """Designs scenes with a language model; implements `scene_hub.design.designer.Designer`.

    Args:
        vocabulary: the categories that can be made; empty: all, for text-to-3D generators.
        model, base_url, provider, token, timeout: which model and where, see `scene_hub.design.chat.Chat`.
        retries: how often a wrong answer is sent back, and how often a request that fails in passing is repeated.
        price_per_million: prices of a million prompt and completion tokens, for `usage.cost`.
        sleep: called with the seconds to wait before a repetition.
    """

    def __init__(
        self,
        vocabulary: tuple[CategoryInfo, ...],
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
        self._vocabulary = vocabulary
        self._chat = Chat(
            model=model,
            base_url=base_url,
            provider=provider,
            token=token,
            timeout=timeout,
            retries=retries,
            price_per_million=price_per_million,
            sleep=sleep,
        )

    @property
    def model(self) -> str | None:
        """The model's name, for the provenance of scenes."""
        return self._chat.model

    @property
    def usage(self) -> Usage:
        """What the calls so far have cost."""
        return self._chat.usage

    def design(self, request: DesignRequest) -> SceneGraph:
        """The scene graph for `request`, checked by `graph_problems`.

        Raises:
            InstructionError: the instruction is empty or too long, the model refuses or cannot do it, or none of its
                answers was sound.
            MissingRequirementError: the endpoint does not answer, or refuses the token or the model.
        """
        sentence = _checked_text(request.instruction, "instruction")
        if not 0 <= request.distractors <= MAX_DISTRACTORS or request.look_alikes < 0:
            raise InvalidOptionError(
                f"distractors {request.distractors}, look_alikes {request.look_alikes}: distractors are 0 to "
                f"{MAX_DISTRACTORS}, look_alikes not negative"
            )

        def read(text: str) -> SceneGraph:
            answer = read_answer(DesignAnswer, text)
            if answer.error is not None:
                raise InstructionError(f"{_quoted(sentence)} cannot be made: {one_line(answer.error, 300)}")
            if answer.scene is None:
                raise WrongAnswer("scene and error are both null; one of them has to be given")
            graph = scene_graph(answer.scene, sentence)
            problems = graph_problems(graph, self._vocabulary, request)
            if problems:
                raise WrongAnswer("; ".join(problems))
            return graph

        messages = [
            _message("design system", vocabulary=self._menu(), description_words=DESCRIPTION_WORDS),
            _message(
                "design user",
                instruction=json.dumps(sentence, ensure_ascii=False),
                distractors=request.distractors,
                look_alikes=request.look_alikes,
                choices=self._choices(request.among),
            ),
        ]

        def ask(conversation: list[Message]) -> str:
            schema = design_schema(self._vocabulary, request.among)
            return self._chat.ask(conversation, name="scene", schema=schema, temperature=TEMPERATURE, seed=request.seed)

        return self._until_right(messages, ask, read, sentence)

    def invent(self, theme: str, count: int, seed: int = 0) -> tuple[str, ...]:
        """`count` different instructions for a theme ("a repair bench").

        Raises:
            InstructionError: the theme is empty or too long, the model refuses, or it has fewer ideas; the message says
                how many.
            MissingRequirementError: the endpoint does not answer, or refuses the token or the model.
        """
        if not 1 <= count <= MAX_INVENTED:
            raise InvalidOptionError(f"count {count} is not between 1 and {MAX_INVENTED}")
        subject = _checked_text(theme, "theme")
        found: dict[str, str] = {}
        fruitless = batch = 0
        reason = ""
        while len(found) < count and fruitless <= self._chat.retries:
            before = len(found)
            try:
                more = self._batch(subject, min(BATCH, count - before), list(found.values()), seed + batch)
            except InstructionError as error:
                if not found:
                    raise
                reason = f" ({one_line(str(error), 300)})"
                break
            for sentence in more:
                found.setdefault(_same_form(sentence), sentence)
            fruitless += len(found) == before
            batch += 1
        if len(found) < count:
            raise InstructionError(
                f"{self._chat.name} gave only {len(found)} different instructions for theme {_quoted(subject)}, {count} were "
                f"asked for{reason}; ask for fewer, widen the theme, or take another model"
            )
        return tuple(found.values())[:count]

    def _batch(self, theme: str, count: int, known: list[str], seed: int) -> tuple[str, ...]:
        """Up to `count` more instructions; some of them may be known."""
        messages = [
            _message("invent system", vocabulary=self._menu()),
            _message(
                "invent user",
                theme=json.dumps(theme, ensure_ascii=False),
                count=count,
                known=json.dumps(known[-KNOWN_SENT:], ensure_ascii=False),
            ),
        ]

        def read(text: str) -> tuple[str, ...]:
            answer = read_answer(InventAnswer, text)
            if answer.error is not None:
                raise InstructionError(f"theme {_quoted(theme)} cannot be used: {one_line(answer.error, 300)}")
            sentences = tuple(sentence for sentence in answer.instructions if sentence)
            if not sentences:
                raise WrongAnswer("instructions is empty")
            return sentences

        def ask(conversation: list[Message]) -> str:
            return self._chat.ask(
                conversation,
                name="instructions",
                schema=invent_schema(),
                temperature=INVENTION_TEMPERATURE,
                seed=seed,
            )

        return self._until_right(messages, ask, read, theme)

    def _until_right[T](
        self, messages: list[Message], ask: Callable[[list[Message]], str], read: Callable[[str], T], about: str
    ) -> T:
        """What `read` makes of the answer; an answer that it finds wrong goes back with the reason, up to `retries` times."""
        conversation = list(messages)
        attempts = self._chat.retries + 1
        problem = ""
        for attempt in range(attempts):
            self.usage.retries += attempt > 0
            text = ask(conversation)
            try:
                return read(text)
            except WrongAnswer as error:
                problem = one_line(str(error), 2000)
            conversation.append({"role": "assistant", "content": text[:MAX_ECHO] or "(nothing)"})
            conversation.append(_message("repair", problem=problem))
        raise InstructionError(
            f"{self._chat.name} gave no usable answer for {_quoted(about)} in {attempts} attempts; the last one: "
            f"{one_line(problem, 300)}. Word it differently, take another model, {OTHER_DESIGNER}"
        )

    def _menu(self) -> str:
        """The vocabulary for the prompt."""
        return vocabulary_text(self._vocabulary) if self._vocabulary else _prompts()["any category"].substitute()

    def _choices(self, among: frozenset[str] | None) -> str:
        """The categories for distractors, table and room; InvalidOptionError where `among` leaves none of a kind."""
        if not self._vocabulary:
            return "- any" if among is None else f"- {', '.join(sorted(among))}"
        kinds: dict[str, AssetKind] = {"distractors": "object", "table": "table", "room": "room"}
        lines = []
        for what, kind in kinds.items():
            every = [info.name for info in self._vocabulary if info.kind == kind]
            chosen = [name for name in every if among is None or name in among]
            if not chosen and kind != "object":
                raise InvalidOptionError(f"the categories to choose from have no {kind}; add one of {', '.join(every)}")
            all_of_them = len(chosen) == len(every) and kind == "object"
            lines.append(f"- {what}: {'any' if all_of_them else ', '.join(chosen)}")
        return "\n".join(lines)


def vocabulary_text(vocabulary: tuple[CategoryInfo, ...]) -> str:
    """The vocabulary in few words: a line a category, with lists of colours that are used often written once."""
    uses = Counter(info.colors for info in vocabulary)
    palettes = {colors: f"P{i}" for i, colors in enumerate((c for c in uses if uses[c] > 2 and len(c) > 4), start=1)}
    lines = [f"Colours {name}: {' '.join(colors)}." for colors, name in palettes.items()]
    titles: dict[AssetKind, str] = {
        "object": "Categories of kind object (category: roles; colours; materials; also called):",
        "table": "Tables:",
        "room": "Rooms:",
    }
    for kind, title in titles.items():
        lines += ["", title]
        lines += [_category_line(info, palettes) for info in vocabulary if info.kind == kind]
    return "\n".join(lines).strip()


def _category_line(info: CategoryInfo, palettes: dict[tuple[str, ...], str]) -> str:
    parts = [" ".join(sorted(info.roles)) if info.kind == "object" else ""]
    parts.append(palettes.get(info.colors, " ".join(info.colors)))
    parts.append(" ".join(info.materials))
    names = [name for name in (info.label, *info.also) if name != info.name.replace("_", " ")]
    parts.append(", ".join(names[:MAX_SYNONYMS]))
    return f"{info.name}: " + "; ".join(part or "-" for part in parts).strip(";- ")


def _checked_text(text: str, what: str) -> str:
    """The user's text as one clean line, or an InstructionError."""
    line = one_line(unicodedata.normalize("NFKC", text)) if len(text) <= MAX_INSTRUCTION else text
    if len(line) > MAX_INSTRUCTION:
        raise InstructionError(
            f"the {what} has {len(line)} characters, more than {MAX_INSTRUCTION}; say it in one sentence"
        )
    if not line:
        raise InstructionError(f"the {what} is empty; say it in a sentence, such as 'put the red mug on the tray'")
    return line


def _same_form(sentence: str) -> str:
    """Equal for sentences that differ in case, spaces or the full stop only."""
    return " ".join(sentence.casefold().split()).rstrip(" .!")


def _quoted(text: str) -> str:
    return repr(one_line(text, 120))


def _message(section: str, **values: object) -> Message:
    role = "system" if section.endswith("system") else "user"
    return {"role": role, "content": _prompts()[section].substitute(values)}


@cache
def _prompts() -> dict[str, Template]:
    """The sections of prompts.md by title."""
    text = resources.files("scene_hub.design").joinpath("prompts.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {title.strip(): Template(body.strip()) for title, body in zip(parts[1::2], parts[2::2], strict=True)}
