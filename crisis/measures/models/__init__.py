from crisis.measures.models.measure import PreferentialMeasure

__all__ = ["PreferentialMeasure"]
