"""Pictures of iPhones take a library that few need: who has none of it misses nothing else."""

from pathlib import Path

import pytest

from support.interpreters import Interpreter
from support.photographs import photograph, saved

pytestmark = pytest.mark.long

LOOK = """
from pathlib import Path
from generator.pictures.looking import look_at_picture
for name in ("a.heic", "a.avif", "a.jpg"):
    found = look_at_picture(Path(name))
    print(getattr(found, "what", ""), getattr(found, "remedy", ""), sep="; ")
"""


def test_who_lacks_the_library_is_told_what_to_install(tmp_path: Path) -> None:
    bare = Interpreter(tmp_path / "venv", without=("pillow_heif", "_pillow_heif"))
    for form, name in (("HEIF", "a.heic"), ("AVIF", "a.avif"), ("JPEG", "a.jpg")):
        (tmp_path / name).write_bytes(saved(photograph(), form))
    done = bare.run("-c", LOOK, cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "pictures of HEIC take a library that is not installed;"
        " run pip install 'broadsheet[heif]', or save it as JPEG",
        "; ",
        "; ",
    ]
