"""The JSON routes keep their shape: paths, parameters, fields, types and limits. Wording may change.

A deliberate change of shape goes into `openapi_shape.json` too; `python -m tests.web.api.test_openapi_shape` writes it.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.openapi.utils import get_openapi

from tests.web.running_site import running

SHAPE = Path(__file__).with_name("openapi_shape.json")

WORDING = {"description", "title", "summary", "operationId"}


def shape_of(value: Any, components: dict[str, Any], named: bool = False) -> Any:
    """Return a part of an OpenAPI document without wording, with components in the place of their references."""
    if isinstance(value, list):
        return [shape_of(each, components) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return shape_of(components[value["$ref"].rpartition("/")[2]], components)
    # The names of fields are no wording, even if a field is called `title`.
    kept = {name: each for name, each in value.items() if named or name not in WORDING}
    return {name: shape_of(each, components, name == "properties") for name, each in kept.items()}


def shape_now() -> Any:
    with TemporaryDirectory() as folder, running(Path(folder)) as site:
        routes = [route for route in site.app.routes if getattr(route, "path", "").startswith("/api/")]
        document = get_openapi(title="", version="", routes=routes)
    return shape_of(document["paths"], document["components"]["schemas"])


def test_the_json_routes_keep_their_shape():
    assert shape_now() == json.loads(SHAPE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    SHAPE.write_text(json.dumps(shape_now(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
