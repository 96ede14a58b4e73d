# SAPIEN's own stubs are generated from C++ and refuse what it takes (any array as a vector, attributes of builders):
# to the type checker it is untyped.
from typing import Any

def __getattr__(name: str) -> Any: ...
