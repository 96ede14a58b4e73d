"""The built-in generator: parametric household objects, tables and rooms, made without a network, a GPU or a model."""

from scene_hub.generate.bundle import AssetBundle, AssetRequest, CategoryInfo, RoleInTask
from scene_hub.generate.procedural import catalog
from scene_hub.generate.procedural.build import build_asset
from scene_hub.schema import AssetKind

from . import (  # noqa: F401  (each of these enters its categories in the catalog)
    bakery,
    bakeware,
    balls,
    basins,
    bathroom,
    bottles,
    building_blocks,
    butchery,
    chessmen,
    containers,
    cookware,
    cosmetics,
    drinkware,
    electronics,
    fruit,
    gadgets,
    groceries,
    hardware,
    keepsakes,
    meals,
    menagerie,
    office,
    orchard,
    organizers,
    packages,
    pantry,
    paperwork,
    personal,
    platforms,
    playthings,
    pots,
    produce,
    rooms,
    serving,
    shed,
    smallware,
    stationery,
    surfaces,
    tables,
    tableware,
    tools,
    toys,
    treats,
    utensils,
    vegetables,
    vehicles,
    writing,
)


class ProceduralGenerator:
    """Makes assets from parametric families; implements `scene_hub.generate.bundle.Generator`."""

    def vocabulary(self) -> tuple[CategoryInfo, ...]:
        """What it makes, sorted by name."""
        return catalog.all_categories()

    def categories(self, kind: AssetKind | None = None, role: RoleInTask | None = None) -> tuple[str, ...]:
        """Every category, sorted; only those of a `kind` ("object", "table", "room") or with a `role` if given."""
        entries = catalog.all_categories()
        return tuple(e.name for e in entries if (kind is None or e.kind == kind) and (role is None or role in e.roles))

    def colors_of(self, category: str) -> tuple[str, ...]:
        """The colours that a category comes in."""
        return catalog.find(category).colors

    def roles_of(self, category: str) -> frozenset[RoleInTask]:
        """What a category can be in a task: "object", "surface", "container", "stackable"."""
        return catalog.find(category).roles

    def kind_of(self, category: str) -> AssetKind:
        """ "object", "table" or "room"."""
        return catalog.find(category).kind

    def generate(self, request: AssetRequest) -> AssetBundle:
        """The asset asked for; InvalidOptionError for an unknown category, or a colour or material it does not come in."""
        return build_asset(request)
