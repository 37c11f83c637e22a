from terakoya.kit import jobs

from . import former

DAY = 86_400

jobs.regularly("materials.forget", seconds=DAY)(former.forget_old)
