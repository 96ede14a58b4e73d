"""Small scenes of boxes: enough for everything that does not need a good-looking asset."""

import hashlib
from typing import Any, Literal

import trimesh

from scene_hub.compose import bundle_collision, compose
from scene_hub.dataset import DatasetCard
from scene_hub.generate.bundle import AssetBundle
from scene_hub.schema import (
    Asset,
    AssetFile,
    AssetFiles,
    Grasp,
    Node,
    Provenance,
    Role,
    Scene,
    SceneGraph,
    Support,
    TaskFamily,
)
from scene_hub.validate import validate_scene


def glb_of(**meshes: trimesh.Trimesh) -> bytes:
    """A GLB with the named meshes."""
    scene = trimesh.Scene()
    for name, mesh in meshes.items():
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    data = scene.export(file_type="glb")
    assert isinstance(data, bytes)
    return data


def box_mesh(size: tuple[float, float, float], top: bool = False) -> trimesh.Trimesh:
    """A box that rests on z = 0, or hangs below it when `top`."""
    mesh = trimesh.creation.box(size)
    mesh.apply_translation([0, 0, -size[2] / 2 if top else size[2] / 2])
    return mesh


def box_bundle(
    name: str,
    size: tuple[float, float, float],
    *,
    kind: str = "object",
    convex: bool = False,
    support: Literal["surface", "container"] | None = None,
    collision_file: bytes | None = None,
    visual_file: bytes | None = None,
    ending: str = "glb",
    **changes: Any,
) -> AssetBundle:
    """A box asset called `name`; `convex` gives it a collision file instead of a box shape."""
    mesh = box_mesh(size, top=kind == "table")
    files = {f"visual.{ending}": visual_file or glb_of(visual=mesh), "visual_low.glb": glb_of(low=mesh)}
    if convex or collision_file is not None:
        files["collision.glb"] = glb_of(piece_0=mesh) if collision_file is None else collision_file
    records = {
        path: AssetFile(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        for path, data in files.items()
    }
    half = tuple(value / 2 for value in size)
    shape = (
        {"shape": "convex", "mesh": "piece_0"}
        if "collision.glb" in files
        else {
            "shape": "box",
            "half_size": half,
            "pose": {"position": (0, 0, -half[2] if kind == "table" else half[2])},
        }
    )
    fields = {
        "kind": kind,
        "category": name.split()[-1],
        "name": name,
        "description": f"a {name}",
        "extents": size,
        "mass": 0.1 if kind == "object" else 20.0,
        "static_friction": 0.6,
        "dynamic_friction": 0.5,
        "collision": () if kind == "room" else (shape,),
        "collision_volume": 0.0 if kind == "room" else float(size[0] * size[1] * size[2]),
        "files": AssetFiles(
            visual=records[f"visual.{ending}"],
            visual_low=records["visual_low.glb"],
            collision=records.get("collision.glb"),
        ),
        "grasps": (Grasp(position=(0, 0, half[2]), quaternion=(0, 1, 0, 0), width=min(size[1], 0.5), quality=1.0),),
        "support": None
        if support is None
        else Support(kind=support, position=(0, 0, size[2]), half_extents=(half[0], half[1]), rim_height=size[2]),
        "provenance": Provenance(generator="test", generator_version="1", seed=0),
    }
    return AssetBundle(asset=Asset.create(**{**fields, **changes}), files=files)


def graph_of(task: TaskFamily, instruction: str, roles: dict[str, Role]) -> SceneGraph:
    nodes = tuple(
        Node(name=name, role=role, category="box", label=name, description=name) for name, role in roles.items()
    )
    return SceneGraph(instruction=instruction, task=task, nodes=nodes)


def box_scenes() -> tuple[list[Scene], list[AssetBundle]]:
    """Three valid scenes: a put_on and a pick of the train split, a put_on of the out-of-distribution one."""
    table, room = (
        box_bundle("oak table", (1.2, 1.6, 0.7), kind="table"),
        box_bundle("plain room", (4, 4, 3), kind="room"),
    )
    block = box_bundle("red block", (0.04, 0.04, 0.04), convex=True)
    tray = box_bundle("gray tray", (0.16, 0.12, 0.02), support="surface")
    other = box_bundle("blue block", (0.04, 0.04, 0.05))
    roles: dict[str, Role] = {"room": "background", "table": "context", "block": "object"}
    named = {"room": room, "table": table, "block": block, "tray": tray, "other": other}
    put = graph_of(
        "put_on", "put the red block on the gray tray", {**roles, "tray": "receptacle", "other": "distractor"}
    )
    pick = graph_of("pick", "pick up the red block", roles)
    scenes = [
        compose(put, named, 0, scene_id="put-0", split="train"),
        compose(pick, named, 1, scene_id="pick-0", split="train"),
        compose(put, named, 2, scene_id="put-ood-0", split="test_ood"),
    ]
    bundles = list(named.values())
    assets = {bundle.asset.id: bundle.asset for bundle in bundles}
    meshes = {bundle.asset.id: bundle_collision(bundle) for bundle in bundles}
    return [scene.model_copy(update={"report": validate_scene(scene, assets, meshes)}) for scene in scenes], bundles


CARD = DatasetCard(title="Boxes", description="Scenes of boxes.")
