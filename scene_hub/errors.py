"""The exceptions that GenWorld raises for bad input.

Every message names the bad value, says where it came from and gives the way out. `GenWorldError` is the root: a
caller that catches it catches everything that a user can mend, and nothing that is a defect of ours.
"""


class GenWorldError(Exception):
    """Something that the user can mend; the message says how."""


class SceneDataError(GenWorldError, ValueError):
    """Scene data that cannot be trusted or understood: a broken file, a wrong checksum, an unknown schema version."""


class InvalidOptionError(GenWorldError, ValueError):
    """An argument that names something that does not exist, or lies outside its range; the message lists the choices."""

    @classmethod
    def unknown(cls, what: str, value: object, choices: object) -> "InvalidOptionError":
        """The one form of "there is no such thing, these there are"."""
        names = ", ".join(repr(choice) for choice in sorted(map(str, choices)))  # type: ignore[call-overload]
        return cls(f"unknown {what} {value!r}; choose one of {names}")


class MissingRequirementError(GenWorldError, RuntimeError):
    """Something that this machine lacks (a Vulkan driver, robot files, the network); the message says how to get it."""


class InstructionError(GenWorldError, ValueError):
    """An instruction that cannot be understood, or that asks for something which cannot be made; the message says which
    words are the trouble and what would do instead."""
