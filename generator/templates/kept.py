"""The layouts of a site as they were understood before, for that takes time.

What comes in are a site's folder, its settings and what keeps values between builds; what goes out
are layouts, and what is wrong with them.
"""

import os
from pathlib import Path

import msgspec

from generator.config import LENIENT, Settings
from generator.content.data.folder import data_digest
from generator.errors import Problem, is_error
from generator.state.journal import NamedValues
from generator.templates.extensions import find_extensions
from generator.templates.folders import default_folder, layouts_digest, refused_links
from generator.templates.loader import Layouts, load_layouts

_NAME = "layouts.known"


def kept_layouts(
    root: Path, settings: Settings, kept: NamedValues
) -> tuple[Layouts, list[Problem]]:
    """Return the layouts, and what is wrong with them; those without errors are kept."""
    if refused := [*refused_links(root, settings.content.links)]:
        # Nothing behind these may be read: the default layouts alone serve to find other mistakes.
        layouts, amiss = load_layouts(default_folder().parent, settings)
        return layouts, [*amiss, *refused]
    words = settings.language, settings.labels, settings.languages
    look = settings.look, settings.front.style
    declared = [*settings.collections], [*settings.taxonomies]
    shaping = words, look, settings.content, declared
    folders = (os.fsencode(root), os.fsencode(default_folder()))  # what is kept names them
    code = msgspec.json.encode(find_extensions(root, settings))
    data = data_digest(root, settings).encode()
    digest = layouts_digest(root, msgspec.json.encode(shaping), code, data, *folders).encode()
    known = kept.kept(_NAME)
    if len(known) == 2 and known[0] == digest:
        return _LOADED.decode(known[1])
    loaded = load_layouts(root, settings)
    if settings is not LENIENT and not any(map(is_error, loaded[1])):
        kept.keep(_NAME, [digest], [msgspec.msgpack.encode(loaded)])
    return loaded


_LOADED = msgspec.msgpack.Decoder(tuple[Layouts, list[Problem]])
