from crisis.loaders.reference import load_crisis

__all__ = ["load_crisis"]
