"""Things with a battery: phones, remote controls, game controllers, headphones."""

import numpy as np

from scene_hub.generate import materials
from scene_hub.generate.collision import Piece, box_between, hull_of, lying_hull, standing_hull
from scene_hub.generate.materials import PAINT, Rgb, shade
from scene_hub.generate.procedural.catalog import category
from scene_hub.generate.procedural.design import Design, Draft, Part, support
from scene_hub.generate.procedural.solids import (
    BRASS,
    along_x,
    painted,
    rectangle,
    top_face,
    trim,
)
from scene_hub.generate.shapes import (
    circle,
    cylinder,
    ellipsoid,
    extrude,
    flattened,
    joined,
    lathe,
    rounded,
    rounded_box,
    rounded_rectangle,
    spline,
    superellipse,
    sweep,
)

WALLPAPERS: tuple[tuple[Rgb, Rgb], ...] = (
    ((40, 90, 180), (150, 80, 190)),
    ((20, 110, 120), (230, 180, 90)),
    ((30, 36, 60), (90, 110, 170)),
    ((200, 80, 90), (250, 190, 110)),
)


def screen(draft: Draft, icons: int, aspect: float) -> np.ndarray:
    """A lit display `aspect` times as high as wide: a sky of two colours with rows of app icons, `icons` in each."""
    n = draft.size
    top, low = draft.pick(WALLPAPERS)
    t = np.linspace(0, 1, n)[:, None, None]
    image = np.broadcast_to(np.asarray(top) * (1 - t) + np.asarray(low) * t, (n, n, 3)).copy()
    stream, pitch = draft.stream("icons"), 0.88 / icons
    for row in range(min(4, int(0.7 * aspect / pitch))):
        for column in range(icons):
            r, g, b = (int(v) for v in stream.integers(60, 250, 3))
            at = (0.06 + (column + 0.5) * pitch, 0.90 - (row + 0.5) * pitch / aspect)
            image = materials.dotted(image, (r, g, b), at, 0.34 * pitch, 0.34 * pitch / aspect)
    edge = max(2, n // 28)
    image[:edge], image[-edge:], image[:, :edge], image[:, -edge:] = ((18, 18, 22),) * 4
    return image


@category(
    "mobile_phone",
    PAINT,
    ("object",),
    also=(
        "phone",
        "smartphone",
        "smart phone",
        "cell phone",
        "cellphone",
        "cellular phone",
        "mobile",
        "iphone",
        "telephone",
    ),
)
def mobile_phone(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.046, 0.053), draft.uniform(0.088, 0.106), draft.uniform(0.0145, 0.0165)
    corner = draft.uniform(0.006, 0.010)
    outline = rounded_rectangle(x / 2, y / 2, corner, draft.steps(4))
    body = extrude(outline, z, 0.0025, draft.steps(2))
    glass = top_face(rounded_rectangle(x / 2 - 0.002, y / 2 - 0.002, corner - 0.001, draft.steps(3)), z)
    image = screen(draft, draft.pick((3, 4)), y / x)
    image = materials.dotted(image, (10, 10, 12), (0.5, 0.95), 0.05, 0.016)
    keys = [
        rounded_box(0.002, 0.016 - 0.004 * k, 0.004, 0.0008, 1).moved(x / 2 + 0.0004, 0.014 - 0.022 * k, z / 2 - 0.002)
        for k in (0, 1)
    ]
    return Design(
        [
            Part(body, painted(draft, 0.3, density=1500.0)),
            Part(glass, draft.textured("glass", materials.encoded(image), 0.1)),
            Part(joined(keys), draft.metal()),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z))],
        draft.pick(("mobile phone with its screen on", "{color} smartphone")),
        materials=("plastic", "glass"),
    )


@category(
    "remote_control",
    PAINT,
    ("object",),
    also=("remote", "tv remote", "television remote", "tv remote control", "remote controller", "clicker"),
)
def remote_control(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.035, 0.042), draft.uniform(0.108, 0.132), draft.uniform(0.0170, 0.0200)
    outline = rounded(
        [(x * 0.44, -y / 2, 0.008), (x / 2, y / 2, 0.006), (-x / 2, y / 2, 0.006), (-x * 0.44, -y / 2, 0.008)],
        draft.steps(4),
        True,
    )
    body = extrude(outline, z, 0.004, draft.steps(3))
    key = lathe(np.array([(0.0034, 0), (0.0032, 0.0016), (0, 0.0016)]), draft.n(10))
    rows = draft.pick((4, 5))
    keys = [key.moved(u * x * 0.28, -0.36 * y + 0.078 * y * row, z - 0.0006) for row in range(rows) for u in (-1, 0, 1)]
    wheel = cylinder(0.27 * x, 0.0012, draft.n(20), 0.0005, 1).moved(y=0.14 * y, z=z - 0.0004)
    middle = cylinder(0.12 * x, 0.0020, draft.n(14), 0.0005, 1).moved(y=0.14 * y, z=z - 0.0004)
    power = cylinder(0.0045, 0.0018, draft.n(14), 0.0006, 1).moved(-0.26 * x, 0.40 * y, z - 0.0006)
    window = rounded_box(0.4 * x, 0.002, 0.006, 0.0006, 1).moved(y=y / 2, z=0.4 * z)
    dark = trim(draft)
    return Design(
        [
            Part(body, draft.plain("plastic", roughness=0.5)),
            Part(joined([*keys, wheel]), draft.rubber(dark)),
            Part(joined([middle, window]), draft.plastic(shade(dark, 1.8))),
            Part(power, draft.plastic((214, 40, 36) if draft.color != "red" else (245, 245, 240))),
        ],
        [hull_of(body)],
        "remote control with a red power button" if draft.color != "red" else "remote control with round buttons",
        materials=("plastic", "rubber"),
    )


@category(
    "game_controller",
    PAINT,
    ("object",),
    also=("controller", "gamepad", "game pad", "joystick", "video game controller", "joypad"),
)
def game_controller(draft: Draft) -> Design:
    half, deep, z = draft.uniform(0.046, 0.053), draft.uniform(0.0205, 0.0235), draft.uniform(0.024, 0.028)
    leg = draft.uniform(0.020, 0.028)
    right = spline(
        [
            (0.0, -0.86 * deep),
            (0.40 * half, -0.90 * deep),
            (0.62 * half, -1.0 * deep - 0.55 * leg),
            (0.86 * half, -deep - leg),
            (1.02 * half, -deep - 0.5 * leg),
            (half, 0.1 * deep),
            (0.80 * half, 0.86 * deep),
            (0.42 * half, deep),
            (0.0, 0.92 * deep),
        ],
        draft.n(24),
    )
    outline = np.concatenate([right, (right * [-1, 1])[-2:0:-1]])
    body = extrude(outline, z, 0.007, draft.steps(2))
    stick = lathe(
        rounded([(0, 0), (0.0044, 0), (0.0034, 0.006), (0.0072, 0.007), (0.0068, 0.010), (0, 0.0094)], 1), draft.n(14)
    )
    sticks = joined([stick.moved(s * 0.34 * half, -0.42 * deep, z - 0.002) for s in (1, -1)])
    bar = rounded_box(0.016, 0.0052, 0.003, 0.0008, 1)
    pad = joined([bar, bar.rotated("z", 90.0)]).moved(-0.66 * half, 0.32 * deep, z - 0.001)
    knob = cylinder(0.0030, 0.0030, draft.n(12), 0.001, 1)
    spots = [(0.0062, 0), (0, 0.0062), (-0.0062, 0), (0, -0.0062)]
    hues: tuple[Rgb, ...] = ((214, 44, 44), (240, 200, 40), (50, 110, 220), (60, 170, 80))
    buttons = [
        Part(knob.moved(0.66 * half + u, 0.32 * deep + v, z - 0.001), draft.plastic(hue))
        for (u, v), hue in zip(spots, hues, strict=True)
    ]
    cuts = [body.triangles[..., 0].mean(axis=1) * s > 0.36 * half for s in (1, -1)]
    grips: list[Piece] = [hull_of(type(body)(body.triangles[c], body.normals[c], body.uvs[c])) for c in cuts]
    return Design(
        [Part(body, painted(draft, density=500.0)), Part(joined([sticks, pad]), draft.rubber(trim(draft))), *buttons],
        [
            box_between((-0.5 * half, -0.86 * deep, 0), (0.5 * half, 0.95 * deep, z)),
            *grips,
            hull_of(stick.moved(0.34 * half, -0.42 * deep, z - 0.002)),
            hull_of(stick.moved(-0.34 * half, -0.42 * deep, z - 0.002)),
        ],
        "game controller with two sticks",
        materials=("plastic",),
    )


@category(
    "power_bank",
    PAINT,
    ("object", "stackable"),
    also=(
        "powerbank",
        "portable charger",
        "battery pack",
        "external battery",
        "portable battery",
        "phone charger",
        "charger",
    ),
)
def power_bank(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.046, 0.056), draft.uniform(0.078, 0.096), draft.uniform(0.0180, 0.0240)
    outline = rounded_rectangle(x / 2, y / 2, draft.uniform(0.004, 0.012), draft.steps(4))
    body = extrude(outline, z, 0.003, draft.steps(2))
    image = materials.canvas(draft.rgb, 64, 64)
    ink = materials.contrast_to(draft.rgb)
    image = materials.printed(image, draft.pick(("5000", "10000", "20000")), ink, (0.5, 0.24), 0.14, 0.7)
    for k in range(4):
        image = materials.dotted(
            image, (70, 220, 110) if k < 3 else shade(draft.rgb, 0.7), (0.34 + 0.107 * k, 0.84), 0.030, 0.018
        )
    bolt = np.array([(0.06, 0.22), (-0.16, -0.04), (-0.02, -0.04), (-0.06, -0.22), (0.16, 0.04), (0.02, 0.04)]) * 0.075
    sign = top_face(bolt, z + 0.0002)
    face = top_face(rounded_rectangle(x / 2 - 0.005, y / 2 - 0.005, 0.004, draft.steps(2)), z - 0.0002)
    ports = joined(
        [
            rounded_box(0.010, 0.002, 0.0055, 0.0008, 1).moved(x=s * 0.24 * x, y=-y / 2 + 0.0006, z=0.5 * z - 0.0027)
            for s in (1, -1)
        ]
    )
    return Design(
        [
            Part(body, painted(draft, 0.45, density=1300.0)),
            Part(face, draft.textured("plastic", materials.encoded(image), 0.45)),
            Part(sign, draft.plastic(ink)),
            Part(ports, draft.plastic((24, 24, 26))),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z))],
        "power bank with two charging ports",
        support=support("surface", z, (x / 2 - 0.004, y / 2 - 0.004), z),
        materials=("plastic",),
    )


@category(
    "usb_stick",
    PAINT,
    ("object",),
    also=("usb drive", "usb flash drive", "flash drive", "thumb drive", "memory stick", "usb key", "pen drive", "usb"),
)
def usb_stick(draft: Draft) -> Design:
    x, y, z = draft.uniform(0.044, 0.054), draft.uniform(0.021, 0.026), draft.uniform(0.0150, 0.0175)
    outline = rounded_rectangle(x / 2, y / 2, draft.uniform(0.004, 0.010), draft.steps(4))
    body = extrude(outline, z, 0.0025, draft.steps(2))
    plug = rounded_box(0.020, 0.64 * y, 0.42 * z, 0.0006, 1).moved(x=x / 2 + 0.009, z=0.30 * z)
    holes = joined(
        [rounded_box(0.0042, 0.0036, 0.0006, 0.0001, 1).moved(x / 2 + 0.012, s * 0.17 * y, 0.72 * z) for s in (1, -1)]
    )
    eyelet = cylinder(0.16 * y, 0.0008, draft.n(14)).moved(x=-0.38 * x, z=z - 0.0002)
    image = materials.printed(
        materials.canvas((240, 240, 236), 32, 64),
        draft.pick(("16 GB", "32 GB", "64 GB")),
        (50, 50, 56),
        (0.5, 0.5),
        0.6,
        0.9,
    )
    tag = top_face(rectangle(0.26 * x, 0.26 * y, 0.08 * x), z)
    dark = draft.plastic((30, 30, 32))
    return Design(
        [
            Part(body, painted(draft)),
            Part(plug, draft.metal((206, 208, 212))),
            Part(joined([holes, eyelet]), dark),
            Part(tag, draft.textured("plastic", materials.encoded(image), 0.4)),
        ],
        [box_between((-x / 2, -y / 2, 0), (x / 2, y / 2, z)), hull_of(plug)],
        "large USB stick with a metal plug",
        least_mass=0.02,
        materials=("plastic", "steel"),
    )


@category(
    "headphones",
    PAINT,
    ("object",),
    label="pair of headphones",
    also=("headphones", "headphone", "headset", "earphones", "over-ear headphones"),
)
def headphones(draft: Draft) -> Design:
    cup, gap, rise = draft.uniform(0.0190, 0.0225), draft.uniform(0.020, 0.024), draft.uniform(0.034, 0.042)
    lift = 0.94 * cup
    angles = np.linspace(0.0, np.pi, draft.n(22))
    reach = gap + 0.004
    band = np.stack([0 * angles, reach * np.cos(angles), lift + 0.006 + rise * np.sin(angles) ** 0.8], axis=1)
    width = 0.7 + 0.3 * np.sin(angles)
    arch = sweep(
        band,
        superellipse(draft.n(12), 4.0) * np.array([0.0028, 0.0075]),
        np.c_[np.ones_like(width), width],
        up=(1, 0, 0),
    )
    parts, pads, pieces = [], [], []
    for s in (1, -1):
        shell = flattened(
            cylinder(cup, 0.011, draft.n(26), 0.003, 2).rotated("x", -90.0 * s).moved(y=s * gap, z=0), -lift
        )
        pad = flattened(
            cylinder(0.94 * cup, 0.009, draft.n(22), 0.003, 2).rotated("x", 90.0 * s).moved(y=s * gap), -lift
        )
        parts.append(shell.moved(z=lift))
        pads.append(pad.moved(z=lift))
        pieces.append(standing_hull(parts[-1], pads[-1], share=0.3))
    cuts = np.linspace(0, len(band) - 1, 7).round().astype(int)
    for low, high in zip(cuts[:-1], cuts[1:], strict=True):
        pieces.append(hull_of(sweep(band[low : high + 1], circle(6) * np.array([0.0028, 0.0070]), up=(1, 0, 0))))
    caps = [
        cylinder(0.55 * cup, 0.0008, draft.n(20)).rotated("x", -90.0 * s).moved(y=s * (gap + 0.0108), z=lift)
        for s in (1, -1)
    ]
    return Design(
        [
            Part(joined([*parts, arch]), painted(draft, density=700.0)),
            Part(joined(pads), draft.rubber(trim(draft))),
            Part(joined(caps), draft.metal()),
        ],
        pieces,
        "pair of headphones with round ear cups",
        materials=("plastic", "rubber"),
    )


@category("microphone", PAINT, ("object",), also=("mic", "hand microphone"))
def microphone(draft: Draft) -> Design:
    head, thin, length = draft.uniform(0.0170, 0.0200), draft.uniform(0.0115, 0.0130), draft.uniform(0.086, 0.102)
    axis = head - 0.0015
    body = [
        (0, -length),
        (thin, -length, 0.003),
        (1.06 * thin, -0.5 * length),
        (0.92 * head, -0.014),
        (0.92 * head, -0.008),
        (0, -0.008),
    ]
    stick = along_x(rounded(body, draft.steps(3)), draft.n(22), axis)
    ring = along_x(
        rounded([(0, -0.009), (head, -0.009, 0.001), (head, -0.001, 0.001), (0, -0.001)], 1), draft.n(24), axis
    )
    mesh = flattened(ellipsoid(0.96 * head, head, head, draft.n(24), draft.n(16)).moved(x=0.008, z=axis), 0.0)
    image = draft.texture(materials.weave, (150, 152, 156), 16)
    tail = cylinder(head, 0.010, draft.n(22), 0.002, 1).rotated("y", 90.0).moved(x=-length - 0.002, z=axis)
    tail = flattened(tail, 0.0)
    switch = rounded_box(0.014, 0.006, 0.003, 0.001, 1).moved(x=-0.35 * length, z=axis + 1.18 * thin)
    return Design(
        [
            Part(joined([stick, tail]), painted(draft, density=800.0)),
            Part(mesh.uv_scaled(3.0, 2.0), draft.textured("steel", image, 0.5, 0.4, 1200.0)),
            Part(ring, draft.metal(BRASS if draft.color != "gold" else (196, 198, 202))),
            Part(switch, draft.plastic(trim(draft))),
        ],
        [hull_of(stick), lying_hull(tail), standing_hull(mesh, ring, share=0.3)],
        "microphone with a round grille",
        materials=("plastic", "steel"),
    )
