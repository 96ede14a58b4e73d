"""Scripted experts: closed-loop policies that act through the public action space from privileged state."""

from genworld_envs.experts.pick_place import PickPlaceExpert

__all__ = ["PickPlaceExpert"]
