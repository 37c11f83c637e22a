"""What this room's data may be used for."""

from terakoya.kit.declaration import Use

DATASET = "learning-records"
PURPOSE = "tutoring"
NAMES = "subject.identity"
SHARED = "activity.learning_school"

USES_NAMES = Use((NAMES,), PURPOSE)
USES_SHARED = Use((NAMES, SHARED), PURPOSE)

CODE_DAYS = 14
"""How long a code can be used."""
