"""The version of the arithmetic; it is part of every public record and of a run's reproduction key (method §10)."""

ENGINE_VERSION = "rci-1.1.0"
