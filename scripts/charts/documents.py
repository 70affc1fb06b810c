"""What the chart has in common with the documentation: keys of configuration, metrics, kinds of objects; and what is generated from them."""
import json
import pathlib
import re

import yaml

from .helm import CHART

CONFIGURATION = pathlib.Path("docs/configuration.md")
METRICS = pathlib.Path("docs/metrics.md")
RESOURCE_TYPES = pathlib.Path("Sources/ClusterModel/ResourceType.swift")
HEALTH_ROUTES = pathlib.Path("Sources/ServiceKit/Health/HealthRoutes.swift")
SCHEMA = CHART / "values.schema.json"
README = CHART / "README.md"

# Keys that `settings` does not take, with the value that sets them or the reason.
OWNED = {
    "SRE_ENVIRONMENT": "environment",
    "SRE_LOG_LEVEL": "logLevel",
    "SRE_SHUTDOWN_GRACE_SECONDS": "orchestrator.shutdownGraceSeconds, agent.shutdownGraceSeconds",
    "SRE_METRICS": "metrics.enabled",
    "SRE_API_KEYS_FILE": "apiKeys",
    "SRE_AGENT_TOKEN": "agentToken",
    "SRE_TLS_CERTIFICATE": "tls",
    "SRE_TLS_KEY": "tls",
    "SRE_TLS_CLIENT_CA": "–; the kubelet has no certificate to show when it probes, so the agent is kept by its token",
    "SRE_AGENT_CLIENT_CERTIFICATE": "–; see `SRE_TLS_CLIENT_CA`",
    "SRE_AGENT_CLIENT_KEY": "–; see `SRE_TLS_CLIENT_CA`",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "tracing.endpoint",
    "OTEL_EXPORTER_OTLP_HEADERS": "tracing.headers",
    "SRE_TRACE_SAMPLE_PERCENT": "tracing.samplePercent",
    "SRE_ORCHESTRATOR_HOST": "listenAddress",
    "SRE_ORCHESTRATOR_PORT": "–; 8080, behind the port of orchestrator.service.port",
    "SRE_AGENT_URL": "–; the agent's Service",
    "SRE_AGENT_CA": "tls",
    "SRE_STORE": "storage",
    "SRE_DATABASE_URL": "storage.postgresql",
    "SRE_ENCRYPTION_KEY": "storage.encryption",
    "SRE_ENCRYPTION_KEY_FILE": "storage.encryption",
    "SRE_KNOWLEDGE_GRAPH": "knowledgeGraph",
    "SRE_LLM_PROVIDER": "llm.provider",
    "SRE_LLM_URL": "llm.url",
    "SRE_LLM_MODEL": "llm.model",
    "SRE_LLM_API_KEY": "llm.apiKey",
    "SRE_LLM_API_KEY_FILE": "llm.apiKey",
    "SRE_LLM_RECORD": "–; recordings are for tests, and hold evidence",
    "SRE_LLM_REPLAY": "–; recordings are for tests",
    "SRE_AGENT_HOST": "listenAddress",
    "SRE_AGENT_PORT": "–; 8081, behind the port of agent.service.port",
    "SRE_AGENT_KUBECONFIG": "–; the agent reads the cluster that it runs in, by its service account",
    "SRE_AGENT_CONTEXT": "–; see `SRE_AGENT_KUBECONFIG`",
    "SRE_AGENT_NAMESPACES": "agent.rbac.namespaces",
    "SRE_AGENT_READ_SECRETS": "–; no role grants it",
}
# Both services share the table; the agent does not look at these.
NOT_OF_AGENT = {"SRE_RATE_LIMIT_PER_MINUTE"}


def tables(text):
    """Rows of the Markdown tables under each heading of the second level, without their heads."""
    found, heading = {}, ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("| ") and not line.startswith("| ---"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            found.setdefault(heading, []).append(cells)
    return {heading: rows[1:] for heading, rows in found.items()}


def configuration():
    """Keys by section (`Both services`, `orchestrator`, `k8s-agent`, …) with what they accept."""
    return {
        section: {row[0].strip("`"): row[2] for row in rows if re.fullmatch(r"`[A-Z_]+`", row[0])}
        for section, rows in tables(CONFIGURATION.read_text()).items()
    }


def keys_of(service):
    sections = configuration()
    return {**sections["Both services"], **sections[service]}


def metrics():
    """Kind and labels of each metric."""
    rows = [row for row in tables(METRICS.read_text())["Metrics"] if re.fullmatch(r"`\w+`", row[0])]
    return {row[0].strip("`"): (row[1], set(re.findall(r"`(\w+)`", row[2]))) for row in rows}


def resource_types():
    """Group, plural and whether it is namespaced, of every kind that the agent may list."""
    text = RESOURCE_TYPES.read_text()
    groups = {
        "core": "", "apps": "apps", "networking": "networking.k8s.io", "rbac": "rbac.authorization.k8s.io",
        "admission": "admissionregistration.k8s.io", "storage": "storage.k8s.io",
    }
    short = re.findall(r'static let \w+ = (\w+)\("(\w+)", "\w+"(, isNamespaced: false)?\)', text)
    long = re.findall(
        r'static let \w+ = ResourceType\(\s*group: "([\w.]+)", version: "\w+", plural: "(\w+)", kind: "\w+", isNamespaced: (\w+)\)', text)
    clusterwide = {"admission", "storage"}
    found = {(groups[group], plural): not flag and group not in clusterwide for group, plural, flag in short}
    return found | {(group, plural): flag == "true" for group, plural, flag in long}


def health_paths():
    return set(re.findall(r'"(/[\w/]+)"', HEALTH_ROUTES.read_text()))


# --- what is generated


def accepts(kind, value):
    """Whether the text of a variable is one that a key accepts, as its row says."""
    if match := re.fullmatch(r"an integer from (\d+) to (\d+)", kind):
        return re.fullmatch(r"-?\d+", value) and int(match[1]) <= int(value) <= int(match[2])
    if match := re.fullmatch(r"seconds from (\d+) to (\d+)", kind):
        return re.fullmatch(r"\d+(\.\d+)?", value) and int(match[1]) <= float(value) <= int(match[2])
    if kind.startswith("one of "):
        return value in kind.removeprefix("one of ").split(", ")
    if kind == "true or false":
        return value in ("true", "false")
    if kind.startswith("a URL"):
        return re.fullmatch(r"https?://[^/\s]+(/\S*)?", value)
    if kind == "a file path":
        return value.startswith("/")
    return kind in ("a text", "texts separated by commas") and value != ""


def setting_schema(kind):
    if match := re.fullmatch(r"an integer from (\d+) to (\d+)", kind):
        return {"type": "integer", "minimum": int(match[1]), "maximum": int(match[2])}
    if match := re.fullmatch(r"seconds from (\d+) to (\d+)", kind):
        return {"type": "number", "minimum": int(match[1]), "maximum": int(match[2])}
    if kind == "true or false":
        return {"type": "boolean"}
    if kind == "texts separated by commas":
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    if kind == "a text":
        return {"type": ["string", "number"]}
    raise ValueError(f"no schema for a key that accepts {kind}")


def settings_schema(service):
    keys = {key: kind for key, kind in keys_of(service).items() if key not in OWNED}
    if service == "k8s-agent":
        keys = {key: kind for key, kind in keys.items() if key not in NOT_OF_AGENT}
    return {
        "description": f"Keys of docs/configuration.md that {service} reads and the chart does not set; written by scripts/chart --write.",
        "type": "object", "additionalProperties": False, "properties": {key: setting_schema(kind) for key, kind in keys.items()},
    }


def schema_text():
    schema = json.loads(SCHEMA.read_text())
    schema["definitions"]["orchestratorSettings"] = settings_schema("orchestrator")
    schema["definitions"]["agentSettings"] = settings_schema("k8s-agent")
    return json.dumps(schema, indent=2) + "\n"


def documented_values():
    """Path, default and comment of every value, in the order of the file; of maps with keys of their own the comment only."""
    text = (CHART / "values.yaml").read_text()
    lines = text.splitlines()
    found = []

    def comment(row):
        words = []
        while row > 0 and lines[row - 1].strip().startswith("#"):
            row -= 1
            words.insert(0, lines[row].strip().lstrip("# "))
        return " ".join(words)

    def visit(node, default, path):
        for key, value in node.value:
            name = f"{path}.{key.value}" if path else key.value
            about = comment(key.start_mark.line)
            if isinstance(value, yaml.MappingNode) and value.value and not value.flow_style and name not in WHOLE:
                found.append((name, None, about))
                visit(value, default[key.value], name)
            else:
                found.append((name, json.dumps(default[key.value]), about))

    visit(yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text), "")
    return found


# Values that are called as in Kubernetes, or by what they are, and need no comment.
KUBERNETES_FIELDS = {
    "affinity", "annotations", "className", "duration", "enabled", "hostnames", "hosts", "interval", "maxReplicas", "maxUnavailable",
    "minReplicas", "nodeSelector", "podAnnotations", "podLabels", "port", "ports", "priorityClassName", "renewBefore", "repository", "size",
    "tolerations",
}

# Maps whose default is shown as one.
WHOLE = {"metrics.dashboard.labels", "orchestrator.resources", "agent.resources"}


def values_table():
    parts = []
    for name, default, about in documented_values():
        if default is None and "." not in name:
            parts.append(f"\n### {name}\n\n{about}\n\n| value | default | meaning |\n| --- | --- | --- |")
        elif default is None:
            if about:
                parts.append(f"| `{name}` | | {about} |")
        else:
            if "." not in name and not parts:
                parts.append("| value | default | meaning |\n| --- | --- | --- |")
            parts.append(f"| `{name}` | `{default}` | {about} |")
    parts.append("\n### Keys that the chart sets\n\nAll other keys of docs/configuration.md go into `settings`.\n\n| key | set by |\n| --- | --- |")
    for key, by in OWNED.items():
        parts.append(f"| `{key}` | {by if by.startswith('–') else ', '.join(f'`{name}`' for name in by.split(', '))} |")
    return "\n".join(parts).strip("\n") + "\n"


BEGIN, END = "<!-- values: written by scripts/chart --write -->\n", "<!-- end of values -->\n"


def readme_text():
    text = README.read_text()
    head, rest = text.split(BEGIN)
    return head + BEGIN + "\n" + values_table() + "\n" + END + rest.split(END)[1]


def write():
    SCHEMA.write_text(schema_text())
    README.write_text(readme_text())


def check(report):
    report.at("documents")
    report.expect(SCHEMA.read_text() == schema_text(), f"{SCHEMA} is older than {CONFIGURATION}; run scripts/chart --write")
    report.expect(README.read_text() == readme_text(), f"{README} is older than values.yaml; run scripts/chart --write")
    known = {key for section in configuration().values() for key in section}
    for key in OWNED:
        report.expect(key in known, f"{key} is set by the chart and not in {CONFIGURATION}")
    for name, default, about in documented_values():
        known = default is None or name.rpartition(".")[2] in KUBERNETES_FIELDS
        report.expect(about or known, f"{name} has no comment in values.yaml")
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    sources = [path.read_text() for path in pathlib.Path("Sources").rglob("*.swift")]
    versions = {match[1] for text in sources if (match := re.search(r'static let current = "(\d+\.\d+\.\d+)"', text))}
    report.expect(versions == {chart["appVersion"]}, f"appVersion is {chart['appVersion']}, and the program's version {', '.join(sorted(versions))}")
    schema = json.loads(SCHEMA.read_text())
    visit_schema(report, schema, "#")


def visit_schema(report, schema, path):
    """No object of the schema takes keys that nobody reads."""
    if isinstance(schema, list):
        for index, part in enumerate(schema):
            visit_schema(report, part, f"{path}/{index}")
    elif isinstance(schema, dict):
        if "properties" in schema and isinstance(schema["properties"], dict) and schema.get("type") == "object":
            report.expect(schema.get("additionalProperties") is False, f"values.schema.json: {path} takes misspelled keys")
        for key, part in schema.items():
            visit_schema(report, part, f"{path}/{key}")
