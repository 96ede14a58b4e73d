"""Presets, single quantities, and messages for values that make no sense."""

import dataclasses
import math
from typing import Any

import pytest

from genworld_envs.randomization import PRESETS, Randomization, parse_randomization
from scene_hub.errors import InvalidOptionError


def test_the_paper_preset_has_the_published_ranges() -> None:
    paper = parse_randomization("paper")
    assert (paper.object_position, paper.object_yaw, paper.robot_joints) == (0.15, 2 * math.pi, 0.1)
    assert (paper.camera_position, paper.ambient_light) == (0.05, (0.0, 0.6))
    assert paper.friction == (1.0, 1.0) and paper.action_latency == 0


def test_strong_contains_paper_and_randomizes_every_quantity() -> None:
    for field in dataclasses.fields(Randomization):
        assert getattr(PRESETS["strong"], field.name) != getattr(PRESETS["none"], field.name), field.name


def test_single_quantities_start_from_none_or_from_a_preset() -> None:
    alone = parse_randomization({"camera_position": 0.1})
    assert alone == Randomization(camera_position=0.1)
    changed = parse_randomization({"preset": "paper", "mass": [0.5, 2.0]})
    assert changed == dataclasses.replace(PRESETS["paper"], mass=(0.5, 2.0))
    assert parse_randomization(changed) is changed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("papper", ["papper", "none", "paper", "strong"]),
        ({"camera_positon": 0.1}, ["camera_positon", "camera_position"]),
        ({"camera_position": -0.1}, ["camera_position", "-0.1"]),
        ({"camera_position": float("nan")}, ["camera_position", "nan"]),
        ({"friction": (1.4, 0.6)}, ["friction", "low <= high"]),
        ({"mass": 2.0}, ["mass", "pair"]),
        ({"action_latency": 0.5}, ["action_latency", "whole number"]),
        (3, ["3", "preset"]),
    ],
)
def test_bad_values_are_named_with_the_way_out(value: Any, words: list[str]) -> None:
    with pytest.raises(InvalidOptionError) as caught:
        parse_randomization(value)
    assert all(word in str(caught.value) for word in words), str(caught.value)
