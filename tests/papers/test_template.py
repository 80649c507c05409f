"""A template of the facts of a kind names every field and reads back as facts."""

import yaml

from humphrey.checks.registry import CHECKS
from humphrey.papers.facts import faults_of, flat_facts
from humphrey.papers.loader import load
from humphrey.papers.template import template


def test_every_template_names_every_field_and_reads_back() -> None:
    for paper in load(CHECKS).values():
        if not paper.fields:
            continue
        written = template(paper)
        filled = flat_facts(yaml.load(written, Loader=yaml.BaseLoader))
        required = {field.id for field in paper.fields if field.required}
        assert required <= {name.split(".")[0] for name in filled}, paper.kind
        assert all(f"{field.id}:" in written for field in paper.fields), paper.kind
        assert not [fault for fault in faults_of(paper, filled).values() if "has no field" in fault], paper.kind
