"""A program that renders one small scene, for `genworld doctor`: `python -m genworld_envs.cli.render_check sapien|egl`.

It runs in a process of its own, because a broken driver ends the process that uses it. The last line that it prints is
a JSON object: {"backend", "first_frame_s", "frame_ms"} or {"error"}.
"""

import json
import sys
import time

import numpy as np

SIZE = 128
FRAMES = 20


def render_with_sapien() -> dict[str, object]:
    """Renders a red box as the environments do; frames are `SIZE` x `SIZE`."""
    from genworld_envs.rendering import resolve_render_backend

    backend = resolve_render_backend()
    import sapien

    start = time.perf_counter()
    device = sapien.Device({"gpu": "cuda"}.get(backend, backend))
    scene = sapien.Scene([sapien.physx.PhysxCpuSystem(), sapien.render.RenderSystem(device)])
    scene.set_ambient_light([0.5, 0.5, 0.5])
    builder = scene.create_actor_builder()
    builder.add_box_visual(half_size=(0.1, 0.1, 0.1), material=(1.0, 0.0, 0.0))
    builder.build_static(name="box")
    sapien.render.set_camera_shader_dir("minimal")
    camera = scene.add_camera("camera", SIZE, SIZE, fovy=1.0, near=0.01, far=10.0)
    camera.entity.set_pose(sapien.Pose([-1.0, 0.0, 0.0]))

    def frame() -> np.ndarray:
        scene.update_render()
        camera.take_picture()
        return camera.get_picture("Color")

    picture = frame()
    first_frame_s = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(FRAMES):
        picture = frame()
    frame_ms = (time.perf_counter() - start) / FRAMES * 1000
    red, green, blue = (float(value) for value in picture[SIZE // 2, SIZE // 2, :3])
    if not (red > 0.2 and green < 0.1 and blue < 0.1):
        return {"error": f"a red box was rendered with the colour ({red:.2f}, {green:.2f}, {blue:.2f})"}
    return {"backend": backend, "first_frame_s": round(first_frame_s, 2), "frame_ms": round(frame_ms, 2)}


def render_with_egl() -> dict[str, object]:
    """Renders a box with pyrender through EGL, as previews do."""
    import os

    os.environ["PYOPENGL_PLATFORM"] = "egl"
    import pyrender
    import trimesh

    start = time.perf_counter()
    scene = pyrender.Scene(ambient_light=[1.0, 1.0, 1.0])
    scene.add(pyrender.Mesh.from_trimesh(trimesh.creation.box((0.2, 0.2, 0.2))))
    pose = np.eye(4)
    pose[2, 3] = 1.0
    scene.add(pyrender.PerspectiveCamera(yfov=1.0), pose=pose)
    renderer = pyrender.OffscreenRenderer(SIZE, SIZE)
    _, depth = renderer.render(scene)  # type: ignore[misc]
    first_frame_s = time.perf_counter() - start
    if not depth.max() > 0.5:
        return {"error": "a box was rendered as an empty picture"}
    from OpenGL import GL

    name = GL.glGetString(GL.GL_RENDERER)
    return {
        "backend": name.decode() if isinstance(name, bytes) else "EGL",
        "first_frame_s": round(first_frame_s, 2),
        "frame_ms": None,
    }


def main() -> int:
    renderers = {"sapien": render_with_sapien, "egl": render_with_egl}
    try:
        answer = renderers[sys.argv[1]]()
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
