from crisis.sources.models.feed import Feed, FeedSeries
from crisis.sources.models.mapping import ClusterPlace, KosisSeries
from crisis.sources.models.receipt import CollectedBatch, FeedReceipt
from crisis.sources.models.source import IndicatorSource, SeriesBreak
from crisis.sources.models.suspect import ExaminedRun, SuspectValue

__all__ = [
    "ClusterPlace",
    "CollectedBatch",
    "ExaminedRun",
    "Feed",
    "FeedReceipt",
    "FeedSeries",
    "IndicatorSource",
    "KosisSeries",
    "SeriesBreak",
    "SuspectValue",
]
