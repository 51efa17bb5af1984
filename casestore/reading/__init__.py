"""How the desk reads what people write: clean text, numbers, dates, amounts, phones, names.

Pure functions over short strings; each raises `Unreadable` with a stable code where it cannot read.
Shared by the guided questions (`dialogs`) and the classifier's slots.
"""

from casestore.reading.unreadable import Unreadable

__all__ = ["Unreadable"]
