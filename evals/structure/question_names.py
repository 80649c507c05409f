"""How many names one value has along a question, from `compose` to a checked draft.

Three values are followed: the commission, its text, and the draft that comes of it. The way begins at the parameter of
`compose` and goes through every call whose target is known from an import, a declared type, or a callable type that
names a class of humphrey. Along it, a value keeps its identity when it is

- given to a parameter, a field or a variable;
- changed by `dataclasses.replace`, or given back by a function that declares to return that class;
- for the text: changed by a method of `str`, joined with others, or given back as `str` by a function that takes it
  first.

Names are counted without underscores at their ends. A call that is not understood ends the way there, so that the count
is a lower bound; two versions are compared by the same method.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from evals.structure.source_model import Class, FunctionNode, SourceModel, parameters

ATTRIBUTES = {("commission", "text"): "text", ("draft", "commission"): "commission"}
"""The attributes that lead from one followed value to another."""

CLASSES = {"Commission": "commission", "Draft": "draft"}

_TEXT_METHODS = {
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "casefold",
    "removeprefix",
    "removesuffix",
    "replace",
    "expandtabs",
}


def names_along(trees: Mapping[str, ast.Module], entry: str) -> dict[str, Counter[str]]:
    """Return the names of each followed value, with how many parameters, variables and fields have that name.

    Args:
        trees: the modules by path.
        entry: the name of the functions where a question comes in; those that take a `Commission` are meant.
    """
    way = _Way(SourceModel(trees))
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, FunctionNode) and node.name == entry:
                way.begin(node)
    way.follow()
    return way.names()


@dataclass
class _Way:
    """Everything known so far: what each function's names carry, and what each class's fields do."""

    model: SourceModel
    carried: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    fields: dict[tuple[str, str], str] = field(default_factory=dict)
    met: dict[int, FunctionNode] = field(default_factory=dict)

    def begin(self, function: FunctionNode) -> None:
        for arg in parameters(function):
            if isinstance(arg.annotation, ast.Name) and arg.annotation.id == "Commission":
                self.bind(function, arg.arg, "commission")

    def bind(self, function: FunctionNode, name: str, value: str) -> None:
        self.met[id(function)] = function
        self.carried[id(function)].setdefault(name, value)

    def follow(self) -> None:
        """Look at every function met, until nothing new is learnt."""
        before = -1
        while (size := len(self.fields) + sum(map(len, self.carried.values()))) != before:
            before = size
            for function in list(self.met.values()):
                _Function(self, function).look()

    def names(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        bound = [pair for names in self.carried.values() for pair in names.items()]
        for name, value in (*bound, *((name, value) for (_, name), value in self.fields.items())):
            found[value][name.strip("_")] += 1
        return found


class _Function:
    """One function that a followed value came into; nested functions see what it sees."""

    def __init__(self, way: _Way, function: FunctionNode) -> None:
        self._way = way
        self._model = way.model
        self._function = function
        self._path = way.model.home(function)
        self._owner = way.model.owner(function)
        self._inner = {node.name: node for node in ast.walk(function) if isinstance(node, FunctionNode)}
        self._types = {
            arg.arg: (self._path, arg.annotation) for arg in parameters(function) if arg.annotation is not None
        }

    def look(self) -> None:
        """Learn what its variables carry, and hand on what its calls are given."""
        for _ in range(2):
            for node in ast.walk(self._function):
                for target, value in _assigned(node):
                    self._assign(target, value)
        for node in ast.walk(self._function):
            if isinstance(node, ast.Call):
                self._hand_on(node)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        carried = self._carries(value)
        if isinstance(target, ast.Name):
            if carried:
                self._way.bind(self._function, target.id, carried)
            if made := self._class(value):
                self._types[target.id] = (made.path, ast.Name(made.node.name))
        elif carried and isinstance(target, ast.Attribute) and (made := self._class(target.value)):
            self._way.fields[made.node.name, target.attr] = carried

    def _carries(self, node: ast.expr | None) -> str:
        """Return which followed value an expression is; empty for none."""
        match node:
            case ast.Name(id=name):
                return self._way.carried[id(self._function)].get(name, "")
            case ast.Attribute(value=inner, attr=name):
                return self._attribute(inner, name)
            case ast.Call():
                return self._call(node)
            case ast.IfExp(body=one, orelse=other):
                return self._carries(one) or self._carries(other)
            case ast.BoolOp(values=several):
                return next((found for each in several if (found := self._carries(each))), "")
            case ast.NamedExpr(value=inner):
                return self._carries(inner)
        return ""

    def _attribute(self, inner: ast.expr, name: str) -> str:
        if found := ATTRIBUTES.get((self._carries(inner), name)):
            return found
        made = self._class(inner)
        each = [self._way.fields.get((one.node.name, name), "") for one in self._model.bases(made)] if made else []
        return next(filter(None, each), "")

    def _call(self, call: ast.Call) -> str:
        made = self._class(call)
        if made and made.node.name in CLASSES:
            return CLASSES[made.node.name]
        if isinstance(call.func, ast.Attribute) and call.func.attr in _TEXT_METHODS:
            return "text" if self._carries(call.func.value) == "text" else ""
        if isinstance(call.func, ast.Attribute) and call.func.attr == "join":
            parts = call.args[0].elts if call.args and isinstance(call.args[0], ast.Tuple | ast.List) else []
            return "text" if any(self._carries(part) == "text" for part in parts) else ""
        first = self._carries(call.args[0]) if call.args else ""
        return "text" if first == "text" and any(_gives_text(each) for each in self._targets(call.func)) else ""

    def _class(self, node: ast.expr) -> Class | None:
        """Return the class of an expression, as far as types are declared."""
        match node:
            case ast.Name(id="self" | "cls"):
                return self._owner
            case ast.Name(id=name) if name in self._types:
                return self._model.class_of(*self._types[name])
            case ast.Attribute(value=inner, attr=name):
                declared = self._field(inner, name)
                return self._model.class_of(*declared) if declared else None
            case ast.Call(func=ast.Name(id="replace"), args=[first, *_]):
                return self._class(first)
            case ast.Call(func=called):
                return self._given_back(called)
            case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
                return self._class(one) or self._class(other)
        return None

    def _field(self, inner: ast.expr, name: str) -> tuple[str, ast.expr] | None:
        made = self._class(inner)
        return self._model.field_type(made, name) if made else None

    def _given_back(self, called: ast.expr) -> Class | None:
        if isinstance(called, ast.Name) and isinstance(made := self._model.named(self._path, called.id), Class):
            return made
        each = (self._model.class_of(self._model.home(one), one.returns) for one in self._targets(called))
        return next((found for found in each if found), None)

    def _targets(self, called: ast.expr) -> list[FunctionNode]:
        """Return the functions that a call may mean."""
        match called:
            case ast.Name(id=name) if name in self._inner:
                return [self._inner[name]]
            case ast.Name(id=name) if name in self._types:
                return self._model.implementers(*self._types[name])
            case ast.Name(id=name):
                return self._made(self._model.named(self._path, name))
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if isinstance(
                path := self._model.named(self._path, name), str
            ):
                return self._made(self._model.named(path, attr))
            case ast.Attribute(value=inner, attr=attr):
                return self._methods(inner, attr)
            case ast.IfExp(body=one, orelse=other):
                return [*self._targets(one), *self._targets(other)]
        return []

    def _made(self, found: object) -> list[FunctionNode]:
        if isinstance(found, Class):
            init = self._model.method(found, "__init__")
            return [init] if init else []
        return [found] if isinstance(found, FunctionNode) else []

    def _methods(self, inner: ast.expr, name: str) -> list[FunctionNode]:
        made = self._class(inner)
        if made is None:
            return []
        if method := self._model.method(made, name):
            return [method]
        declared = self._model.field_type(made, name)
        return self._model.implementers(*declared) if declared else []

    def _hand_on(self, call: ast.Call) -> None:
        given = [(n, "", self._carries(arg)) for n, arg in enumerate(call.args)]
        given += [(-1, each.arg, self._carries(each.value)) for each in call.keywords if each.arg]
        if not any(carried for _, _, carried in given):
            return
        for target in self._targets(call.func):
            names = [arg.arg for arg in parameters(target) if arg.arg not in {"self", "cls"}]
            for n, name, carried in given:
                if carried and (name in names or 0 <= n < len(names)):
                    self._way.bind(target, name or names[n], carried)
        self._fill_fields(call, given)

    def _fill_fields(self, call: ast.Call, given: list[tuple[int, str, str]]) -> None:
        """Note what a dataclass is made with."""
        made = self._model.named(self._path, call.func.id) if isinstance(call.func, ast.Name) else None
        if not isinstance(made, Class) or "__init__" in made.methods or made.node.name in CLASSES:
            return
        names = list(made.fields)
        for n, name, carried in given:
            if carried and (name in names or 0 <= n < len(names)):
                self._way.fields[made.node.name, name or names[n]] = carried


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the pairs of target and value that a statement or a walrus assigns."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            yield from zip(targets, values, strict=False)
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield target, value


def _gives_text(function: FunctionNode) -> bool:
    return isinstance(function.returns, ast.Name) and function.returns.id == "str"
