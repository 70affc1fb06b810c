"""Queries of alerts and dashboard: that they can be parsed, and ask for metrics and labels that the services have."""
import json
import re

import promql_parser as promql

from . import documents
from .helm import NAMESPACE

# Given by Prometheus to every series that it scrapes.
TARGET_LABELS = {"job", "namespace", "pod", "instance", "container", "endpoint"}
OWN = {"up": ("gauge", set())}
SUFFIXES = {"_bucket": {"le"}, "_sum": set(), "_count": set()}


def selectors(node):
    """All selectors of series in a query, with the function or nothing that each stands in."""
    found = []

    def visit(node, function):
        match type(node).__name__:
            case "VectorSelector":
                found.append((node, function))
            case "MatrixSelector":
                visit(node.vector_selector, function)
            case "Call":
                for argument in node.args:
                    visit(argument, node.func.name)
            case "AggregateExpr" | "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
                visit(node.expr, function)
            case "BinaryExpr":
                visit(node.lhs, function)
                visit(node.rhs, function)

    visit(node, "")
    return found


def groupings(text):
    return {label.strip() for labels in re.findall(r"\bby \(([^)]*)\)", text) for label in labels.split(",")}


def query(report, place, text):
    """Returns the names of the metrics that a query asks for."""
    known = {**documents.metrics(), **OWN}
    try:
        parsed = promql.parse(text)
    except Exception as error:
        report.expect(False, f"{place}: {error}: {text}")
        return set()
    report.expect(True, "")
    names, labels = set(), set()
    for selector, function in selectors(parsed):
        name = selector.name
        base, suffix = next(((name.removesuffix(s), s) for s in SUFFIXES if name.endswith(s) and name not in known), (name, None))
        if not report.expect(base in known, f"{place}: no metric is called {name}"):
            continue
        kind, own = known[base]
        names.add(base)
        report.expect((suffix is not None) == (kind == "histogram"), f"{place}: {name} of a {kind}")
        is_counter = kind in ("counter", "histogram")
        report.expect(is_counter == (function in ("rate", "increase")), f"{place}: {name} is a {kind}, in {function or 'no function'}")
        own = own | (SUFFIXES[suffix] if suffix else set()) | TARGET_LABELS
        labels |= own
        for matcher in selector.matchers.matchers:
            report.expect(matcher.name in own, f"{place}: {name} has no label {matcher.name}")
    for label in groupings(text):
        report.expect(label in labels, f"{place}: groups by {label}, which no series has: {text}")
    report.expect(bool(names), f"{place}: asks for nothing: {text}")
    return names


def check(report, rendering):
    asked = set()
    for object in rendering.all("PrometheusRule"):
        jobs = {monitor["metadata"]["name"] for monitor in rendering.all("ServiceMonitor")}
        for group in object["spec"]["groups"]:
            for rule in group["rules"]:
                place = f"alert {rule['alert']}"
                asked |= query(report, place, rule["expr"])
                used = set(re.findall(r'job=~?"([^"]*)"', rule["expr"]))
                report.expect({job for text in used for job in text.split("|")} <= jobs, f"{place}: jobs {used}, ServiceMonitors {jobs}")
                report.expect(f'namespace="{NAMESPACE}"' in rule["expr"], f"{place}: looks at every namespace")
                report.expect(rule["labels"].get("severity") in ("critical", "warning", "info"), f"{place}: severity")
                for key, value in rendering.values["metrics"]["prometheusRule"]["alertLabels"].items():
                    report.expect(rule["labels"].get(key) == value, f"{place}: label {key}")
                for words in ("summary", "runbook"):
                    report.expect(len(rule["annotations"].get(words, "")) > 20, f"{place}: no {words}")
                for name in re.findall(r"SRE_[A-Z_]+[A-Z]", rule["annotations"]["runbook"]):
                    report.expect(any(name in keys for keys in documents.configuration().values()), f"{place}: speaks of {name}")
                for name in re.findall(r"\bsre_[a-z_]+", rule["annotations"]["runbook"]):
                    report.expect(name in documents.metrics(), f"{place}: speaks of {name}")
        # docs/metrics.md says what is worth an alert.
        worth = {"sre_queue_oldest_seconds", "sre_store_up", "sre_circuit_breaker_open", "sre_investigations_total"}
        report.expect(worth <= asked, f"no alert on {worth - asked}")
    for object in rendering.all("ConfigMap"):
        for name, text in object["data"].items():
            if name.endswith(".json"):
                dashboard(report, json.loads(text))


def dashboard(report, document):
    asked, places, identities = set(), [], []
    for panel in document["panels"]:
        place = f"panel {panel['title']}"
        grid = panel["gridPos"]
        identities.append(panel["id"])
        places += [(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])]
        report.expect(grid["x"] + grid["w"] <= 24, f"{place}: wider than the dashboard")
        for target in panel.get("targets", []):
            text = target["expr"].replace("$__rate_interval", "5m").replace("$__range", "6h").replace("$namespace", NAMESPACE)
            report.expect("$" not in text, f"{place}: an unknown variable: {text}")
            report.expect("$namespace" in target["expr"], f"{place}: looks at every namespace")
            asked |= query(report, place, text)
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                report.expect(label in groupings(text), f"{place}: the legend names {label}, which is not grouped by")
    report.expect(len(identities) == len(set(identities)), "two panels have one id")
    report.expect(len(places) == len(set(places)), "two panels overlap")
    missing = set(documents.metrics()) - asked
    report.expect(missing <= {"sre_llm_retries_total"}, f"the dashboard shows nothing of {missing}")
