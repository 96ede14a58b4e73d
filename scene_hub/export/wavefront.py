"""Wavefront OBJ and MTL: the mesh format that every simulator reads."""

from collections.abc import Iterable, Sequence

import numpy as np
import trimesh

from scene_hub.export.surfaces import Look, Surface


def surfaces_obj(surfaces: Sequence[Surface], library: str | None = None, materials: Sequence[str] = ()) -> bytes:
    """An OBJ file of `surfaces`, with the names of their `materials` in the MTL file `library` where one is given."""
    lines = [] if library is None else [f"mtllib {library}"]
    vertices = texels = 0
    for index, surface in enumerate(surfaces):
        if library is not None:
            lines += [f"g {materials[index]}", f"usemtl {materials[index]}"]
        lines += _rows("v", surface.points, 6)
        if surface.uvs is not None:
            lines += _rows("vt", surface.uvs, 6)
        lines += _rows("vn", surface.normals, 4)
        lines += _faces(surface, vertices, texels)
        vertices += len(surface.points)
        texels += 0 if surface.uvs is None else len(surface.uvs)
    return ("\n".join(lines) + "\n").encode("ascii")


def piece_obj(piece: trimesh.Trimesh) -> bytes:
    """An OBJ file of a collision piece: vertices and triangles only."""
    faces = np.asarray(piece.faces) + 1
    lines = [*_rows("v", np.asarray(piece.vertices), 7), *("f {} {} {}".format(*face) for face in faces.tolist())]
    return ("\n".join(lines) + "\n").encode("ascii")


def material_library(looks: Sequence[Look], materials: Sequence[str], textures: Sequence[str | None]) -> bytes:
    """The MTL file of `looks` by the names `materials`; `textures` are paths of their images, relative to the file.

    Colours are those of a screen, as most readers take them. `Pr` and `Pm` (roughness, metallic) are the usual extension.
    """
    lines = []
    for look, name, texture in zip(looks, materials, textures, strict=True):
        color = " ".join(f"{value:.4f}" for value in look.srgb)
        lines += [f"newmtl {name}", f"Ka {color}", f"Kd {color}", "Ks 0.0400 0.0400 0.0400", f"d {look.alpha:.4f}"]
        lines += [f"Ns {shininess(look):.2f}", f"Pr {look.roughness:.4f}", f"Pm {look.metallic:.4f}"]
        lines += [] if texture is None else [f"map_Kd {texture}"]
    return ("\n".join(lines) + "\n").encode("ascii")


def shininess(look: Look) -> float:
    """The exponent of Blinn and Phong that is as sharp as `look` is smooth: 2 / roughness^4 - 2 (Karis 2013), up to 1000."""
    return min(max(2.0 / max(look.roughness, 0.1) ** 4 - 2.0, 1.0), 1000.0)


def _rows(key: str, values: np.ndarray, decimals: int) -> list[str]:
    form = " ".join([key, *[f"{{:.{decimals}f}}"] * values.shape[1]])
    return [form.format(*row) for row in (np.round(values, decimals) + 0.0).tolist()]  # + 0.0 turns -0.0 into 0.0


def _faces(surface: Surface, vertices: int, texels: int) -> list[str]:
    """OBJ counts from 1, and through the whole file."""
    corners = surface.faces.tolist()
    if surface.uvs is None:
        return [_face(f"{i + vertices + 1}//{i + vertices + 1}" for i in face) for face in corners]
    return [_face(f"{i + vertices + 1}/{i + texels + 1}/{i + vertices + 1}" for i in face) for face in corners]


def _face(corners: Iterable[str]) -> str:
    return "f " + " ".join(corners)
