"""What a checkout's modules define, read from their syntax trees: functions, classes, imports and declared types.

The types are those that are written down. An expression without a declared type has none, and is not guessed at.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

Signature = tuple[tuple[str, ...], str]
"""The annotations of a function's parameters without `self`, and of what it returns, as they are written."""


@dataclass(frozen=True, eq=False)
class Class:
    """A class with the module that defines it."""

    path: str
    node: ast.ClassDef

    @cached_property
    def methods(self) -> dict[str, FunctionNode]:
        """Its own methods by name."""
        return {each.name: each for each in self.node.body if isinstance(each, FunctionNode)}

    @cached_property
    def fields(self) -> dict[str, ast.expr]:
        """The annotations of its fields: those of the class body, then those of `__init__`'s parameters."""
        found = {
            each.target.id: each.annotation
            for each in self.node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }
        if (init := self.methods.get("__init__")) is not None:
            found.update(_kept(init))
        return found

    @property
    def is_protocol(self) -> bool:
        """Whether it only says what others do."""
        return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in self.node.bases)


def _kept(init: FunctionNode) -> Iterator[tuple[str, ast.expr]]:
    """Yield the attributes that `__init__` sets from a parameter or a constructor, with their declared types."""
    declared = {arg.arg: arg.annotation for arg in parameters(init) if arg.annotation}
    for node in ast.walk(init):
        if not isinstance(node, ast.Assign) or not isinstance(target := node.targets[0], ast.Attribute):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in declared:
            yield target.attr, declared[node.value.id]
        elif isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            yield target.attr, node.value.func


def parameters(function: FunctionNode) -> list[ast.arg]:
    """Return the parameters of a function in order, those by keyword only last."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def signature(function: FunctionNode) -> Signature:
    """Return the written types of a function."""
    given = [arg for arg in parameters(function) if arg.arg not in {"self", "cls"}]
    return tuple(_written(arg.annotation) for arg in given), _written(function.returns)


def _written(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation).strip("'\"") if annotation else ""


@dataclass
class SourceModel:
    """The modules of a checkout by path; every lookup gives None where nothing of the checkout is meant."""

    trees: Mapping[str, ast.Module]
    _defined: dict[tuple[str, str], object] = field(default_factory=dict)
    _home: dict[int, str] = field(default_factory=dict)
    _owner: dict[int, Class] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index every definition once."""
        for path, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, FunctionNode):
                    self._home[id(node)] = path
            for node in tree.body:
                self._define(path, node)

    def _define(self, path: str, node: ast.stmt) -> None:
        if isinstance(node, ast.ClassDef):
            made = Class(path, node)
            self._defined[path, node.name] = made
            self._owner.update({id(method): made for method in made.methods.values()})
        elif isinstance(node, FunctionNode):
            self._defined[path, node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            self._defined[path, node.targets[0].id] = node.value

    def home(self, function: FunctionNode) -> str:
        """Return the path of the module that defines a function."""
        return self._home[id(function)]

    def owner(self, function: FunctionNode) -> Class | None:
        """Return the class of a method; None for any other function."""
        return self._owner.get(id(function))

    def named(self, path: str, name: str) -> object:
        """Return what a name means at the top of a module: a class, a function, an alias, or the path of a module."""
        if (path, name) in self._defined:
            return self._defined[path, name]
        module, inner = self._imports(path).get(name, ("", ""))
        if not module:
            return None
        as_module = self.path_of(f"{module}.{inner}" if inner else module)
        return as_module or self._within(self.path_of(module), inner)

    def _within(self, path: str, name: str) -> object:
        return self.named(path, name) if path and name else None

    def path_of(self, module: str) -> str:
        """Return the path of a dotted module name; empty where the checkout has none."""
        stem = module.replace(".", "/")
        return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in self.trees), "")

    def _imports(self, path: str) -> dict[str, tuple[str, str]]:
        """Return what a module imports, also inside functions: local name to module and name within."""
        if path not in self._imported:
            found: dict[str, tuple[str, str]] = {}
            for node in ast.walk(self.trees[path]):
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("humphrey"):
                    found.update({each.asname or each.name: (node.module, each.name) for each in node.names})
            self._imported[path] = found
        return self._imported[path]

    @cached_property
    def _imported(self) -> dict[str, dict[str, tuple[str, str]]]:
        return {}

    def bases(self, made: Class) -> Iterator[Class]:
        """Yield a class and those that it inherits from, itself first."""
        yield made
        for base in made.node.bases:
            if isinstance(base, ast.Name) and isinstance(found := self.named(made.path, base.id), Class):
                yield from self.bases(found)

    def method(self, made: Class, name: str) -> FunctionNode | None:
        """Return a method of a class or of one that it inherits from."""
        return next((each.methods[name] for each in self.bases(made) if name in each.methods), None)

    def field_type(self, made: Class, name: str) -> tuple[str, ast.expr] | None:
        """Return the declared type of a field, or of what a property gives, with the module that writes it."""
        for each in self.bases(made):
            if name in each.fields:
                return each.path, each.fields[name]
            if (method := each.methods.get(name)) and method.returns and method.decorator_list:
                return each.path, method.returns
        return None

    def class_of(self, path: str, annotation: ast.expr | None) -> Class | None:
        """Return the class that an annotation names; for `X | None` that is X."""
        match annotation:
            case ast.Constant(value=str() as text):
                return self.class_of(path, ast.parse(text, mode="eval").body)
            case ast.BinOp(left=left, right=right):
                return self.class_of(path, left) or self.class_of(path, right)
            case ast.Name(id=name):
                found = self.named(path, name)
                return found if isinstance(found, Class) else None
        return None

    def implementers(self, path: str, annotation: ast.expr) -> list[FunctionNode]:
        """Return the functions that fit a callable type: a class with `__call__`, a protocol, or `Callable[...]`.

        Only types that name a class of the checkout are followed. Any function might fit a callable of plain strings.
        """
        made = self.class_of(path, annotation)
        if made and not made.is_protocol:
            call = self.method(made, "__call__")
            return [call] if call else []
        wanted = self._callable(path, annotation, made)
        return list(self._by_signature.get(wanted, [])) if wanted else []

    def _callable(self, path: str, annotation: ast.expr, made: Class | None) -> Signature | None:
        if made:
            call = self.method(made, "__call__")
            return self._followed(signature(call)) if call else None
        if isinstance(annotation, ast.Name) and isinstance(alias := self.named(path, annotation.id), ast.Subscript):
            annotation = alias
        match annotation:
            case ast.Subscript(value=ast.Name(id="Callable"), slice=ast.Tuple(elts=[ast.List(elts=given), returned])):
                return self._followed((tuple(_written(each) for each in given), _written(returned)))
        return None

    def _followed(self, wanted: Signature) -> Signature | None:
        said = " ".join((*wanted[0], wanted[1]))
        return wanted if any(name in self._class_names for name in said.replace("[", " ").split()) else None

    @cached_property
    def _class_names(self) -> set[str]:
        return {name for (_, name), each in self._defined.items() if isinstance(each, Class)}

    @cached_property
    def _by_signature(self) -> dict[Signature, list[FunctionNode]]:
        found: dict[Signature, list[FunctionNode]] = {}
        for tree in self.trees.values():
            for node in ast.walk(tree):
                if isinstance(node, FunctionNode):
                    found.setdefault(signature(node), []).append(node)
        return found
