from crisis.loaders.reference import load_crisis
