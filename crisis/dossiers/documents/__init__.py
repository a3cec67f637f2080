"""Papers made from a dossier: the record alone is read, never a table of the portal."""

from crisis.dossiers.documents.hwpx import hwpx_of
from crisis.dossiers.documents.paper import Paper, paper_of
from crisis.dossiers.documents.pdf import pdf_of

__all__ = ["Paper", "hwpx_of", "paper_of", "pdf_of"]
