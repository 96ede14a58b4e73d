"""A scene as a USD stage: `scene.usda`, which refers to one `assets/<name>.usdc` a thing, with textures beside them.

Metres, kilograms, z up. Movables are rigid bodies with mass and inertia. Collision shapes are convex hulls, cubes and spheres
of purpose "guide" (not drawn), with a physics material for friction and restitution; what is seen is a `UsdPreviewSurface`.
Light is in the units of `schema.Lighting`: a renderer with a camera of fixed exposure wants its intensities scaled.
Specification: https://openusd.org/release/api/usd_physics_page_front.html
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scene_hub.errors import MissingRequirementError
from scene_hub.export.content import GRAVITY, Camera, SceneContent, Thing
from scene_hub.export.surfaces import Surface
from scene_hub.schema import BoxShape, ConvexShape, Lighting, Pose, SphereShape

if TYPE_CHECKING:
    from pxr import Usd, UsdShade

SCENE_FILE = "scene.usda"
ASSETS, TEXTURES = "assets", "textures"
FLOOR_HALF_SIZE = (5.0, 5.0, 0.05)  # metres
APERTURE = 24.0  # millimetres of film: USD gives a field of view as a focal length


def check_usd() -> None:
    """Raise MissingRequirementError unless USD's Python package is installed."""
    try:
        import pxr.Usd  # noqa: F401
    except ImportError as error:
        raise MissingRequirementError(
            f"USD files need the package usd-core ({error}); install it with `pip install 'genworld-envs[usd]'`, "
            "or choose the format urdf or mjcf"
        ) from None


def write_usd(content: SceneContent, folder: Path) -> None:
    """Write `content` into the empty `folder`; MissingRequirementError without usd-core."""
    check_usd()
    from pxr import Usd, UsdGeom

    (folder / ASSETS / TEXTURES).mkdir(parents=True)
    names = prim_names([thing.name for thing in content.things])
    for thing in content.things:
        _write_asset(thing, names[thing.name], folder / ASSETS)
    stage = _stage(folder / SCENE_FILE, "World")
    world = stage.GetDefaultPrim()
    Usd.ModelAPI(world).SetKind("assembly")
    world.SetCustomDataByKey("genworld:scene", content.scene.id)
    world.SetCustomDataByKey("genworld:instruction", content.scene.instruction)
    _add_physics(stage, content.floor)
    Usd.ModelAPI(UsdGeom.Xform.Define(stage, "/World/things")).SetKind("group")
    for thing in content.things:
        _place(stage, thing, names[thing.name])
    UsdGeom.Scope.Define(stage, "/World/lights")
    _add_lights(stage, content.scene.lighting)
    UsdGeom.Scope.Define(stage, "/World/cameras")
    for camera in content.cameras:
        _add_camera(stage, camera)
    stage.GetRootLayer().Save()


def prim_names(names: list[str]) -> dict[str, str]:
    """Identifiers of USD for the names of things, each its own."""
    from pxr import Tf

    taken: dict[str, str] = {}
    for name in names:
        identifier = Tf.MakeValidIdentifier(name)
        while identifier in taken.values():
            identifier += "_"
        taken[name] = identifier
    return taken


def _stage(path: Path, root: str) -> "Usd.Stage":
    """A new stage of metres and kilograms, z up, whose default prim is the transform `root`."""
    from pxr import Usd, UsdGeom, UsdPhysics

    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    UsdPhysics.SetStageKilogramsPerUnit(stage, 1.0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, f"/{root}").GetPrim())
    return stage


# --------------------------------------------------------------------------------------------------------------- scene


def _place(stage: "Usd.Stage", thing: Thing, name: str) -> None:
    from pxr import Gf, UsdGeom

    prim = stage.DefinePrim(f"/World/things/{name}", "Xform")
    prim.GetReferences().AddReference(f"./{ASSETS}/{name}.usdc")
    prim.SetCustomDataByKey("genworld:name", thing.name)
    prim.SetCustomDataByKey("genworld:role", thing.placement.role)
    placed = UsdGeom.Xformable(prim)
    placed.AddTranslateOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(*thing.placement.pose.position))
    placed.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(_quaternion(thing.placement.pose))


def _add_physics(stage: "Usd.Stage", height: float) -> None:
    """Gravity, and at `height` the top of a slab, not drawn, on which what falls off the table stays in the scene."""
    from pxr import UsdGeom, UsdPhysics

    physics = UsdPhysics.Scene.Define(stage, "/World/physics_scene")
    physics.CreateGravityDirectionAttr((0, 0, -1))
    physics.CreateGravityMagnitudeAttr(GRAVITY)
    floor = UsdGeom.Cube.Define(stage, "/World/floor")
    floor.CreateSizeAttr(2.0)
    floor.CreateExtentAttr([(-1, -1, -1), (1, 1, 1)])
    floor.CreatePurposeAttr(UsdGeom.Tokens.guide)
    floor.AddTranslateOp().Set((0, 0, height - FLOOR_HALF_SIZE[2]))
    floor.AddScaleOp().Set(FLOOR_HALF_SIZE)
    UsdPhysics.CollisionAPI.Apply(floor.GetPrim())


def _add_lights(stage: "Usd.Stage", lighting: Lighting) -> None:
    """A dome for the ambient light, a distant light for each direction: a matt white surface returns what ours returns."""
    from pxr import Gf, UsdLux

    dome = UsdLux.DomeLight.Define(stage, "/World/lights/ambient")
    dome.CreateColorAttr(Gf.Vec3f(*lighting.ambient))
    dome.CreateIntensityAttr(1.0)
    for index, light in enumerate(lighting.directional):
        distant = UsdLux.DistantLight.Define(stage, f"/World/lights/light_{index}")
        distant.CreateColorAttr(Gf.Vec3f(*light.color))
        distant.CreateIntensityAttr(1.0)
        distant.CreateNormalizeAttr(True)  # the intensity is what arrives, whatever the angle of the light's disc
        direction = Gf.Vec3d(*light.direction).GetNormalized()
        distant.AddOrientOp().Set(Gf.Quatf(Gf.Rotation(Gf.Vec3d(0, 0, -1), direction).GetQuat()))


def _add_camera(stage: "Usd.Stage", camera: Camera) -> None:
    from pxr import Gf, UsdGeom

    prim = UsdGeom.Camera.Define(stage, f"/World/cameras/{prim_names([camera.name])[camera.name]}")
    width, height = camera.size
    prim.CreateVerticalApertureAttr(APERTURE)
    prim.CreateHorizontalApertureAttr(APERTURE * width / height)
    prim.CreateFocalLengthAttr(float(APERTURE / 2 / np.tan(camera.field / 2)))
    prim.CreateClippingRangeAttr(Gf.Vec2f(0.01, 100.0))
    prim.AddTransformOp().Set(Gf.Matrix4d(camera.pose.T.tolist()))  # USD's vectors are rows


# --------------------------------------------------------------------------------------------------------------- assets


def _write_asset(thing: Thing, name: str, folder: Path) -> None:
    from pxr import Usd, UsdGeom

    stage = _stage(folder / f"{name}.usdc", name)
    root = stage.GetDefaultPrim()
    model = Usd.ModelAPI(root)
    model.SetKind("component")
    model.SetAssetName(thing.asset.name)
    model.SetAssetIdentifier(f"./{name}.usdc")
    model.SetAssetVersion(thing.asset.id)
    provenance = thing.asset.provenance
    root.SetCustomDataByKey("genworld:description", thing.asset.description)
    root.SetCustomDataByKey("genworld:category", thing.asset.category)
    root.SetCustomDataByKey("genworld:licence", provenance.licence)
    root.SetCustomDataByKey("genworld:generator", f"{provenance.generator} {provenance.generator_version}")
    for scope in ("visual", "looks"):
        UsdGeom.Scope.Define(stage, f"/{name}/{scope}")
    for index, surface in enumerate(thing.surfaces):
        _add_surface(stage, f"/{name}", index, surface, folder, f"{name}_{index}")
    if thing.movable:
        _add_body(root, thing)
    if thing.shapes:
        _add_collision(stage, f"/{name}", thing)
    stage.GetRootLayer().Save()


def _add_body(root: "Usd.Prim", thing: Thing) -> None:
    from pxr import Gf, UsdPhysics

    UsdPhysics.RigidBodyAPI.Apply(root)
    whole = thing.mass_properties
    moments, (w, *xyz) = whole.principal()
    mass = UsdPhysics.MassAPI.Apply(root)
    mass.CreateMassAttr(whole.mass)
    mass.CreateCenterOfMassAttr(Gf.Vec3f(*whole.center.tolist()))
    mass.CreateDiagonalInertiaAttr(Gf.Vec3f(*moments.tolist()))
    mass.CreatePrincipalAxesAttr(Gf.Quatf(float(w), *map(float, xyz)))


def _add_surface(stage: "Usd.Stage", root: str, index: int, surface: Surface, folder: Path, texture: str) -> None:
    from pxr import Sdf, UsdGeom, UsdShade

    mesh = UsdGeom.Mesh.Define(stage, f"{root}/visual/surface_{index}")
    _fill(mesh, surface.points, surface.faces)
    mesh.CreateNormalsAttr(_vectors(surface.normals))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    mesh.CreateDoubleSidedAttr(surface.look.double_sided)
    if surface.uvs is not None:
        st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex)
        st.Set(_vectors(surface.uvs))
    if surface.look.texture is not None:
        (folder / TEXTURES / f"{texture}.png").write_bytes(surface.look.texture)
    material = _preview_material(stage, f"{root}/looks/look_{index}", surface, f"./{TEXTURES}/{texture}.png")
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)


def _preview_material(stage: "Usd.Stage", path: str, surface: Surface, texture: str) -> "UsdShade.Material":
    """A `UsdPreviewSurface`: https://openusd.org/release/spec_usdpreviewsurface.html"""
    from pxr import Gf, Sdf, UsdShade

    look, types = surface.look, Sdf.ValueTypeNames
    material = UsdShade.Material.Define(stage, path)
    shader = _shader(stage, f"{path}/surface", "UsdPreviewSurface")
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    shader.CreateInput("metallic", types.Float).Set(look.metallic)
    shader.CreateInput("roughness", types.Float).Set(look.roughness)
    shader.CreateInput("opacity", types.Float).Set(look.alpha)
    color = shader.CreateInput("diffuseColor", types.Color3f)
    if look.texture is None:
        color.Set(Gf.Vec3f(*look.color))
        return material
    reader = _shader(stage, f"{path}/coordinates", "UsdPrimvarReader_float2")
    reader.CreateInput("varname", types.String).Set("st")
    image = _shader(stage, f"{path}/texture", "UsdUVTexture")
    image.CreateInput("file", types.Asset).Set(Sdf.AssetPath(texture))
    image.CreateInput("sourceColorSpace", types.Token).Set("sRGB")
    image.CreateInput("scale", types.Float4).Set(Gf.Vec4f(*look.color, 1.0))
    for side in ("wrapS", "wrapT"):
        image.CreateInput(side, types.Token).Set("repeat")
    image.CreateInput("st", types.Float2).ConnectToSource(reader.ConnectableAPI(), "result")
    color.ConnectToSource(image.ConnectableAPI(), "rgb")
    return material


def _shader(stage: "Usd.Stage", path: str, kind: str) -> "UsdShade.Shader":
    from pxr import Sdf, UsdShade

    outputs = {
        "UsdPreviewSurface": ("surface", Sdf.ValueTypeNames.Token),
        "UsdPrimvarReader_float2": ("result", Sdf.ValueTypeNames.Float2),
        "UsdUVTexture": ("rgb", Sdf.ValueTypeNames.Float3),
    }
    shader = UsdShade.Shader.Define(stage, path)
    shader.CreateIdAttr(kind)
    shader.CreateOutput(*outputs[kind])
    return shader


def _add_collision(stage: "Usd.Stage", root: str, thing: Thing) -> None:
    from pxr import UsdGeom, UsdPhysics, UsdShade

    scope = UsdGeom.Scope.Define(stage, f"{root}/collision")
    scope.CreatePurposeAttr(UsdGeom.Tokens.guide)
    material = UsdShade.Material.Define(stage, f"{root}/collision/material")
    physics = UsdPhysics.MaterialAPI.Apply(material.GetPrim())
    physics.CreateStaticFrictionAttr(thing.asset.static_friction)
    physics.CreateDynamicFrictionAttr(thing.asset.dynamic_friction)
    physics.CreateRestitutionAttr(thing.asset.restitution)
    binding = UsdShade.MaterialBindingAPI.Apply(scope.GetPrim())
    binding.Bind(material, UsdShade.Tokens.weakerThanDescendants, "physics")
    for index, shape in enumerate(thing.shapes):
        path = f"{root}/collision/shape_{index}"
        if isinstance(shape, ConvexShape):
            piece = thing.pieces[shape.mesh]
            gprim: Any = UsdGeom.Mesh.Define(stage, path)
            _fill(gprim, np.asarray(piece.vertices), np.asarray(piece.faces))
            UsdPhysics.MeshCollisionAPI.Apply(gprim.GetPrim()).CreateApproximationAttr("convexHull")
        else:
            gprim = _primitive(stage, path, shape)
        UsdPhysics.CollisionAPI.Apply(gprim.GetPrim())


def _primitive(stage: "Usd.Stage", path: str, shape: BoxShape | SphereShape) -> Any:
    from pxr import Gf, UsdGeom

    if isinstance(shape, BoxShape):
        gprim: Any = UsdGeom.Cube.Define(stage, path)
        gprim.CreateSizeAttr(2.0)
        gprim.CreateExtentAttr([(-1, -1, -1), (1, 1, 1)])
    else:
        gprim = UsdGeom.Sphere.Define(stage, path)
        gprim.CreateRadiusAttr(shape.radius)
        gprim.CreateExtentAttr([(-shape.radius,) * 3, (shape.radius,) * 3])
    gprim.AddTranslateOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(*shape.pose.position))
    gprim.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(_quaternion(shape.pose))
    if isinstance(shape, BoxShape):
        gprim.AddScaleOp().Set(Gf.Vec3f(*shape.half_size))
    return gprim


def _fill(mesh: Any, points: np.ndarray, faces: np.ndarray) -> None:
    """Points [n, 3] and triangles [m, 3] of a mesh that is not to be smoothed."""
    from pxr import UsdGeom, Vt

    mesh.CreatePointsAttr(_vectors(points))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray(len(faces), 3))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(faces, dtype=np.int32).ravel()))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(_vectors(np.stack([points.min(axis=0), points.max(axis=0)])))


def _quaternion(pose: Pose) -> Any:
    """USD takes quaternions as they are, and one that is a millionth too long scales what it turns."""
    from pxr import Gf

    w, *xyz = pose.quaternion
    return Gf.Quatd(w, *xyz).GetNormalized()


def _vectors(values: np.ndarray) -> Any:
    from pxr import Vt

    array = Vt.Vec2fArray if values.shape[1] == 2 else Vt.Vec3fArray
    return array.FromNumpy(np.ascontiguousarray(values, dtype=np.float32))
