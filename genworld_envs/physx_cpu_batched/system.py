"""`BatchedCpuSystem`: N `PhysxCpuSystem`s behind the members that ManiSkill uses of one `PhysxGpuSystem`.

State lives in tensors of one row for each body or articulation, in ManiSkill's layout. Three things keep it cheap:

* A fetch is one `pack()` a scene, which hands out the bytes of all its dynamic bodies and articulations, and one gather.
* Links are not in those bytes. They are read when somebody indexes their rows, and once a step.
* Tensors note what is written, so that applying touches only those bodies and joints.

`pack()` has, in SAPIEN's order of components: for each dynamic body q (w, x, y, z), p, v, w; then for each articulation q, p,
v, w of its root, qpos, qvel, and (target, target velocity) joint by joint. `_Layout` checks that against the bodies.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import sapien
import sapien.physx as physx
import torch
from torch import Tensor

POSE = slice(0, 7)
FASTEST = 1e3
"""m/s or rad/s from which on a scene counts as exploded."""
_MOST_STATICS = 1 << 20
_ZERO = np.zeros(1, np.float32).tobytes()
_BODY = [4, 5, 6, 0, 1, 2, 3, 7, 8, 9, 10, 11, 12]
"""Where p, q, v, w of ManiSkill's rows stand among q, p, v, w of `pack()`."""

row_of_component: "WeakKeyDictionary[Any, int]" = WeakKeyDictionary()
"""Row of each rigid component, and of each articulation, of every batched system: what a GPU simulation calls its index."""

Body = physx.PhysxRigidBaseComponent


class StateTensor(Tensor):
    """A tensor that fetches what is read and notes what is written.

    Indexing gives plain tensors. A whole-tensor operation works on all rows, fetched first.
    """

    plain: Tensor
    written: Tensor
    system: "BatchedCpuSystem"

    @classmethod
    def around(cls, plain: Tensor, system: "BatchedCpuSystem") -> "StateTensor":
        tensor = torch.Tensor._make_subclass(cls, plain)
        tensor.plain, tensor.written = plain, torch.zeros(plain.shape, dtype=torch.bool)
        tensor.system = system
        return tensor

    def torch(self) -> "StateTensor":
        """Itself: where ManiSkill takes the tensor out of a CUDA array."""
        return self

    def __getitem__(self, key: Any) -> Tensor:  # type: ignore[override]
        return self.plain[key]

    def __setitem__(self, key: Any, value: Any) -> None:  # type: ignore[override]
        self.plain[key] = value
        self.written[key] = True

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        for tensor in args:
            if isinstance(tensor, StateTensor):
                tensor.system.fetch_links(None, slice(None))
                if name.endswith("_") and not name.endswith("__"):
                    tensor.written[...] = True
        with torch._C.DisableTorchFunctionSubclass():
            return func(*(_plain(a) for a in args), **{k: _plain(v) for k, v in (kwargs or {}).items()})


class BodyTensor(StateTensor):
    """Rows of bodies: p, q, v, w (13 columns). Those of links are read from PhysX when they are indexed."""

    def __getitem__(self, key: Any) -> Tensor:  # type: ignore[override]
        rows, columns = key if isinstance(key, tuple) else (key, slice(None))
        self.system.fetch_links(rows, columns)
        return self.plain[key]


def _plain(value: Any) -> Any:
    return value.plain if isinstance(value, StateTensor) else value


class _Layout:
    """Which body of one scene has which of its rows, and where its numbers are in `pack()`."""

    def __init__(self, system: physx.PhysxCpuSystem, origin: str) -> None:
        self.dynamics = list(system.rigid_dynamic_components)
        links = system.articulation_link_components
        self.articulations = [link.articulation for link in links if link.is_root]
        self.links = [link for articulation in self.articulations for link in articulation.links]
        self.roots = [articulation.root for articulation in self.articulations]
        self.others = [link for link in self.links if not link.is_root]
        self.statics = list(system.rigid_static_components)
        offset = 13 * len(self.dynamics)
        self.bodies = [[13 * index + at for at in _BODY] for index in range(len(self.dynamics))]
        self.qpos, self.qvel, self.targets, self.target_velocities = [], [], [], []
        for articulation in self.articulations:
            dof = articulation.dof
            self.bodies.append([offset + at for at in _BODY])
            first = offset + 13
            self.qpos.append(list(range(first, first + dof)))
            self.qvel.append(list(range(first + dof, first + 2 * dof)))
            self.targets.append(list(range(first + 2 * dof, first + 4 * dof, 2)))
            self.target_velocities.append(list(range(first + 2 * dof + 1, first + 4 * dof, 2)))
            offset = first + 4 * dof
        self.size = offset
        self.shape = (len(self.dynamics), tuple(a.dof for a in self.articulations), len(self.others))
        self._check(np.frombuffer(system.pack(), np.float32), origin)

    def _check(self, packed: np.ndarray, origin: str) -> None:
        if len(packed) != self.size:
            raise RuntimeError(
                f"{origin}: PhysxCpuSystem.pack() gives {len(packed)} numbers where {self.size} are expected; this version "
                "of SAPIEN orders them otherwise than genworld_envs.physx_cpu_batched knows"
            )
        for body, columns in zip([*self.dynamics, *self.roots], self.bodies, strict=True):
            pose = body.entity_pose
            if np.abs(packed[columns[:3]] - pose.p).max(initial=0) > 1e-3 * (1 + np.abs(pose.p).max()):
                raise RuntimeError(
                    f"{origin}: PhysxCpuSystem.pack() puts body {body.name!r} at {packed[columns[:3]]}, but it is at {pose.p}; "
                    "this version of SAPIEN orders bodies otherwise than genworld_envs.physx_cpu_batched knows"
                )


class ContactQuery:
    """Impulses [K, 3] (N s) between K pairs of bodies, or on K bodies from all others: those of the last simulation step.

    They act on the first body of a pair.
    """

    def __init__(self, system: "BatchedCpuSystem", members: Sequence[tuple[int, ...]]) -> None:
        self._system = system
        self._count = len(members)
        self._pairs = bool(members) and len(members[0]) == 2
        self._indices: dict[tuple[int, ...], list[int]] = {}
        for index, member in enumerate(members):
            self._indices.setdefault(member, []).append(index)
        self._impulses = torch.zeros(self._count, 3)

    @property
    def cuda_impulses(self) -> "ContactQuery":
        return self

    def torch(self) -> Tensor:
        return self._impulses

    def update(self) -> None:
        values = np.zeros((self._count, 3))
        indices, pairs = self._indices, self._pairs
        for first, second, contact in self._system.contacts():
            forth, back = ((first, second), (second, first)) if pairs else ((first,), (second,))
            if forth in indices:
                values[indices[forth]] += self._system.impulse(contact)
            if back in indices:
                values[indices[back]] -= self._system.impulse(contact)
        self._impulses = torch.from_numpy(values.astype(np.float32))


class BatchedCpuSystem:
    """See the module. `systems[i]` simulates sub-environment i.

    `active` [N] bool: those that are not active keep their state when the batch steps.
    `faulty` [N] bool: those with a state that is not finite, or faster than `FASTEST`; they rest until they are reset, or
    renewed by `replace`.
    """

    def __init__(self, systems: Sequence[physx.PhysxCpuSystem]) -> None:
        self.systems = list(systems)
        self.active = np.ones(len(self.systems), dtype=bool)
        self.faulty = np.zeros(len(self.systems), dtype=bool)
        self._layouts: list[_Layout] = []
        self._contacts: list[tuple[int, int, Any]] | None = None
        self._impulses: dict[int, np.ndarray] = {}
        self._active_joints: dict[int, tuple[physx.PhysxArticulation, list[physx.PhysxArticulationJoint]]] = {}
        self._stale = True

    # ManiSkill asks `isinstance(px, PhysxGpuSystem)` where it wants to know whether state is batched.
    @property
    def __class__(self) -> type:  # type: ignore[override]
        return physx.PhysxGpuSystem

    @property
    def timestep(self) -> float:
        return self.systems[0].timestep

    @timestep.setter
    def timestep(self, value: float) -> None:
        for system in self.systems:
            system.timestep = value

    def get_timestep(self) -> float:
        return self.timestep

    def set_timestep(self, value: float) -> None:
        self.timestep = value

    @property
    def config(self) -> Any:
        return self.systems[0].config

    @property
    def rigid_dynamic_components(self) -> list[physx.PhysxRigidDynamicComponent]:
        return [component for system in self.systems for component in system.rigid_dynamic_components]

    @property
    def rigid_static_components(self) -> list[physx.PhysxRigidStaticComponent]:
        return [component for system in self.systems for component in system.rigid_static_components]

    @property
    def articulation_link_components(self) -> list[physx.PhysxArticulationLinkComponent]:
        return [component for system in self.systems for component in system.articulation_link_components]

    def get_scene_offset(self, scene: sapien.Scene) -> np.ndarray:
        """[3] zeros: each sub-environment has a physical world of its own."""
        return np.zeros(3, np.float32)

    # ----------------------------------------------------------------------------------------------------------- layout

    def gpu_init(self) -> None:
        """Give each body its row. Bodies may not be added or removed afterwards, other than by `replace`."""
        self._layouts = [_Layout(system, f"sub-environment {env}") for env, system in enumerate(self.systems)]
        # First the rows that `pack()` fills, scene by scene, then those of links.
        packed = [len(layout.bodies) for layout in self._layouts]
        others = [len(layout.others) for layout in self._layouts]
        self._first_body = np.concatenate([[0], np.cumsum(packed)])
        self._first_link = self._first_body[-1] + np.concatenate([[0], np.cumsum(others)])
        counts = [len(layout.articulations) for layout in self._layouts]
        self._first_articulation = np.concatenate([[0], np.cumsum(counts)])
        rows, articulations = int(self._first_link[-1]), int(self._first_articulation[-1])
        dof = max((a.dof for layout in self._layouts for a in layout.articulations), default=0)

        def tensor(count: int, columns: int, kind: type[StateTensor] = StateTensor) -> StateTensor:
            return kind.around(torch.zeros(count, columns), self)

        self.cuda_rigid_body_data = tensor(rows, 13, BodyTensor)
        self.cuda_rigid_body_force = tensor(rows, 4)
        self.cuda_rigid_body_torque = tensor(rows, 4)
        self.cuda_articulation_qpos, self.cuda_articulation_qvel = (
            tensor(articulations, dof),
            tensor(articulations, dof),
        )
        self.cuda_articulation_qf = tensor(articulations, dof)
        self.cuda_articulation_target_qpos = tensor(articulations, dof)
        self.cuda_articulation_target_qvel = tensor(articulations, dof)
        self._body_source = np.zeros((int(self._first_body[-1]), 13), np.int64)
        self._joint_sources = {name: np.zeros((articulations, dof), np.int64) for name in _JOINT_STATE}
        self._gathered = [
            (self._body_source, self.cuda_rigid_body_data.plain.numpy()[: len(self._body_source)]),
            *(
                (source, getattr(self, f"cuda_articulation_{name}").plain.numpy())
                for name, source in self._joint_sources.items()
            ),
        ]
        self._components: list[Any] = [None] * rows
        self._articulations: list[physx.PhysxArticulation] = [None] * articulations  # type: ignore[list-item]
        self._env_of_row = np.zeros(rows, np.int64)
        self._links_at: dict[int, tuple[Any, np.ndarray]] = {}
        self._read: set[tuple[str, int]] = set()
        self._link_fresh = {"pose": np.zeros(rows, bool), "velocity": np.zeros(rows, bool)}
        self._is_link = np.arange(rows) >= self._first_body[-1]
        self._row_of: dict[Any, int] = {}
        # Packed bytes differ in length from scene to scene; the last number is the zero that pads short rows.
        self._sizes = np.array([layout.size for layout in self._layouts])
        self._starts = np.concatenate([[0], np.cumsum(self._sizes)])
        for env, layout in enumerate(self._layouts):
            packed = range(int(self._first_body[env]), int(self._first_body[env + 1]))
            links = range(int(self._first_link[env]), int(self._first_link[env + 1]))
            # Statics have no state; numbers of their own tell them apart in contacts.
            statics = range(-1 - _MOST_STATICS * env, -1 - _MOST_STATICS * (env + 1), -1)
            movable = dict(zip((*layout.dynamics, *layout.roots, *layout.others), (*packed, *links), strict=True))
            self._register(env, movable | dict(zip(layout.statics, statics, strict=False)))
        self._changed()

    def replace(self, env: int, system: physx.PhysxCpuSystem, predecessors: Mapping[Any, Any]) -> None:
        """Let `system` simulate sub-environment `env`, and bring it back among the active and sound.

        A body in it that was not in the one before takes the row of the body that `predecessors` names.

        Raises:
            ValueError: it has other numbers of bodies, joints or links than the one before.
        """
        before, layout = self._layouts[env], _Layout(system, f"sub-environment {env}")
        if before.shape != layout.shape:
            raise ValueError(
                f"sub-environment {env} had (dynamic bodies, joints of articulations, links) {before.shape}, and the "
                f"system that should take its place has {layout.shape}"
            )
        rows = {
            component: self._row_of[predecessors.get(component, component)]
            for component in (*layout.dynamics, *layout.links, *layout.statics)
        }
        for component in (*before.dynamics, *before.links, *before.statics):
            self._row_of.pop(component, None)
        self.systems[env], self._layouts[env] = system, layout
        self.faulty[env], self.active[env] = False, True
        self._register(env, rows)
        self._changed()

    def _register(self, env: int, rows: Mapping[Any, int]) -> None:
        layout, start = self._layouts[env], int(self._starts[env])
        for component, row in rows.items():
            self._row_of[component] = row_of_component[component] = row
            if row >= 0:
                self._components[row], self._env_of_row[row] = component, env
        for component, columns in zip((*layout.dynamics, *layout.roots), layout.bodies, strict=True):
            self._body_source[rows[component]] = np.add(columns, start)
        pad = int(self._starts[-1])
        for index, articulation in enumerate(layout.articulations):
            row = int(self._first_articulation[env]) + index
            self._articulations[row] = articulation
            row_of_component[articulation] = row
            for name, source in self._joint_sources.items():
                columns = getattr(layout, _JOINT_STATE[name])[index]
                source[row] = pad
                source[row, : len(columns)] = np.add(columns, start)

    # ------------------------------------------------------------------------------------------------------------- step

    def step(self) -> None:
        """One step of every active, sound scene."""
        self._apply_written()
        for system, active in zip(self.systems, self.active & ~self.faulty, strict=True):
            if active:
                system.step()
        self._changed()

    def _changed(self) -> None:
        self._stale, self._contacts = True, None
        self._impulses.clear()
        self._read.clear()
        for fresh in self._link_fresh.values():
            fresh[:] = False

    def fetch(self) -> None:
        """Bring the tensors up to date: bodies and joints at once, links when they are read."""
        self._apply_written()
        if not self._stale:
            return
        flat = np.frombuffer(b"".join([system.pack() for system in self.systems]) + _ZERO, np.float32)
        if not np.isfinite(flat).all():
            self._rest(~np.isfinite(flat[:-1]))
            flat = np.nan_to_num(flat, nan=0.0, posinf=0.0, neginf=0.0)
        for source, target in self._gathered:
            # "clip" never clips here; it spares numpy the copy that "raise" makes of `out`.
            np.take(flat, source, out=target, mode="clip")
        self._stale = False
        speeds = self.cuda_rigid_body_data.plain.numpy()[: len(self._body_source), 7:]
        if np.abs(speeds).max(initial=0) > FASTEST:
            rows = np.abs(speeds).max(axis=1) > FASTEST
            self.faulty[self._env_of_row[: len(rows)][rows]] = True

    def _rest(self, bad: np.ndarray) -> None:
        self.faulty |= np.logical_or.reduceat(bad, self._starts[:-1])

    def fetch_links(self, rows: Any, columns: Any) -> None:
        """Read the links among `rows` (an index tensor, a slice, ...; None: all) that were not read since the last step."""
        for kind, wanted in (("pose", _overlaps(columns, 0, 7)), ("velocity", _overlaps(columns, 7, 13))):
            if not wanted or (kind, id(rows)) in self._read:
                continue
            links, fresh = self._link_rows(rows), self._link_fresh[kind]
            missing = links[~fresh[links]]
            if len(missing):
                self._read_links(missing, kind)
                fresh[missing] = True
            if id(rows) in self._links_at:
                self._read.add((kind, id(rows)))

    def _read_links(self, rows: np.ndarray, kind: str) -> None:
        data, links = self.cuda_rigid_body_data.plain.numpy(), [self._components[row] for row in rows.tolist()]
        if kind == "pose":
            poses = [link.entity_pose for link in links]
            values = np.hstack([[pose.p for pose in poses], [pose.q for pose in poses]])
            columns = slice(0, 7)
        else:
            values = np.hstack([[link.linear_velocity for link in links], [link.angular_velocity for link in links]])
            columns = slice(7, 13)
        data[rows, columns] = (
            values if np.isfinite(values).all() else np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        )

    def _link_rows(self, rows: Any) -> np.ndarray:
        if rows is None:
            return np.nonzero(self._is_link)[0]
        if not isinstance(rows, torch.Tensor):
            return np.arange(len(self._is_link))[rows][self._is_link[rows]]
        # ManiSkill keeps one index tensor for each actor and link; holding on to it keeps its id from being used again.
        known = self._links_at.get(id(rows))
        if known is None or known[0] is not rows:
            plain = np.arange(len(self._is_link))[rows.numpy()].reshape(-1)
            known = (rows, plain[self._is_link[plain]])
            if len(self._links_at) > 4096:
                self._links_at.clear()
            self._links_at[id(rows)] = known
        return known[1]

    # ------------------------------------------------------------------------------------------------------------ apply

    def _apply_written(self) -> None:
        """Give PhysX what was written since the last time, in the order in which ManiSkill's GPU simulation applies it."""
        self.gpu_apply_rigid_dynamic_data()
        self.gpu_apply_articulation_qpos()
        self.gpu_apply_articulation_qvel()
        self.gpu_apply_articulation_qf()
        self.gpu_apply_articulation_root_pose()
        self.gpu_apply_articulation_target_position()
        self.gpu_apply_articulation_target_velocity()

    def gpu_apply_rigid_dynamic_data(self) -> None:
        """Poses and velocities that were written, of bodies and of roots."""
        written = self.cuda_rigid_body_data.written.numpy()
        if not written.any():
            return
        data = self.cuda_rigid_body_data.plain.numpy()
        for row in np.nonzero(written.any(axis=1))[0]:
            component, values, which = self._components[row], data[row], written[row]
            if self._is_link[row]:
                # Only a root moves freely; other links follow the joints.
                continue
            if not np.isfinite(values).all():
                self.faulty[self._env_of_row[row]] = True
                continue
            is_root = isinstance(component, physx.PhysxArticulationLinkComponent)
            if which[POSE].any():
                component.entity.pose = sapien.Pose(values[:3], values[3:7])
            if is_root:
                if which[7:10].any():
                    component.articulation.set_root_linear_velocity(values[7:10])
                if which[10:].any():
                    component.articulation.set_root_angular_velocity(values[10:])
            elif not component.kinematic:
                if which[7:10].any():
                    component.linear_velocity = values[7:10]
                if which[10:].any():
                    component.angular_velocity = values[10:]
        written[:] = False
        self._changed()

    def gpu_apply_articulation_root_pose(self) -> None:
        self.gpu_apply_rigid_dynamic_data()

    def gpu_apply_articulation_root_velocity(self) -> None:
        self.gpu_apply_rigid_dynamic_data()

    def _apply_rows(self, tensor: StateTensor, setter: str, moves: bool) -> None:
        written = tensor.written.numpy()
        if not written.any():
            return
        values = tensor.plain.numpy()
        for row in np.nonzero(written.any(axis=1))[0]:
            articulation = self._articulations[row]
            setattr(articulation, setter, values[row, : articulation.dof])
        written[:] = False
        if moves:
            self._changed()

    def gpu_apply_articulation_qpos(self) -> None:
        self._apply_rows(self.cuda_articulation_qpos, "qpos", moves=True)

    def gpu_apply_articulation_qvel(self) -> None:
        self._apply_rows(self.cuda_articulation_qvel, "qvel", moves=True)

    def gpu_apply_articulation_qf(self) -> None:
        self._apply_rows(self.cuda_articulation_qf, "qf", moves=False)

    def _apply_joints(self, tensor: StateTensor, setter: str) -> None:
        written = tensor.written.numpy()
        if not written.any():
            return
        values = tensor.plain.numpy()
        rows, joints = np.nonzero(written)
        for row, joint, value in zip(rows.tolist(), joints.tolist(), values[rows, joints].tolist(), strict=True):
            getattr(self._joints(row)[joint], setter)(value)
        written[:] = False

    def _joints(self, row: int) -> list[physx.PhysxArticulationJoint]:
        articulation = self._articulations[row]
        known = self._active_joints.get(row)
        if known is None or known[0] is not articulation:
            known = (articulation, articulation.active_joints)
            self._active_joints[row] = known
        return known[1]

    def gpu_apply_articulation_target_position(self) -> None:
        self._apply_joints(self.cuda_articulation_target_qpos, "set_drive_target")

    def gpu_apply_articulation_target_velocity(self) -> None:
        self._apply_joints(self.cuda_articulation_target_qvel, "set_drive_velocity_target")

    def gpu_apply_rigid_dynamic_force(self) -> None:
        """Forces that were written act at centres of mass during the next simulation step."""
        for tensor, argument in ((self.cuda_rigid_body_force, 0), (self.cuda_rigid_body_torque, 1)):
            written, values = tensor.written.numpy(), tensor.plain.numpy()
            for row in np.nonzero(written.any(axis=1))[0]:
                given, none = values[row, :3], np.zeros(3, np.float32)
                self._components[row].add_force_torque(*((given, none) if argument == 0 else (none, given)))
            written[:] = False

    gpu_apply_rigid_dynamic_torque = gpu_apply_rigid_dynamic_force

    # ------------------------------------------------------------------------------------------------------------ fetch

    def gpu_update_articulation_kinematics(self) -> None:
        """Nothing to do: a CPU articulation moves its links as soon as its joints are set."""

    def gpu_fetch_rigid_dynamic_data(self) -> None:
        self.fetch()

    gpu_fetch_articulation_qpos = gpu_fetch_articulation_qvel = gpu_fetch_rigid_dynamic_data
    gpu_fetch_articulation_target_qpos = gpu_fetch_articulation_target_qvel = gpu_fetch_rigid_dynamic_data

    def gpu_fetch_articulation_link_pose(self) -> None:
        """Nothing: links are read when their rows are indexed."""

    gpu_fetch_articulation_link_velocity = gpu_fetch_articulation_link_pose
    gpu_fetch_articulation_qacc = gpu_fetch_articulation_link_pose
    gpu_fetch_articulation_link_incoming_joint_forces = gpu_fetch_articulation_link_pose

    @property
    def cuda_articulation_qacc(self) -> StateTensor:
        values = torch.zeros(self.cuda_articulation_qpos.plain.shape)
        for row, articulation in enumerate(self._articulations):
            values[row, : articulation.dof] = torch.from_numpy(articulation.qacc)
        return StateTensor.around(values, self)

    @property
    def cuda_articulation_link_incoming_joint_forces(self) -> StateTensor:
        most = max(len(articulation.links) for articulation in self._articulations)
        values = torch.zeros(len(self._articulations), most, 6)
        for row, articulation in enumerate(self._articulations):
            values[row, : len(articulation.links)] = torch.from_numpy(articulation.get_link_incoming_joint_forces())
        return StateTensor.around(values, self)

    # --------------------------------------------------------------------------------------------------------- contacts

    def contacts(self) -> list[tuple[int, int, Any]]:
        """All contacts of the last step: rows of the two bodies, and SAPIEN's contact."""
        if self._contacts is None:
            row_of = self._row_of
            self._contacts = []
            for system in self.systems:
                for contact in system.get_contacts():
                    first, second = contact.bodies
                    self._contacts.append((row_of[first], row_of[second], contact))
        return self._contacts

    def impulse(self, contact: Any) -> np.ndarray:
        """[3] impulse of a contact of the last step on its first body, N s."""
        known = self._impulses.get(id(contact))
        if known is None:
            known = np.sum([point.impulse for point in contact.points], axis=0)
            self._impulses[id(contact)] = known
        return known

    def gpu_create_contact_pair_impulse_query(self, pairs: Iterable[tuple[Body, Body]]) -> ContactQuery:
        return ContactQuery(self, [(self._row_of[first], self._row_of[second]) for first, second in pairs])

    def gpu_create_contact_body_impulse_query(self, bodies: Iterable[Body]) -> ContactQuery:
        return ContactQuery(self, [(self._row_of[body],) for body in bodies])

    def gpu_query_contact_pair_impulses(self, query: ContactQuery) -> None:
        query.update()

    gpu_query_contact_body_impulses = gpu_query_contact_pair_impulses


_JOINT_STATE = {"qpos": "qpos", "qvel": "qvel", "target_qpos": "targets", "target_qvel": "target_velocities"}
"""Tensor `cuda_articulation_<key>` -> the attribute of `_Layout` that says where its numbers are."""


def _overlaps(columns: Any, first: int, last: int) -> bool:
    """Whether a column index may select one of first..last-1."""
    if isinstance(columns, slice):
        start, stop, _ = columns.indices(13)
        return start < last and stop > first
    if isinstance(columns, int):
        return first <= columns % 13 < last
    return True
