"""Values that the chart must refuse, each with what it must say."""
from concurrent.futures import ThreadPoolExecutor

import yaml

from . import helm

POSTGRESQL = "storage: {type: postgresql, postgresql: {existingSecret: db}}"

# By the schema.
SCHEMA = {
    "orchestrater: {}": "additional properties 'orchestrater' not allowed",
    "orchestrator: {replica: 2}": "additional properties 'replica' not allowed",
    "orchestrator: {replicas: two}": "got string, want integer",
    "orchestrator: {replicas: 0}": "minimum: got 0, want 1",
    "orchestrator: {resources: {request: {cpu: 1}}}": "additional properties 'request' not allowed",
    "orchestrator: {resources: {requests: {memory: lots}}}": "/orchestrator/resources/requests/memory",
    "orchestrator: {settings: {SRE_CONCURENCY: 8}}": "additional properties 'SRE_CONCURENCY' not allowed",
    "orchestrator: {settings: {SRE_CONCURRENCY: 1000}}": "maximum: got 1,000, want 256",
    "orchestrator: {settings: {SRE_TLS_KEY: /tmp/key}}": "additional properties 'SRE_TLS_KEY' not allowed",
    "orchestrator: {settings: {SRE_REVIEW: 'yes'}}": "got string, want boolean",
    "orchestrator: {settings: {SRE_AGENT_LOGS: 1}}": "additional properties 'SRE_AGENT_LOGS' not allowed",
    "orchestrator: {readinessPath: /ready}": "value must be one of '/readyz', '/livez'",
    "orchestrator: {service: {type: Loadbalancer}}": "value must be one of 'ClusterIP'",
    "orchestrator: {podLabels: {app.kubernetes.io/name: x}}": "invalid propertyName 'app.kubernetes.io/name'",
    "orchestrator: {tolerations: [{key: a, opeartor: Exists}]}": "additional properties 'opeartor' not allowed",
    "agent: {settings: {SRE_AGENT_READ_SECRETS: true}}": "additional properties 'SRE_AGENT_READ_SECRETS' not allowed",
    "agent: {settings: {SRE_RATE_LIMIT_PER_MINUTE: 5}}": "additional properties 'SRE_RATE_LIMIT_PER_MINUTE' not allowed",
    "agent: {rbac: {namespaces: [Shop]}}": "/agent/rbac/namespaces/0",
    "agent: {rbac: {secrets: true}}": "additional properties 'secrets' not allowed",
    "agent: {rbac: {namespaces: shop}}": "got string, want array",
    "storage: {type: mysql}": "value must be one of 'sqlite', 'postgresql'",
    "storage: {sqlite: {accessMode: ReadWriteMany}}": "value must be one of 'ReadWriteOnce'",
    "storage: {sqlite: {size: big}}": "/storage/sqlite/size",
    "tls: {mode: off}": "/tls/mode",
    "tls: {mode: letsencrypt}": "value must be one of 'self-signed'",
    "tls: {selfSigned: {days: 0}}": "minimum: got 0, want 1",
    "llm: {provider: openai}": "value must be one of 'none'",
    "llm: {url: 'vllm:8000'}": "/llm/url",
    "llm: {apiKey: sk-123}": "got string, want object",
    "tracing: {endpoint: 'collector:4317'}": "/tracing/endpoint",
    "networkPolicy: {apiServer: {ports: []}}": "minItems: got 0, want 1",
    "networkPolicy: {orchestratorFrom: [{}]}": "minProperties: got 0, want 1",
    "networkPolicy: {orchestratorFrom: [{ipBlock: {cidr: 10.0.0.0}}]}": "/networkPolicy/orchestratorFrom/0/ipBlock/cidr",
    "image: {digest: latest}": "/image/digest",
    "imagePullSecrets: [registry]": "got string, want object",
    "apiKeys: {enabled: 'no'}": "got string, want boolean",
    "knowledgeGraph: {components: [{type: service}]}": "missing property 'name'",
    "runAs: {user: 0}": "minimum: got 0, want 1",
    "ingress: {host: sre.example.com}": "additional properties 'host' not allowed",
    "metrics: {serviceMonitors: {enabled: true}}": "additional properties 'serviceMonitors' not allowed",
}

# By the templates: each value is right, and they contradict one another.
CONTRADICTIONS = {
    "orchestrator: {replicas: 2}": "orchestrator.replicas: SQLite has one replica",
    "orchestrator: {autoscaling: {enabled: true}}": "orchestrator.autoscaling.enabled: SQLite has one replica",
    "storage: {postgresql: {existingSecret: db}}": "storage.postgresql: is set, and storage.type is sqlite",
    "storage: {postgresql: {caSecret: db}}": "storage.postgresql: is set, and storage.type is sqlite",
    "storage: {type: postgresql}": "storage.postgresql.existingSecret: PostgreSQL needs a Secret",
    "storage: {type: postgresql, postgresql: {existingSecret: db}, sqlite: {existingClaim: c}}": "storage.sqlite.existingClaim: is set",
    f"{POSTGRESQL}\norchestrator: {{autoscaling: {{enabled: true, minReplicas: 5, maxReplicas: 2}}}}": "minReplicas is above maxReplicas",
    "tls: {mode: cert-manager}": "tls.certManager.issuer: tls.mode cert-manager needs an issuer",
    "tls: {certManager: {issuer: i}}": "tls.certManager.issuer: is set, and tls.mode is self-signed",
    "tls: {mode: existing}": "tls.existing.agentSecret: tls.mode existing needs a Secret",
    "tls: {mode: existing, existing: {agentSecret: a}}": "tls.existing.orchestratorSecret: tls.mode existing needs a Secret",
    "tls: {mode: existing, orchestrator: false, existing: {agentSecret: a, orchestratorSecret: o}}": "tls.orchestrator is false",
    "tls: {existing: {agentSecret: a}}": "tls.existing: is set, and tls.mode is self-signed",
    "tls: {mode: disabled, existing: {orchestratorSecret: o}}": "tls.existing: is set, and tls.mode is disabled",
    "tls: {mode: disabled, names: [sre.example.com]}": "tls.names: are for certificates that are made",
    "apiKeys: {enabled: false, existingSecret: k}": "apiKeys.enabled: is false, and a Secret with keys is named",
    "apiKeys: {enabled: false}\ntest: {apiKey: {existingSecret: k}}": "apiKeys.enabled: is false, and a Secret with keys is named",
    "knowledgeGraph: {components: [{name: a}], existingConfigMap: c}": "components and existingConfigMap exclude one another",
    "llm: {model: m}": "llm.provider: is none",
    "llm: {apiKey: {existingSecret: k}}": "llm.provider: is none",
    "llm: {provider: gemini}": "llm.model: the provider needs a model",
    "llm: {provider: ollama, model: m}": "llm.url: Ollama's own address is the pod itself",
    "tracing: {headers: {existingSecret: h}}": "tracing.headers: are given, and tracing.endpoint is empty",
    "metrics: {enabled: false, serviceMonitor: {enabled: true}}": "metrics.serviceMonitor.enabled: there are no metrics",
    "metrics: {prometheusRule: {enabled: true}}": "metrics.prometheusRule.enabled: alerts know the services by their ServiceMonitors",
    "ingress: {enabled: true}": "ingress.hosts: an Ingress needs a host",
    "httpRoute: {enabled: true}": "httpRoute.parentRefs: a route needs a gateway",
    "httpRoute: {enabled: true, parentRefs: [{name: g}]}\ntls: {mode: cert-manager, certManager: {issuer: i}}":
        "httpRoute.caConfigMap: a gateway needs",
    "httpRoute: {caConfigMap: c}": "httpRoute.caConfigMap: is set, and no gateway checks a certificate",
    "tls: {orchestrator: false}\nhttpRoute: {enabled: true, parentRefs: [{name: g}], caConfigMap: c}": "no gateway checks a certificate",
    "orchestrator: {serviceAccount: {create: false}}": "orchestrator.serviceAccount.name: create is false",
    "agent: {serviceAccount: {create: false}}": "agent.serviceAccount.name: create is false",
}


def check(report):
    report.at("refusals")
    cases = [(text, words, "values don't meet the specifications") for text, words in SCHEMA.items()]
    cases += [(text, words, "execution error at") for text, words in CONTRADICTIONS.items()]
    for text, _, _ in cases:
        yaml.safe_load(text)
    with ThreadPoolExecutor(2) as pool:
        processes = list(pool.map(lambda case: helm.template(text=case[0]), cases))
    for (text, words, kind), process in zip(cases, processes):
        shown = text.replace("\n", "; ")
        report.expect(process.returncode != 0, f"takes {shown}")
        said = " ".join(process.stderr.split())
        report.expect(words in said and kind in said, f"{shown}: says {said[:300]!r}, not {words!r}")
