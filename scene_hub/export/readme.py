"""What an exported scene says of itself to people."""

from scene_hub.export.content import SceneContent

_FORMATS = {
    "urdf": """\
`{file}` says where things stand, in EmbodiedGen's format: `position` is x, y, z and a quaternion **x, y, z, w**, with z = 0
on the floor of the room. `assets/<name>/<name>.urdf` describes each thing: load the table and the room with a fixed base. The
room has no collision shape; lay a ground plane at z = 0 for what falls off the table. `mesh/<name>.glb` is the same visual mesh
as the OBJ, with its physically based materials. Each collision shape has an element of its own; EmbodiedGen's own loader of
actors would look at one mesh only.
""",
    "mjcf": """\
`{file}` is the whole scene as a MuJoCo model: `python -m mujoco.viewer --mjcf={file}`. Things are bodies by their names,
movable ones with a free joint of the same name. Geoms of group 2 are what is seen, those of group 3 collide. Attach a robot
to the world body; cameras are {cameras}.

MuJoCo has one coefficient of sliding friction for a pair of geoms, the larger of theirs; PhysX has two, static and dynamic, the
means of theirs. Each geom has the dynamic friction of its asset.
""",
    "usd": """\
`{file}` is the stage; it refers to one `assets/<name>.usdc` a thing. z is up, units are metres and kilograms. Movable
things are rigid bodies (`UsdPhysics`) with mass and inertia; collision shapes have the purpose "guide" and the approximation
`convexHull`. A matt white surface under all lights returns about 1: scale their intensities for a renderer with a camera of
fixed exposure.
""",
}


def readme(content: SceneContent, form: str, file: str, records: str, gaussians: str) -> str:
    """The README.md of a scene that was written as `form`, with `file` as its main file; the others are names beside it."""
    scene = content.scene
    cameras = ", ".join(f"`{camera.name}`" for camera in content.cameras)
    lines = [
        f"# {scene.id}",
        "",
        f"> {scene.instruction}",
        "",
        f"A {scene.task} scene of GenWorld (split {scene.split}), written by `genworld scenes export --format {form}`.",
        "",
        _FORMATS[form].format(file=file, cameras=cameras),
        "Frames: metres, kilograms, z up. In the scene's frame z = 0 is the table top, the origin the middle of the workspace,",
        f"x points away from the robot, and the floor lies at z = {content.floor:g}. An asset rests on z = 0 of its own frame.",
        "",
        f"`{records}` holds the scene's record and those of its assets: grasps, supports, roles, checks, provenance.",
        "",
        *_gaussians(content, gaussians),
        "| thing | role | what it is | mass (kg) | licence | made by |",
        "|---|---|---|---|---|---|",
    ]
    for thing in content.things:
        asset, source = thing.asset, thing.asset.provenance
        made_by = f"{source.generator} {source.generator_version}{f', {source.source}' if source.source else ''}"
        mass = f"{asset.mass:g}" if thing.movable else "fixed"
        cells = (thing.name, thing.placement.role, asset.description, mass, source.licence, made_by)
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    scene_source = scene.provenance
    lines += [
        "",
        f"The arrangement: {scene_source.licence}, made by {scene_source.generator} {scene_source.generator_version}.",
    ]
    return "\n".join(lines) + "\n"


def _gaussians(content: SceneContent, file: str) -> list[str]:
    if content.gaussians is None:
        return []
    return [
        f"`{file}` holds the 3D Gaussians of the room as they are in the dataset, not converted: in the room's own frame",
        "(z up, z = 0 the floor), to be placed like the room. The room's mesh stands in for them.",
        "",
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
