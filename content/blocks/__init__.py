"""What a module is written in. A block type is never removed or renamed: an old revision would lose it.

The template of each block shows it to an editor in a preview; the learner's page renders the frozen
edition (`templates/content/parts/`), never a block. A draft may be as unfinished as it is: what makes a
block whole is asked for when the module is published.
"""

from .questions import QuestionBlock
from .steps import StepBodyBlock, StepsBlock
from .texts import RICH_TEXT

__all__ = ["RICH_TEXT", "QuestionBlock", "StepBodyBlock", "StepsBlock"]
