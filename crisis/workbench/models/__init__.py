from crisis.workbench.models.comment import Comment
from crisis.workbench.models.what_if import WhatIf, WhatIfResult

__all__ = ["Comment", "WhatIf", "WhatIfResult"]
