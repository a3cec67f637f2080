from network.difficulties.models.action import Action
from network.difficulties.models.case import Case, new_code
from network.difficulties.models.difficulty import Difficulty
from network.difficulties.models.follow_up import FollowUp
from network.difficulties.models.kind import DifficultyKind
from network.difficulties.models.note import Note, Paper
from network.difficulties.models.referent import Handover, Referent

__all__ = [
    "Action",
    "Case",
    "Difficulty",
    "DifficultyKind",
    "FollowUp",
    "Handover",
    "Note",
    "Paper",
    "Referent",
    "new_code",
]
