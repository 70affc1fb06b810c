"""Renders the chart."""
import os
import pathlib
import subprocess

import yaml

CHART = pathlib.Path("charts/sre-orchestrator")
NAMESPACE = "sre"
RELEASE = "sre"
# The oldest and a new version that the chart is for; each object must be valid in both.
KUBERNETES = ["1.30", "1.36"]


class Loader(yaml.CSafeLoader):
    """As strict as Kubernetes: a key that stands twice is an error."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.YAMLError(f"key {name!r} stands twice{key.start_mark}")
            seen.add(name)
        return super().construct_mapping(node, deep)


def run(*arguments, text=None):
    environment = {key: value for key, value in os.environ.items() if key != "KUBECONFIG"}
    return subprocess.run([os.environ["HELM"], *arguments], input=text, capture_output=True, text=True, env=environment)


def lint(values):
    return run("lint", "--strict", "--quiet", str(CHART), "-f", str(values))


def template(values=None, text=None, chart=CHART, more=()):
    """The process that rendered; `values` is a file, `text` its content."""
    source = ["-f", str(values)] if values else ["-f", "-"]
    return run("template", RELEASE, str(chart), "--namespace", NAMESPACE, *source, *more, text=text)


def objects(rendered):
    return [document for document in yaml.load_all(rendered, Loader) if document]


def value_sets():
    return sorted((CHART / "ci").glob("*-values.yaml"))


def values(path):
    """The chart's own values with those of a set on top, as Helm merges them."""
    return merged(yaml.load((CHART / "values.yaml").read_text(), Loader), yaml.load(path.read_text(), Loader) or {})


def merged(below, above):
    result = dict(below)
    for key, value in above.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(below.get(key), dict):
            result[key] = merged(below[key], value)
        else:
            result[key] = value
    return result
