"""Checks the chart. scripts/chart installs what it needs and starts it."""
import pathlib
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from . import documents, facts, helm, monitoring, network, objects, refusals, scan, shapes, upgrade
from .report import Report


def main():
    if sys.argv[1:] == ["--write"]:
        documents.write()
        return
    report = Report()
    report.run(documents.check)
    sets = helm.value_sets()
    with ThreadPoolExecutor(2) as pool:
        lints, rendered = list(pool.map(helm.lint, sets)), list(pool.map(helm.template, sets))
    count = 0
    with tempfile.TemporaryDirectory() as directory:
        for path, lint, process in zip(sets, lints, rendered):
            name = path.name.removesuffix("-values.yaml")
            report.at(name).expect(lint.returncode == 0, f"helm lint: {(lint.stdout + lint.stderr).strip()}")
            if not report.expect(process.returncode == 0, f"helm template: {process.stderr.strip()}"):
                continue
            (pathlib.Path(directory) / f"{name}.yaml").write_text(process.stdout)
            rendering = objects.Rendering(helm.objects(process.stdout), helm.values(path))
            count += len(rendering.objects)
            report.run(shapes.check, rendering.objects)
            for module in (objects, network, monitoring, facts):
                report.run(module.check, rendering)
        for module in (refusals, upgrade):
            report.run(module.check)
        report.run(scan.check, directory)
    for failure in report.failures:
        print(f"chart: {failure}", file=sys.stderr)
    if report.failures:
        sys.exit(f"chart: {len(report.failures)} of {report.checks} checks failed")
    print(f"chart: {len(sets)} value sets, {count} objects, {report.checks} checks passed")


main()
