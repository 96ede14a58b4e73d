"""The PLY files of 3D Gaussian splatting, read without trust: what a file announces is checked before anything is allocated.

The format is that of the reference implementation, binary little-endian: one element `vertex` of float properties `x y z`,
optionally `nx ny nz` (which mean nothing), `f_dc_0..2`, optionally `f_rest_*` (9, 24 or 45, all of red first), `opacity`
(logit), `scale_0..2` (natural logarithm) and `rot_0..3` (w, x, y, z, of any length).
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scene_hub.errors import SceneDataError
from scene_hub.gaussians import harmonics
from scene_hub.gaussians.cloud import GaussianCloud
from scene_hub.schema import MAX_FILE_BYTES

MAX_GAUSSIANS = 5_000_000
"""In a file that is read; each takes up to 248 bytes."""
MAX_HEADER_BYTES = 16 * 1024
MAX_DISTANCE = 1e5
"""Of a Gaussian from the origin along an axis, metres."""
MAX_LOG_SCALE = 12.0
MAX_MAGNITUDE = 1e4
"""Of harmonics and opacity logits."""
UNIT_TOLERANCE = 1e-6
_WAY_OUT = "export it again as a binary PLY of 3D Gaussians, such as gsplat, nerfstudio or EmbodiedGen write"

_END = re.compile(rb"\nend_header\r?\n")
_MEANS = ("x", "y", "z")
_COLORS = tuple(f"f_dc_{index}" for index in range(3))
_SCALES = tuple(f"scale_{index}" for index in range(3))
_ROTATIONS = tuple(f"rot_{index}" for index in range(4))
_NEEDED = (*_MEANS, *_COLORS, "opacity", *_SCALES, *_ROTATIONS)
_MEANINGLESS = ("nx", "ny", "nz")


def read_ply(source: Path | bytes, origin: str | None = None, most: int = MAX_GAUSSIANS) -> GaussianCloud:
    """The cloud in a file, or in the content of one.

    `origin` is how messages call it (default: the path); a file of more than `most` Gaussians is refused.

    Raises:
        SceneDataError: no sound file of 3D Gaussians, or one with too many of them, values that are not finite or beyond all
            bounds; nothing of the size that the file announces has been allocated then.
    """
    origin = origin or (str(source) if isinstance(source, Path) else "PLY of Gaussians")
    head, size = _head(source, origin)
    try:
        header = _Header.parsed(head, most)
        if size != header.file_size:
            raise _Unsound(
                f"its header announces {header.count} Gaussians, {header.file_size} bytes in all, the file has {size}"
            )
        return _cloud(header, _table(source, header))
    except _Unsound as error:
        raise SceneDataError(f"{origin}: {error}; {_WAY_OUT}") from None
    except OSError as error:
        raise SceneDataError(f"{origin}: cannot be read ({error.strerror})") from None


def write_ply(cloud: GaussianCloud, most_bytes: int = MAX_FILE_BYTES) -> bytes:
    """A file of `cloud`, with as many bands of harmonics as fit into `most_bytes`; the same cloud gives the same bytes.

    Raises:
        SceneDataError: too many Gaussians even without view-dependent colours.
    """
    for degree in range(cloud.degree, -1, -1):
        names = _properties(degree)
        header = _header_text(len(cloud), names)
        if len(header) + 4 * len(cloud) * len(names) <= most_bytes:
            break
    else:
        raise SceneDataError(
            f"a file of {len(cloud)} Gaussians has more than the {most_bytes} bytes that are allowed; prune the cloud to "
            f"at most {most_bytes // (4 * len(_properties(0))) - 100} first"
        )
    kept = cloud.with_degree(degree)
    # Files have all coefficients of red first, then those of green and of blue.
    rest = kept.harmonics[:, 1:].transpose(0, 2, 1).reshape(len(kept), len(names) - len(_NEEDED))
    columns = (kept.means, kept.harmonics[:, 0], rest, kept.opacity_logits[:, None], kept.log_scales, kept.quaternions)
    return header + np.concatenate(columns, axis=1, dtype="<f4").tobytes()


class _Unsound(Exception):
    """What is wrong with a file."""


@dataclass(frozen=True)
class _Header:
    count: int
    properties: tuple[str, ...]
    size: int
    """Bytes of the header itself."""

    @property
    def file_size(self) -> int:
        return self.size + 4 * self.count * len(self.properties)

    @property
    def degree(self) -> int:
        rest = sum(name.startswith("f_rest_") for name in self.properties)
        return round((rest // 3 + 1) ** 0.5) - 1

    @classmethod
    def parsed(cls, head: bytes, most: int) -> "_Header":
        if not head.startswith((b"ply\n", b"ply\r\n")):
            raise _Unsound("is not a PLY file")
        end = _END.search(head)
        if end is None:
            raise _Unsound(f"has no header that ends within {MAX_HEADER_BYTES} bytes")
        fields = [line.split() for line in head[: end.start()].decode("ascii", errors="replace").splitlines()[1:]]
        fields = [words for words in fields if words and words[0] not in ("comment", "obj_info")]
        if not fields or fields[0][:1] != ["format"] or len(fields[0]) != 3:
            raise _Unsound("its header does not begin with its format")
        if fields[0][1:] != ["binary_little_endian", "1.0"]:
            raise _Unsound(f"its format is {' '.join(fields[0][1:])!r}; only 'binary_little_endian 1.0' is read")
        if len(fields) < 2 or fields[1][:2] != ["element", "vertex"] or len(fields[1]) != 3:
            raise _Unsound("its first element is not 'vertex' (compressed formats are not read)")
        count = _count(fields[1][2], most)
        names = tuple(_property(words) for words in fields[2:])
        _check_properties(names)
        return cls(count, names, end.end())


def _count(word: str, most: int) -> int:
    if not (word.isascii() and word.isdigit()) or len(word) > 18:
        raise _Unsound(f"announces {word[:40]!r} Gaussians")
    if int(word) > most:
        raise _Unsound(f"announces {int(word)} Gaussians, at most {most} are read")
    return int(word)


def _property(words: list[str]) -> str:
    if words[0] == "element":
        raise _Unsound(f"has an element {' '.join(words[1:2])!r} beside 'vertex'; it is a mesh, or compressed")
    if words[0] != "property" or len(words) != 3 or words[1] not in ("float", "float32"):
        raise _Unsound(f"has the header line {' '.join(words)[:80]!r}, expected 'property float ...'")
    return words[2]


def _check_properties(names: tuple[str, ...]) -> None:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise _Unsound(f"has no property {missing[0]!r}, so it holds no 3D Gaussians")
    if len(set(names)) != len(names):
        raise _Unsound("names a property twice")
    rest = [name for name in names if name.startswith("f_rest_")]
    allowed = [3 * (harmonics.coefficients(degree) - 1) for degree in range(harmonics.MAX_DEGREE + 1)]
    if len(rest) not in allowed or set(rest) != {f"f_rest_{index}" for index in range(len(rest))}:
        raise _Unsound(f"has {len(rest)} properties 'f_rest_*', expected f_rest_0 to one less than 0, 9, 24 or 45")
    unknown = sorted(set(names) - {*_NEEDED, *_MEANINGLESS, *rest})
    if unknown:
        raise _Unsound(f"has the property {unknown[0][:40]!r}, which 3D Gaussians do not have")


def _head(source: Path | bytes, origin: str) -> tuple[bytes, int]:
    """The first bytes, and how many there are in all."""
    if isinstance(source, bytes):
        return source[:MAX_HEADER_BYTES], len(source)
    try:
        with source.open("rb") as stream:
            return stream.read(MAX_HEADER_BYTES), os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise SceneDataError(f"{origin}: cannot be read ({error.strerror})") from None


def _table(source: Path | bytes, header: _Header) -> np.ndarray:
    """[N, P] float32: a row a Gaussian."""
    numbers = header.count * len(header.properties)
    if isinstance(source, bytes):
        values = np.frombuffer(source, dtype="<f4", count=numbers, offset=header.size)
    else:
        values = np.fromfile(source, dtype="<f4", count=numbers, offset=header.size)
        if len(values) != numbers:
            raise _Unsound("became shorter while it was read")
    return values.reshape(header.count, len(header.properties))


def _cloud(header: _Header, table: np.ndarray) -> GaussianCloud:
    column = {name: index for index, name in enumerate(header.properties)}
    bands = harmonics.coefficients(header.degree)
    rest = [f"f_rest_{index}" for index in range(3 * (bands - 1))]
    parts = {
        "position": table[:, [column[name] for name in _MEANS]],
        "scale": table[:, [column[name] for name in _SCALES]],
        "rotation": table[:, [column[name] for name in _ROTATIONS]],
        "opacity": table[:, column["opacity"]],
        "colour": table[:, [column[name] for name in _COLORS]],
        "harmonic": table[:, [column[name] for name in rest]],
    }
    bounds = {"position": MAX_DISTANCE, "rotation": np.inf}
    for name, values in parts.items():
        if not np.isfinite(values).all():
            raise _Unsound(f"a Gaussian has a {name} that is not finite")
        if values.size and np.abs(values).max() > bounds.get(name, MAX_MAGNITUDE):
            raise _Unsound(f"a Gaussian has a {name} of {np.abs(values).max():.3g}, beyond all bounds")
    if header.count and parts["scale"].max() > MAX_LOG_SCALE:
        raise _Unsound(f"a Gaussian has the scale exp({parts['scale'].max():.3g}), beyond all bounds")
    colors = parts["harmonic"].reshape(header.count, 3, bands - 1).transpose(0, 2, 1)
    return GaussianCloud(
        parts["position"],
        parts["scale"],
        _normalized(parts["rotation"]),
        parts["opacity"],
        np.concatenate([parts["colour"][:, None], colors], axis=1),
    )


def _normalized(quaternions: np.ndarray) -> np.ndarray:
    """Unit quaternions; those that are it stay as they are, so that what is read is what was written."""
    values = quaternions.astype(np.float64)
    norms = np.linalg.norm(values, axis=1, keepdims=True)
    if len(norms) and norms.min() < 1e-12:
        raise _Unsound("a Gaussian has a rotation of length 0")
    return np.where(np.abs(norms - 1.0) < UNIT_TOLERANCE, values, values / np.maximum(norms, 1e-12)).astype(np.float32)


def _properties(degree: int) -> tuple[str, ...]:
    rest = (f"f_rest_{index}" for index in range(3 * (harmonics.coefficients(degree) - 1)))
    return (*_MEANS, *_COLORS, *rest, "opacity", *_SCALES, *_ROTATIONS)


def _header_text(count: int, names: tuple[str, ...]) -> bytes:
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {count}"]
    return "\n".join([*lines, *(f"property float {name}" for name in names), "end_header", ""]).encode("ascii")
