from network.difficulties.selectors.story import Line, story_of

__all__ = ["Line", "story_of"]
