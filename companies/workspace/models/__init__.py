from companies.workspace.models.bookmark import Bookmark
from companies.workspace.models.saved_filter import SavedFilter
from companies.workspace.models.search_key import SearchDebt, SearchKey

__all__ = ["Bookmark", "SavedFilter", "SearchDebt", "SearchKey"]
