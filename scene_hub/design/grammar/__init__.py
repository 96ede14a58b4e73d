"""The grammar designer: free English pick-and-place instructions become scene graphs, offline and deterministic."""

from scene_hub.design.grammar.designer import GrammarDesigner

__all__ = ["GrammarDesigner"]
