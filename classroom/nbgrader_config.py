# nbgrader's configuration for a course folder: see docs/teaching.md. A course's own configuration loads
# this one and adds to it:
#
#     load_subconfig("/opt/karenina/classroom/nbgrader_config.py")
#     c.CourseDirectory.course_id = "karenina"
#
# Python, because nbgrader takes nothing else.
import os

from nbgrader.preprocessors import (
    CheckCellMetadata,
    ComputeChecksums,
    IncludeHeaderFooter,
    LockCells,
    SaveCells,
)

c = get_config()  # noqa: F821: nbgrader defines it

# The students' versions have neither solutions nor hidden tests, and what their examples show stays.
c.GenerateAssignment.preprocessors = [
    IncludeHeaderFooter,
    LockCells,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
]

# A cell may train a network.
c.Execute.timeout = 600

# The kernels' environment: small sizes, and nobody's progress.
os.environ.setdefault("KARENINA_MODE", "fast")
os.environ.setdefault("KARENINA_PROGRESS", "")
