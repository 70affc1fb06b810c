"""Runs checkov over all renderings. Every finding needs an explanation, and every explanation a finding."""
import fnmatch
import json
import os
import pathlib
import subprocess
import sys

import yaml

EXCEPTIONS = pathlib.Path("charts/checkov-exceptions.yaml")


def findings(directory):
    """Check, object and title of every failed check, without repetition."""
    options = ["--framework", "kubernetes", "--compact", "--quiet", "-o", "json", "--skip-download"]
    command = [sys.executable, "-m", "checkov.main", "-d", str(directory), *options]
    environment = {**os.environ, "LOG_LEVEL": "ERROR", "CHECKOV_RUN_SCA_PACKAGE_SCAN_V2": "false"}
    process = subprocess.run(command, capture_output=True, text=True, env=environment)
    try:
        result = json.loads(process.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"chart: checkov gave no result: {process.stderr[-500:]}")
    found, passed = {}, 0
    for part in result if isinstance(result, list) else [result]:
        passed += part["summary"]["passed"]
        for check in part["results"]["failed_checks"]:
            kind, _, resource = check["resource"].partition(".")
            found[(check["check_id"], f"{kind}/{resource}")] = (check["check_name"], check["file_path"])
    return found, passed


def check(report, directory):
    report.at("checkov")
    exceptions = yaml.safe_load(EXCEPTIONS.read_text())
    used = set()
    found, passed = findings(directory)
    report.expect(passed > 1000, f"only {passed} checks passed; the renderings were not read")
    for (identity, resource), (title, path) in sorted(found.items()):
        matching = [
            index for index, exception in enumerate(exceptions)
            if exception["check"] == identity and fnmatch.fnmatch(resource, exception["object"])
        ]
        used.update(matching)
        report.expect(matching, f"{identity} {title}: {resource} in {path.strip('/')}")
    for index, exception in enumerate(exceptions):
        report.expect(index in used, f"{EXCEPTIONS}: nothing is found by {exception['check']} at {exception['object']}; remove it")
        report.expect(len(exception.get("because", "")) > 20, f"{EXCEPTIONS}: {exception['check']} is not explained")
