"""HTML page that documents the JSON routes, written from their OpenAPI document without any script."""

from collections.abc import Iterator, Mapping
from typing import Any

from humphrey.accounts.model import Person
from humphrey.web import layout
from humphrey.web.escaping import safe

Described = Mapping[str, Any]
"""Part of an OpenAPI document."""


def page(described: Described, person: Person) -> str:
    """Return the documentation page as HTML.

    Args:
        described: the OpenAPI document of the routes.
        person: the signed-in reader.
    """
    schemas = described.get("components", {}).get("schemas", {})
    routes = "".join(
        _route(path, method, route, schemas)
        for path, methods in described["paths"].items()
        for method, route in methods.items()
    )
    body = (
        f"<h1>The desk as JSON</h1><p>{safe(described['info']['description'])}</p>"
        '<p>A refusal is one sentence: <code>{"error": …}</code>. '
        '<a href="/api/openapi.json">The same as OpenAPI</a>.</p>'
        f"{routes}"
    )
    return layout.page("The desk as JSON", body, person=person, wide=True)


def _route(path: str, method: str, route: Described, schemas: Described) -> str:
    rows = "".join(_row(*row) for row in [*_parameters(route), *_body(route, schemas)])
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Name", "Where", "What"))
    table = f'<table class="held"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>' if rows else ""
    refusals = ", ".join(
        f"{safe(status)} {safe(answer['description'])}"
        for status, answer in route["responses"].items()
        if status not in {"200", "422"}
    )
    return (
        f"<section><h2><code>{safe(method.upper())} {safe(path)}</code></h2>"
        f'<p>{safe(route.get("description", ""))}</p>{table}<p class="hint">{refusals}</p></section>'
    )


def _row(name: str, where: str, what: str) -> str:
    return (
        f'<tr><th scope="row"><code>{safe(name)}</code></th><td data-label="Where">{safe(where)}</td>'
        f'<td data-label="What">{safe(what)}</td></tr>'
    )


def _parameters(route: Described) -> Iterator[tuple[str, str, str]]:
    for each in route.get("parameters", ()):
        yield each["name"], each["in"], _what(each["schema"], each.get("required", False))


def _body(route: Described, schemas: Described) -> Iterator[tuple[str, str, str]]:
    reference = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    schema = schemas.get(reference.get("$ref", "").rpartition("/")[2], {})
    for name, field in schema.get("properties", {}).items():
        yield name, "body", _what(field, name in schema.get("required", ()))


def _what(field: Described, required: bool) -> str:
    kinds = [field, *field.get("anyOf", ()), field.get("items", {})]
    named = next((str(kind["type"]) for kind in kinds if kind.get("type") not in {None, "null"}), "value")
    allowed = next((kind["enum"] for kind in kinds if "enum" in kind), ())
    choice = f": {', '.join(map(str, allowed))}" if allowed else ""
    said = f". {field['description']}" if "description" in field else ""
    return f"{named}{choice}{', needed' if required else ''}{said}"
