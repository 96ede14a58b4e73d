"""A scene as a MuJoCo model: `scene.xml` with meshes (OBJ) and textures (PNG) beside it.

Movables are free bodies, table and floor are fixed, the room is only seen. Geoms of group 2 are seen, those of group 3 collide
(the convention of MuJoCo Menagerie). Masses and inertias are written down, see `scene_hub.export.inertia`.

MuJoCo has one coefficient of sliding friction for a pair of geoms, the larger of theirs; PhysX has two, static and dynamic, the
means of theirs. A geom has its asset's dynamic friction, the smaller of the two, because to take the larger of a pair errs
upwards already.
"""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from scene_hub.export.content import GRAVITY, Camera, SceneContent, Thing
from scene_hub.export.markup import Element, child, document, numbers
from scene_hub.export.surfaces import Look
from scene_hub.export.wavefront import piece_obj, shininess, surfaces_obj
from scene_hub.schema import BoxShape, ConvexShape, Lighting

SCENE_FILE = "scene.xml"
MESHES, TEXTURES = "meshes", "textures"
VISUAL, COLLISION = "genworld_visual", "genworld_collision"
TIMESTEP = 0.002  # s
TORSIONAL_FRICTION, ROLLING_FRICTION = 0.002, 0.0001  # metres
LEAST_VERTICES = 4  # MuJoCo refuses meshes that have fewer


def write_mjcf(content: SceneContent, folder: Path) -> None:
    """Write `content` into the empty `folder`."""
    for name in (MESHES, TEXTURES):
        (folder / name).mkdir()
    model = ElementTree.Element("mujoco", model=content.scene.id)
    _add_settings(model, content)
    _add_defaults(model)
    assets, world = child(model, "asset"), child(model, "worldbody")
    _add_lights(world, content.scene.lighting)
    for camera in content.cameras:
        _add_camera(world, camera)
    child(world, "geom", name="floor", class_=COLLISION, type="plane", pos=(0, 0, content.floor), size=(0, 0, 1))
    for thing in content.things:
        body = _add_body(world, thing)
        _add_visual(assets, body, thing, folder)
        _add_collision(assets, body, thing, folder)
    (folder / SCENE_FILE).write_bytes(document(model))


def _add_settings(model: Element, content: SceneContent) -> None:
    """Solver settings that let things rest where they lie, and what the viewer needs to look at a table top."""
    # Elliptic cones with more weight on friction: with MuJoCo's defaults things at rest creep. One contact point would not
    # hold a flat side: multiccd finds the others.
    option = child(
        model,
        "option",
        timestep=TIMESTEP,
        gravity=(0, 0, -GRAVITY),
        integrator="implicitfast",
        cone="elliptic",
        impratio=10,
    )
    child(option, "flag", multiccd="enable")
    child(model, "statistic", center=(0, 0, 0), extent=1.0)
    visual = child(model, "visual")
    width, height = np.max([camera.size for camera in content.cameras], axis=0)
    child(visual, "global", offwidth=str(width), offheight=str(height))
    child(visual, "quality", shadowsize="4096")
    child(visual, "map", znear=0.01, zfar=50, shadowclip=1.5)
    ambient, _ = screen_light(content.scene.lighting)
    child(visual, "headlight", ambient=ambient, diffuse=(0, 0, 0), specular=(0, 0, 0))


def _add_defaults(model: Element) -> None:
    """Two classes, with names that no robot's model has; what is in none of them keeps MuJoCo's defaults."""
    default = child(model, "default")
    visual = child(default, "default", class_=VISUAL)
    child(visual, "geom", type="mesh", group="2", contype="0", conaffinity="0", mass=0)
    collision = child(default, "default", class_=COLLISION)
    # Stiffer than MuJoCo's default contact, which lets a light thing sink in by half a millimetre.
    contact = {"condim": "4", "solref": numbers((0.01, 1)), "solimp": numbers((0.95, 0.99, 0.001))}
    child(collision, "geom", group="3", rgba=(0.4, 0.6, 0.9, 0.3), **contact)
    for parent in (visual, collision):
        # Bodies have their inertias: that of a shell can be had of every mesh, even of a flat one.
        child(parent, "mesh", inertia="shell")


# --------------------------------------------------------------------------------------------------------------- things


def _add_body(world: Element, thing: Thing) -> Element:
    pose = thing.placement.pose
    body = child(world, "body", name=thing.name, pos=pose.position, quat=pose.quaternion)
    if thing.movable:
        child(body, "freejoint", name=thing.name)
        whole = thing.mass_properties
        (xx, xy, xz), (_, yy, yz), (_, _, zz) = whole.inertia
        child(body, "inertial", pos=whole.center, mass=whole.mass, fullinertia=(xx, yy, zz, xy, xz, yz))
    return body


def _add_visual(assets: Element, body: Element, thing: Thing, folder: Path) -> None:
    for index, surface in enumerate(thing.surfaces):
        name = f"{thing.name}_visual_{index}"
        if surface.look.double_sided or len(surface.points) < LEAST_VERTICES:
            surface = surface.with_backs()  # MuJoCo does not draw backs
        (folder / MESHES / f"{name}.obj").write_bytes(surfaces_obj([surface]))
        child(assets, "mesh", name=name, class_=VISUAL, file=f"{MESHES}/{name}.obj")
        _add_material(assets, name, surface.look, folder)
        child(body, "geom", name=name, class_=VISUAL, mesh=name, material=name)


def _add_material(assets: Element, name: str, look: Look, folder: Path) -> None:
    material = child(assets, "material", name=name, rgba=(*look.srgb, look.alpha), reflectance=0)
    material.attrib |= {
        "specular": f"{0.3 * (1.0 - look.roughness):.3f}",
        "shininess": f"{min(shininess(look) / 128.0, 1.0):.3f}",  # of OpenGL's largest exponent
        "roughness": f"{look.roughness:.3f}",  # these two are for renderers that are physically based
        "metallic": f"{look.metallic:.3f}",
    }
    if look.texture is not None:
        (folder / TEXTURES / f"{name}.png").write_bytes(look.texture)
        child(assets, "texture", name=name, type="2d", file=f"{TEXTURES}/{name}.png")
        material.set("texture", name)


def _add_collision(assets: Element, body: Element, thing: Thing, folder: Path) -> None:
    friction = (thing.asset.dynamic_friction, TORSIONAL_FRICTION, ROLLING_FRICTION)
    for index, shape in enumerate(thing.shapes):
        name = f"{thing.name}_collision_{index}"
        geom = child(body, "geom", name=name, class_=COLLISION, friction=friction)
        if isinstance(shape, ConvexShape):
            (folder / MESHES / f"{name}.obj").write_bytes(piece_obj(thing.pieces[shape.mesh]))
            child(assets, "mesh", name=name, class_=COLLISION, file=f"{MESHES}/{name}.obj")
            geom.attrib |= {"type": "mesh", "mesh": name}
        else:
            size = shape.half_size if isinstance(shape, BoxShape) else shape.radius
            geom.attrib |= {"type": shape.shape, "size": numbers(size)}
            geom.attrib |= {"pos": numbers(shape.pose.position), "quat": numbers(shape.pose.quaternion)}


# ---------------------------------------------------------------------------------------------------- lights and cameras


def screen_light(lighting: Lighting) -> tuple[np.ndarray, list[np.ndarray]]:
    """`lighting` for renderers that add light up in the colours of the screen: ambient and one colour [3] a light.

    A white surface in the ambient light alone, and one in the full light of all, come out as bright as they are in the linear
    light of `schema.Lighting`, of which a matt surface returns ambient + sum of light / pi.
    """
    ambient = np.clip(lighting.ambient, 0.0, 1.0)
    direct = [np.asarray(light.color) / np.pi for light in lighting.directional]
    full = np.clip(ambient + np.sum([np.zeros(3), *direct], axis=0), 1e-6, 1.0) ** (1 / 2.2)
    dark = ambient ** (1 / 2.2)
    total = np.maximum(np.sum([np.zeros(3), *direct], axis=0), 1e-6)
    return dark, [light * (full - dark) / total for light in direct]


def _add_lights(world: Element, lighting: Lighting) -> None:
    _, colors = screen_light(lighting)
    for index, (light, color) in enumerate(zip(lighting.directional, colors, strict=True)):
        direction = np.asarray(light.direction) / np.linalg.norm(light.direction)
        child(
            world,
            "light",
            name=f"light_{index}",
            directional="true",
            castshadow="true" if index == 0 else "false",
            pos=-1.5 * direction,
            dir=direction,
            diffuse=color,
            ambient=(0, 0, 0),
            specular=0.3 * color,
        )


def _add_camera(world: Element, camera: Camera) -> None:
    child(
        world,
        "camera",
        name=camera.name,
        pos=camera.pose[:3, 3],
        xyaxes=(*camera.pose[:3, 0], *camera.pose[:3, 1]),
        fovy=float(np.degrees(camera.field)),
        resolution=f"{camera.size[0]} {camera.size[1]}",
    )
