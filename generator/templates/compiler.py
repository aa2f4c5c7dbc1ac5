"""Layouts compiled to code that costs less than Jinja's own, and gives the same text.

Most of what a page costs is neither its text nor its values but the way to them: a look-up
and a context for each partial, a function call for each attribute and for each escape.
The code made here takes a short cut where one leads to the same end, and Jinja's way
elsewhere. It holds with `autoescape` on, and where all templates have the same globals.
Where a layout fails, the file and the line are for Jinja's own code to tell.
"""

from functools import cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.utils import missing
from markupsafe import escape

try:
    from markupsafe._speedups import _escape_inner
except ImportError:

    def _escape_inner(s: str, /) -> str:
        return str(escape(s))


escape_text = _escape_inner
"""`escape` for what is known to be a str; it stays one. MarkupSafe shows it to nobody."""


def compile_compactly(environment: jinja2.Environment) -> None:
    """Have an environment, fresh still, compile its layouts so."""
    environment.code_generator_class = Compact
    environment.context_class = _Context
    template_of = cache(environment.get_template)

    def included(context: Context, name: str, local: dict[str, Any]) -> str:
        """Return the text of a partial that sees a context and local variables."""
        template = template_of(name)
        root = template.root_render_func
        code = root.__globals__
        if code["has_blocks"] or not context.eval_ctx.autoescape:
            context = template.new_context(context.get_all(), shared=True, locals=local)
        elif local or code["sets_names"]:
            context = _beside(context, local)
        return "".join(root(context))

    environment.extend(included=included)


class Compact(CodeGenerator):
    """Jinja's code with short cuts. What is inherited is overridden only where it is named here."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        self.writeline(f"from {__name__} import escape_text")
        self.writeline(f"has_blocks = {_has_blocks(node)}")
        self.writeline(f"sets_names = {_has(node, *_SETTING)}")
        super().visit_Template(node, frame)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        """Look up once for all pages a partial that is named outright."""
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if isinstance(name, str) and node.with_context and not node.ignore_missing:
            local = self.dump_local_context(frame)
            self.newline(node)
            self.simple_write(f"environment.included(context, {name!r}, {local})", frame)
        else:
            super().visit_Include(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Have an attribute that is there without `Environment.getattr`."""
        self.write("(value if (value := getattr((owner := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing")
        self.write(f" else environment.getattr(owner, {node.attr!r}))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        """Escape text as it is; only other values go through `escape`."""
        if _is_escaped(frame):
            self.write("(escape_text(shown) if type(shown := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _is_escaped(frame):
            self.write(") is str else shown if type(shown) is Markup else escape(shown))")
        else:
            super()._output_child_post(node, frame, finalize)


class _Context(Context):
    """A context that does not list the globals: all templates have the same."""

    def __init__(
        self,
        environment: jinja2.Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Any],
        globals: Any = None,  # noqa: A002, ARG002 (Jinja's own signature)
    ) -> None:
        super().__init__(environment, {}, name, blocks)
        self.see(parent)

    def see(self, names: dict[str, Any]) -> None:
        """Have these names alone in reach, and what will be set."""
        self.vars = _Names(names)
        self.resolve_or_missing = self.vars.__getitem__  # type: ignore[assignment,method-assign]


class _Names(dict[str, Any]):
    """What a context sees. Most look-ups of Jinja's own take two dicts and a call of Python's."""

    def __missing__(self, _: str) -> Any:
        return missing


def _beside(context: Context, local: dict[str, Any]) -> Context:
    """Return a context that sees what another one does, and local variables, and sets its own.

    A page has dozens of them; `Context.derived` takes four times as long.
    """
    beside = _Context.__new__(_Context)
    beside.parent = context.parent
    known = {name: value for name, value in local.items() if value is not missing}
    beside.see(context.vars | known)
    beside.environment = context.environment
    beside.eval_ctx = context.eval_ctx
    beside.exported_vars = set()
    beside.name = context.name
    beside.globals_keys = context.globals_keys
    beside.blocks = context.blocks
    return beside


_SETTING = (nodes.Assign, nodes.AssignBlock, nodes.FromImport, nodes.Import, nodes.Macro)
"""What leaves names behind in the context."""
_OF_ITS_OWN = (nodes.Block, nodes.EvalContextModifier, nodes.Extends)
"""What needs a context that is no other template's."""


def _has(template: nodes.Template, *kinds: type[nodes.Node]) -> bool:
    return next(template.find_all(kinds), None) is not None


def _has_blocks(template: nodes.Template) -> bool:
    """Return whether a partial has blocks of its own to look for, or changes how it is escaped."""
    names = {name.name for name in template.find_all(nodes.Name)}
    return _has(template, *_OF_ITS_OWN) or not names.isdisjoint(("self", "super"))


def _is_escaped(frame: Frame) -> bool:
    """Return whether what is put out here is known to be escaped, whatever the page."""
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile
