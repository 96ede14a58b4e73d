"""A generator of your own: a class with two methods, `vocabulary` and `generate`, that makes things nobody else does.

python examples/custom_generator.py [folder]

Here it makes stepped pyramids with trimesh and stands beside the built-in generator; a sentence about a pyramid becomes a
scene, and the scene a dataset. To give your generator a name that every GenWorld command knows, enter it in your package's
pyproject.toml and install the package:

    [project.entry-points."genworld.generators"]
    pyramids = "my_package.pyramids:PyramidGenerator"

After that `find_generator("procedural,pyramids")` gives the set that is put together by hand below.
"""

import sys

import numpy as np
import trimesh
from trimesh.visual import ColorVisuals

from scene_hub.compose import compose
from scene_hub.dataset import DatasetCard, write_dataset
from scene_hub.design.designer import DesignRequest
from scene_hub.design.grammar import GrammarDesigner
from scene_hub.errors import InvalidOptionError
from scene_hub.generate import GeneratorSet, find_generator
from scene_hub.generate.bundle import AssetBundle, AssetRequest, CategoryInfo, use_in_task
from scene_hub.generate.importing import import_mesh
from scene_hub.generate.materials import COLORS
from scene_hub.schema import Provenance

PYRAMID = CategoryInfo(
    name="pyramid",
    kind="object",
    label="pyramid",
    also=("stepped pyramid",),
    roles=frozenset({"object"}),
    colors=("red", "yellow", "green", "blue"),
    materials=("wood",),
)


class PyramidGenerator:
    """Makes stepped pyramids of wood, four to six steps high."""

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        return (PYRAMID,)

    def generate(self, request: AssetRequest) -> AssetBundle:
        if request.category != PYRAMID.name:
            raise InvalidOptionError.unknown("category", request.category, [PYRAMID.name])
        rng = np.random.default_rng(request.seed)  # every draw comes from the request: equal requests, equal bytes
        color = request.color or PYRAMID.colors[int(rng.integers(len(PYRAMID.colors)))]
        steps, base, height = int(rng.integers(4, 7)), rng.uniform(0.042, 0.055), rng.uniform(0.035, 0.05)
        boxes = []
        for step in range(steps):
            box = trimesh.creation.box([base * (1 - step / steps), base * (1 - step / steps), height / steps])
            box.apply_translation([0, 0, (step + 0.5) * height / steps])
            box.visual = ColorVisuals(box, face_colors=[*COLORS[color], 255])
            boxes.append(box)
        return import_mesh(
            trimesh.Scene(boxes),
            request,
            Provenance(generator="pyramids", generator_version="1"),
            colors=[color],
            materials=["wood"],
            description=f"a {color} wooden pyramid with {steps} steps",
            collision=boxes,
        )


def main(folder: str = "pyramids") -> None:
    generator = GeneratorSet([find_generator("procedural"), PyramidGenerator()])
    designer = GrammarDesigner(generator.vocabulary())
    graph = designer.design(DesignRequest("put the red pyramid on the tray", seed=1, distractors=2))
    bundles = {}
    for seed, node in enumerate(graph.nodes):
        use = use_in_task(graph.task, node.role)
        request = AssetRequest(node.category, seed, color=node.color, material=node.material, size=node.size, use=use)
        bundles[node.name] = generator.generate(request)
    scene = compose(graph, bundles, seed=0, scene_id="pyramid-0", split="train")
    card = DatasetCard(title="Pyramids", description="A scene with a thing of our own.")
    dataset = write_dataset(folder, [scene], bundles.values(), card, overwrite=True)
    dataset.verify()
    for placement in scene.placements:
        print(f"{placement.role}: {dataset.asset(placement.asset).description}")
    print(f'"{scene.instruction}" is in {folder}: gym.make("GenWorld-v0", scenes={folder!r}) puts a robot before it')


if __name__ == "__main__":
    main(*sys.argv[1:])
