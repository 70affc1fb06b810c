"""Whether objects have the shape that the API server wants."""
import json
import pathlib

import jsonschema
import kubernetes_validate
import referencing

from .helm import KUBERNETES

SCHEMAS = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"

TEXT, FLAG, NUMBER = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}
TEXTS = {"type": "object", "additionalProperties": TEXT}


def shape(required=(), **members):
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": members}


def listed(item):
    return {"type": "array", "minItems": 1, "items": item}


METADATA = shape(["name", "namespace", "labels"], name=TEXT, namespace=TEXT, labels=TEXTS, annotations=TEXTS)
REFERENCE = shape(["name", "kind", "group"], name=TEXT, kind=TEXT, group=TEXT)


def custom(version, kind, spec):
    return (version, kind), shape(
        ["apiVersion", "kind", "metadata", "spec"], apiVersion={"const": version}, kind={"const": kind}, metadata=METADATA, spec=spec)


# The part of each custom resource that the chart uses.
CUSTOM = dict([
    custom("cert-manager.io/v1", "Certificate", shape(
        ["secretName", "issuerRef", "dnsNames"], secretName=TEXT, dnsNames=listed(TEXT), ipAddresses=listed(TEXT),
        duration={"type": "string", "pattern": r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$"},
        renewBefore={"type": "string", "pattern": r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$"},
        privateKey=shape(
            algorithm={"enum": ["RSA", "ECDSA", "Ed25519"]}, size={"enum": [256, 384, 521]}, rotationPolicy={"enum": ["Always", "Never"]}),
        usages=listed({"enum": ["digital signature", "key encipherment", "server auth", "client auth"]}),
        issuerRef=shape(["name", "kind"], name=TEXT, kind={"enum": ["Issuer", "ClusterIssuer"]}, group={"const": "cert-manager.io"}))),
    custom("gateway.networking.k8s.io/v1", "HTTPRoute", shape(
        ["parentRefs", "rules"],
        parentRefs=listed(shape(["name"], group=TEXT, kind=TEXT, name=TEXT, namespace=TEXT, sectionName=TEXT, port=NUMBER)),
        hostnames=listed(TEXT),
        rules=listed(shape(
            ["backendRefs"],
            matches=listed(shape(path=shape(type={"enum": ["Exact", "PathPrefix", "RegularExpression"]}, value=TEXT))),
            timeouts=shape(request={"type": "string", "pattern": r"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}, backendRequest=TEXT),
            backendRefs=listed(shape(["name", "port"], name=TEXT, port=NUMBER)))))),
    custom("gateway.networking.k8s.io/v1", "BackendTLSPolicy", shape(
        ["targetRefs", "validation"], targetRefs=listed(REFERENCE),
        validation=shape(["hostname", "caCertificateRefs"], hostname=TEXT, caCertificateRefs=listed(REFERENCE)))),
    custom("monitoring.coreos.com/v1", "ServiceMonitor", shape(
        ["selector", "endpoints"], selector=shape(["matchLabels"], matchLabels=TEXTS),
        endpoints=listed(shape(
            ["port", "path", "scheme"], port=TEXT, path={"const": "/metrics"}, scheme={"enum": ["http", "https"]},
            interval={"type": "string", "pattern": r"^[0-9]+(ms|s|m)$"}, honorLabels=FLAG,
            tlsConfig=shape(
                ["serverName", "ca"], serverName=TEXT, ca=shape(["secret"], secret=shape(["name", "key"], name=TEXT, key=TEXT))))))),
    custom("monitoring.coreos.com/v1", "PrometheusRule", shape(
        ["groups"], groups=listed(shape(
            ["name", "rules"], name=TEXT, rules=listed(shape(
                ["alert", "expr", "for", "labels", "annotations"], alert=TEXT, expr=TEXT,
                **{"for": {"type": "string", "pattern": r"^[0-9]+(s|m|h)$"}}, labels=TEXTS, annotations=TEXTS)))))),
])

_validators = {}


def validator(version, object):
    key = (version, object["apiVersion"], object["kind"])
    if key not in _validators:
        directory = SCHEMAS / f"v{version}.0-local-strict"
        group, _, served = object["apiVersion"].rpartition("/")
        name = f"{object['kind']}-{group.split('.')[0]}-{served}" if group else f"{object['kind']}-{served}"
        registry = _validators.get(version)
        if registry is None:
            registry = referencing.Resource.from_contents(json.loads((directory / "_definitions.json").read_text())) @ referencing.Registry()
            _validators[version] = registry
        path = directory / f"{name.lower()}.json"
        _validators[key] = jsonschema.Draft202012Validator(json.loads(path.read_text()), registry=registry) if path.exists() else None
    return _validators[key]


_seen = set()


def check(report, objects):
    for object in objects:
        name = f"{object['kind']} {object['metadata']['name']}"
        # Sets have most objects in common; each form is looked at once.
        form = json.dumps(object, sort_keys=True)
        if form in _seen:
            continue
        _seen.add(form)
        if own := CUSTOM.get((object["apiVersion"], object["kind"])):
            errors = [error.message for error in jsonschema.Draft202012Validator(own).iter_errors(object)]
            report.expect(not errors, f"{name}: {'; '.join(errors[:3])}")
            continue
        for version in KUBERNETES:
            found = validator(version, object)
            if report.expect(found, f"{name}: {object['apiVersion']} {object['kind']} is not served by Kubernetes {version}"):
                errors = [f"{'.'.join(map(str, error.path))}: {error.message[:200]}" for error in found.iter_errors(object)]
                report.expect(not errors, f"{name}: Kubernetes {version} refuses it: {'; '.join(errors[:3])}")
