"""XML as URDF and MJCF need it."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree

Element = ElementTree.Element

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, however written."""


def child(parent: Element, tag: str, **attributes: str | float | Iterable[float]) -> Element:
    """A new last child of `parent`; a trailing underscore of an attribute's name is dropped (`class_`)."""
    return ElementTree.SubElement(
        parent,
        tag,
        {name.rstrip("_"): value if isinstance(value, str) else numbers(value) for name, value in attributes.items()},
    )


def numbers(values: float | Iterable[float]) -> str:
    """Numbers with spaces between them, to nine digits: nanometres."""
    row = [values] if isinstance(values, int | float) else values
    return " ".join(f"{float(value) + 0.0:.9g}" for value in row)


def add_text(parent: Element, tag: str, text: str) -> None:
    """A new last child of `parent` that holds `text`, whatever it says."""
    ElementTree.SubElement(parent, tag).text = _FORBIDDEN.sub("", text)


def document(root: Element) -> bytes:
    """The file of which `root` is the outermost element."""
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
