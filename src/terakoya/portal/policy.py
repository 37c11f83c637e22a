"""What the portal's pages use."""

NAMES = "subject.identity"
RECORDS = "activity.learning_school"
