"""How the results of worker processes travel: tensors through memory that all map, the rest through a pipe.

A worker packs a result, a tree of dictionaries, with its `Packer`: each tensor [n, ...] is written into the rows of the memory
area for its place in the tree, where that exists, and an `Area` stands for it. A tensor that is seen for the first time goes
through the pipe, as `Rows`; then `unpack`, in the parent, makes an area for it, which the worker hears of with the next
command. So nobody has to say beforehand what a result holds. `merge` joins the workers' trees, `fill` puts the tensors in.
"""

import mmap
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from multiprocessing.reduction import DupFd
from typing import Any, NamedTuple

import numpy as np
import torch

_MISSING = object()


class Key(NamedTuple):
    """What an area is for: a place in a result's tree, and the kind of the tensors there, without their first axis."""

    path: tuple[str, ...]
    dtype: torch.dtype
    shape: tuple[int, ...]


class Area(NamedTuple):
    """Stands in a tree for the tensor that lies in the memory's area `index`."""

    index: int


@dataclass(frozen=True)
class Rows:
    """A worker's rows of a tensor that has no area yet."""

    path: tuple[str, ...]
    values: np.ndarray


class Memory:
    """Memory that this process and its workers map, with one area, a tensor [rows, ...], for each key.

    It has no name that could outlive its processes, and does not count against the size of /dev/shm, which is 64 MB in many
    containers. The process that made it adds areas; the others `learn` of them in the same order, which fixes where they lie.
    """

    def __init__(self, rows: int, descriptor: int | None = None) -> None:
        self.rows = rows
        self.keys: list[Key] = []
        self._descriptor: int | None = _anonymous_file() if descriptor is None else descriptor
        self._index: dict[Key, int] = {}
        self._areas: list[torch.Tensor] = []
        self._size = 0

    def __reduce__(self) -> Any:
        # As multiprocessing's own heap does: the descriptor is handed to a process that is just being started.
        return _attach, (self.rows, DupFd(self._descriptor))  # type: ignore[arg-type]

    def __getitem__(self, area: Area) -> torch.Tensor:
        return self._areas[area.index]

    def copy(self, area: Area) -> torch.Tensor:
        """The tensor of `area` in memory of its own."""
        # Not `clone`: of large tensors it wakes torch's threads, which then spin on the cores that the workers need.
        return torch.from_numpy(self._areas[area.index].numpy().copy())

    def find(self, key: Key) -> Area | None:
        """The area for `key`, if there is one."""
        index = self._index.get(key)
        return None if index is None else Area(index)

    def add(self, key: Key) -> Area:
        """The area for `key`, made if there is none."""
        found = self.find(key)
        if found is None:
            assert self._descriptor is not None
            os.ftruncate(self._descriptor, self._size + self._pages(key))
            self.learn([key])
            found = Area(len(self.keys) - 1)
        return found

    def learn(self, keys: Sequence[Key]) -> None:
        """Map the areas that another process has added since."""
        assert self._descriptor is not None
        for key in keys:
            pages = self._pages(key)
            mapped = mmap.mmap(self._descriptor, pages, offset=self._size)
            area = torch.frombuffer(mapped, dtype=key.dtype, count=self.rows * prod(key.shape))
            self._areas.append(area.reshape(self.rows, *key.shape))
            self._index[key] = len(self.keys)
            self.keys.append(key)
            self._size += pages

    def close(self) -> None:
        """Give the file back; what is mapped lives as long as its tensors."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def _pages(self, key: Key) -> int:
        """The bytes of an area; each begins on a page, because only pages can be mapped."""
        size = self.rows * prod(key.shape) * key.dtype.itemsize
        return -(-size // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY


def _attach(rows: int, handle: Any) -> Memory:
    return Memory(rows, handle.detach())


def _anonymous_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("genworld")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class Packer:
    """Packs the trees of a worker whose share is `rows`, n of them; this runs at each step, so it looks up little."""

    def __init__(self, memory: Memory, rows: slice) -> None:
        self._memory, self._rows, self._count = memory, rows, rows.stop - rows.start
        self._places: dict[tuple[str, ...], tuple[torch.dtype, torch.Size, Area, torch.Tensor]] = {}

    def __call__(self, tree: Any, path: tuple[str, ...] = ()) -> Any:
        """`tree` without its tensors [n, ...]: those are in the memory, or become `Rows`."""
        if isinstance(tree, dict):
            return {name: self(value, (*path, name)) for name, value in tree.items()}
        if isinstance(tree, np.ndarray) and tree.dtype.kind in "biuf":
            tree = torch.from_numpy(tree)
        if not isinstance(tree, torch.Tensor):
            return tree
        place = self._places.get(path)
        if place is None or place[0] != tree.dtype or place[1] != tree.shape:
            if tree.ndim == 0 or len(tree) != self._count or tree.numel() == 0:
                return tree.detach().cpu()
            area = self._memory.find(Key(path, tree.dtype, tuple(tree.shape[1:])))
            if area is None:
                return Rows(path, tree.detach().cpu().numpy())
            place = self._places[path] = (tree.dtype, tree.shape, area, self._memory[area][self._rows])
        place[3].copy_(tree.detach() if tree.requires_grad else tree)
        return place[2]


def unpack(tree: Any, memory: Memory, rows: slice) -> Any:
    """`tree` with an `Area` in the place of all `Rows`, whose values are then in the memory."""
    if isinstance(tree, dict):
        return {name: unpack(value, memory, rows) for name, value in tree.items()}
    if not isinstance(tree, Rows):
        return tree
    values = torch.from_numpy(tree.values)
    area = memory.add(Key(tree.path, values.dtype, tuple(values.shape[1:])))
    memory[area][rows] = values
    return area


def merge(trees: Sequence[Any], shares: Sequence[slice], memory: Memory) -> Any:
    """One tree of the workers' trees, each of which is about its `shares` rows.

    Lists with an entry for each row are joined, flags are set where one is set, other values stay if they are equal and else
    become a list of them. Where some trees lack a name, their rows are zero, or None in lists.

    Raises:
        RuntimeError: the workers give tensors of different kinds for one name.
    """
    known = [tree for tree in trees if tree is not _MISSING]
    first = known[0]
    if all(isinstance(tree, dict) for tree in known):
        names = dict.fromkeys(name for tree in known for name in tree)
        parts = {name: [_MISSING if tree is _MISSING else tree.get(name, _MISSING) for tree in trees] for name in names}
        return {name: merge(part, shares, memory) for name, part in parts.items()}
    if any(isinstance(tree, Area) for tree in known):
        if any(tree != first for tree in known):
            kinds = [memory.keys[tree.index] if isinstance(tree, Area) else tree for tree in known]
            raise RuntimeError(f"the workers disagree about what a result holds: {kinds}")
        for tree, rows in zip(trees, shares, strict=True):
            if tree is _MISSING:
                memory[first][rows] = 0
        return first
    lengths = [rows.stop - rows.start for rows in shares]
    lists = [[None] * n if tree is _MISSING else tree for tree, n in zip(trees, lengths, strict=True)]
    if all(isinstance(tree, list) and len(tree) == n for tree, n in zip(lists, lengths, strict=True)):
        return [item for tree in lists for item in tree]
    if all(isinstance(tree, bool) for tree in known):
        return any(known)
    return first if all(_equal(tree, first) for tree in known) else known


def fill(tree: Any, memory: Memory, copy: bool) -> Any:
    """`tree` with a tensor [rows, ...] in the place of each `Area`: a copy of it, or the memory itself."""
    if isinstance(tree, dict):
        return {name: fill(value, memory, copy) for name, value in tree.items()}
    if isinstance(tree, Area):
        return memory.copy(tree) if copy else memory[tree]
    return list(tree) if isinstance(tree, list) else tree


def _equal(first: Any, second: Any) -> bool:
    if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor):
        return torch.equal(first, second)
    return type(first) is type(second) and bool(first == second)
