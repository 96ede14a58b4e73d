# USD's modules are wrapped by Boost at import and ship no stubs: to the type checker they are untyped.
from typing import Any

def __getattr__(name: str) -> Any: ...
