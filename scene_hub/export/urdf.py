"""A scene as URDF: one file an asset, and `layout.json`, which says where they stand, in EmbodiedGen's format.

    layout.json                     poses, roles, instruction; the floor of the room is z = 0 there
    assets/<name>/<name>.urdf       one link: what is seen, collision shapes, mass, inertia, friction
    assets/<name>/mesh/...          OBJ with MTL and PNG; the same as one GLB; each convex piece as OBJ

Every collision shape has an element of its own, as standard loaders want it; EmbodiedGen's own loader of actors looks at one
mesh only. The layout says of the background where EmbodiedGen has one: `background/`, which is not written, because its format
is 3D Gaussians; the room is an asset like the others.

Friction stands in `<gazebo>` (mu1 static, mu2 dynamic), as EmbodiedGen writes it, and in `<contact>`, where Bullet looks.
Format: https://github.com/HorizonRobotics/EmbodiedGen (`embodied_gen/validators/urdf_convertor.py`, `utils/enum.py`).
"""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import trimesh

from scene_hub.export.content import SceneContent, Thing
from scene_hub.export.markup import Element, add_text, child, document, numbers
from scene_hub.export.wavefront import material_library, piece_obj, surfaces_obj
from scene_hub.schema import BoxShape, ConvexShape, Pose, SphereShape

SCENE_FILE = "layout.json"
ASSETS, MESHES, BACKGROUND = "assets", "mesh", "background"
_MAPPED_ROLES = {
    "background": "background",
    "context": "context",
    "object": "manipulated_objs",
    "receptacle": "manipulated_objs",
    "distractor": "distractor_objs",
}


def write_urdf(content: SceneContent, folder: Path) -> None:
    """Write `content` into the empty `folder`."""
    for thing in content.things:
        home = folder / ASSETS / thing.name
        (home / MESHES).mkdir(parents=True)
        _write_visual(thing, home / MESHES)
        (home / f"{thing.name}.urdf").write_bytes(document(_robot(thing, home / MESHES)))
    text = json.dumps(_layout(content), indent=4, ensure_ascii=False)
    (folder / SCENE_FILE).write_text(text + "\n", encoding="utf-8")


# -------------------------------------------------------------------------------------------------------------- assets


def _write_visual(thing: Thing, folder: Path) -> None:
    """The visual mesh twice: OBJ, which every loader of URDF reads, and the GLB that it was made from."""
    looks = [surface.look for surface in thing.surfaces]
    names = [f"{thing.name}_{index}" for index in range(len(looks))]
    textures = [f"{name}.png" if look.texture else None for name, look in zip(names, looks, strict=True)]
    for look, texture in zip(looks, textures, strict=True):
        if look.texture is not None and texture is not None:
            (folder / texture).write_bytes(look.texture)
    library = f"{thing.name}.mtl"
    (folder / library).write_bytes(material_library(looks, names, textures))
    (folder / f"{thing.name}.obj").write_bytes(surfaces_obj(thing.surfaces, library, names))
    (folder / f"{thing.name}.glb").write_bytes(thing.visual)


def _robot(thing: Thing, meshes: Path) -> Element:
    """The URDF of an asset; its collision pieces are written into the folder `meshes`."""
    robot = ElementTree.Element("robot", name=thing.name)
    link = child(robot, "link", name=thing.name)
    visual = child(link, "visual")
    add_origin(visual, Pose())
    child(child(visual, "geometry"), "mesh", filename=f"{MESHES}/{thing.name}.obj", scale=(1, 1, 1))
    _add_collision(link, thing, meshes)
    if thing.shapes:
        _add_inertial(link, thing)
    contact = child(link, "contact")
    child(contact, "lateral_friction", value=thing.asset.dynamic_friction)
    child(contact, "restitution", value=thing.asset.restitution)
    _add_facts(link, thing)
    return robot


def _add_collision(link: Element, thing: Thing, meshes: Path) -> None:
    for index, shape in enumerate(thing.shapes):
        collision = child(link, "collision", name=f"{thing.name}_{index}")
        add_origin(collision, Pose() if isinstance(shape, ConvexShape) else shape.pose)
        geometry = child(collision, "geometry")
        if isinstance(shape, BoxShape):
            child(geometry, "box", size=2 * np.asarray(shape.half_size))
        elif isinstance(shape, SphereShape):
            child(geometry, "sphere", radius=shape.radius)
        else:
            name = f"{thing.name}_collision_{index}.obj"
            (meshes / name).write_bytes(piece_obj(thing.pieces[shape.mesh]))
            child(geometry, "mesh", filename=f"{MESHES}/{name}", scale=(1, 1, 1))
        gazebo = child(collision, "gazebo")
        add_text(gazebo, "mu1", numbers(thing.asset.static_friction))
        add_text(gazebo, "mu2", numbers(thing.asset.dynamic_friction))


def _add_inertial(link: Element, thing: Thing) -> None:
    whole = thing.mass_properties
    inertial = child(link, "inertial")
    child(inertial, "origin", xyz=whole.center, rpy=(0, 0, 0))
    child(inertial, "mass", value=whole.mass)
    (xx, xy, xz), (_, yy, yz), (_, _, zz) = whole.inertia
    child(inertial, "inertia", ixx=xx, ixy=xy, ixz=xz, iyy=yy, iyz=yz, izz=zz)


def _add_facts(link: Element, thing: Thing) -> None:
    """EmbodiedGen's `extra_info`, and where the asset comes from."""
    facts = child(link, "extra_info")
    provenance = thing.asset.provenance
    for name, value in {
        "scale": "1.0",
        "category": thing.asset.category.replace("_", " "),
        "description": thing.asset.description,
        "real_height": numbers(thing.asset.extents[2]),
        "version": f"{provenance.generator} {provenance.generator_version}",
        "licence": provenance.licence,
    }.items():
        add_text(facts, name, value)


def add_origin(parent: Element, pose: Pose) -> None:
    """The `<origin>` of `parent`: URDF turns by roll, pitch and yaw about fixed axes."""
    angles = trimesh.transformations.euler_from_quaternion(pose.quaternion, axes="sxyz")
    child(parent, "origin", xyz=pose.position, rpy=np.array(angles))


# -------------------------------------------------------------------------------------------------------------- layout


def _layout(content: SceneContent) -> dict[str, Any]:
    """EmbodiedGen's `LayoutInfo`: names with spaces, quaternions (x, y, z, w), z = 0 on the floor."""
    scene = content.scene
    room, table = _node(scene.background.name), _node(scene.context.name)
    targets = [_node(placement.name) for placement in (scene.object, scene.receptacle) if placement is not None]
    others = [_node(placement.name) for placement in scene.distractors]
    relation: dict[str, Any] = {"task_desc": scene.instruction, "task": "single-arm pick"}
    inside, position = [[table, "FLOOR"]], {}
    if content.robot is not None:
        relation["robot"] = content.robot.name
        inside.append([content.robot.name, "IN"])
        position[content.robot.name] = _position(content.robot.pose, content.floor)
    relation |= {"background": room, "context": table, "manipulated_objs": targets, "distractor_objs": others}
    return {
        "tree": {room: inside, table: [[node, "ON"] for node in (*targets, *others)]},
        "relation": relation,
        "objs_desc": {_node(thing.name): thing.asset.description for thing in content.things},
        "objs_mapping": {_node(thing.name): _MAPPED_ROLES[thing.placement.role] for thing in content.things},
        "assets": {
            _node(thing.name): BACKGROUND if thing.asset.kind == "room" else f"{ASSETS}/{thing.name}"
            for thing in content.things
        },
        "quality": {},
        "position": position
        | {_node(thing.name): _position(thing.placement.pose, content.floor) for thing in content.things},
    }


def _node(name: str) -> str:
    """What EmbodiedGen calls a thing whose file is `name`.urdf: it puts underscores where a node's name has spaces."""
    return name.replace("_", " ")


def _position(pose: Pose, floor: float) -> list[float]:
    x, y, z = pose.position
    qw, qx, qy, qz = pose.quaternion
    return [x, y, round(z - floor, 9), qx, qy, qz, qw]
