{{- /* Values that contradict one another. Each line says what is wrong and what to set. */ -}}
{{- define "sre.refuse" -}}
{{- $o := .Values.orchestrator -}}
{{- $s := .Values.storage -}}
{{- $t := .Values.tls -}}

{{- if eq $s.type "sqlite" -}}
{{- if and (not $o.autoscaling.enabled) (gt (int $o.replicas) 1) -}}
{{- fail "orchestrator.replicas: SQLite has one replica; set it to 1, or storage.type to postgresql" -}}
{{- end -}}
{{- if $o.autoscaling.enabled -}}
{{- fail "orchestrator.autoscaling.enabled: SQLite has one replica; switch it off, or set storage.type to postgresql" -}}
{{- end -}}
{{- if or $s.postgresql.existingSecret $s.postgresql.caSecret -}}
{{- fail "storage.postgresql: is set, and storage.type is sqlite; set storage.type to postgresql, or remove it" -}}
{{- end -}}
{{- else -}}
{{- if not $s.postgresql.existingSecret -}}
{{- fail "storage.postgresql.existingSecret: PostgreSQL needs a Secret with its address; name it" -}}
{{- end -}}
{{- if $s.sqlite.existingClaim -}}
{{- fail "storage.sqlite.existingClaim: is set, and storage.type is postgresql; set storage.type to sqlite, or remove it" -}}
{{- end -}}
{{- end -}}

{{- if and $o.autoscaling.enabled (gt (int $o.autoscaling.minReplicas) (int $o.autoscaling.maxReplicas)) -}}
{{- fail "orchestrator.autoscaling: minReplicas is above maxReplicas" -}}
{{- end -}}

{{- if and (eq $t.mode "cert-manager") (not $t.certManager.issuer) -}}
{{- fail "tls.certManager.issuer: tls.mode cert-manager needs an issuer; name it" -}}
{{- end -}}
{{- if and (ne $t.mode "cert-manager") $t.certManager.issuer -}}
{{- fail (printf "tls.certManager.issuer: is set, and tls.mode is %s; set tls.mode to cert-manager, or remove it" $t.mode) -}}
{{- end -}}
{{- if eq $t.mode "existing" -}}
{{- if not $t.existing.agentSecret -}}
{{- fail "tls.existing.agentSecret: tls.mode existing needs a Secret with the agent's certificate; name it" -}}
{{- end -}}
{{- if and $t.orchestrator (not $t.existing.orchestratorSecret) -}}
{{- fail "tls.existing.orchestratorSecret: tls.mode existing needs a Secret with the orchestrator's certificate; name it, or set tls.orchestrator to false" -}}
{{- end -}}
{{- if and (not $t.orchestrator) $t.existing.orchestratorSecret -}}
{{- fail "tls.existing.orchestratorSecret: is set, and tls.orchestrator is false; set it to true, or remove the Secret" -}}
{{- end -}}
{{- else if or $t.existing.agentSecret $t.existing.orchestratorSecret -}}
{{- fail (printf "tls.existing: is set, and tls.mode is %s; set tls.mode to existing, or remove it" $t.mode) -}}
{{- end -}}
{{- if and $t.names (not (has $t.mode (list "self-signed" "cert-manager"))) -}}
{{- fail (printf "tls.names: are for certificates that are made, and tls.mode is %s" $t.mode) -}}
{{- end -}}

{{- if and (not .Values.apiKeys.enabled) (or .Values.apiKeys.existingSecret .Values.test.apiKey.existingSecret) -}}
{{- fail "apiKeys.enabled: is false, and a Secret with keys is named; set it to true, or remove the Secret" -}}
{{- end -}}

{{- if and .Values.knowledgeGraph.components .Values.knowledgeGraph.existingConfigMap -}}
{{- fail "knowledgeGraph: components and existingConfigMap exclude one another" -}}
{{- end -}}

{{- if eq .Values.llm.provider "none" -}}
{{- if or .Values.llm.model .Values.llm.url .Values.llm.apiKey.existingSecret -}}
{{- fail "llm.provider: is none, and a model, address or key is given; name the provider, or remove them" -}}
{{- end -}}
{{- else if not .Values.llm.model -}}
{{- fail "llm.model: the provider needs a model; name it" -}}
{{- else if and (eq .Values.llm.provider "ollama") (not .Values.llm.url) -}}
{{- fail "llm.url: Ollama's own address is the pod itself; name the one where it runs" -}}
{{- end -}}

{{- if and .Values.tracing.headers.existingSecret (not .Values.tracing.endpoint) -}}
{{- fail "tracing.headers: are given, and tracing.endpoint is empty" -}}
{{- end -}}

{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.enabled) -}}
{{- fail "metrics.serviceMonitor.enabled: there are no metrics; set metrics.enabled to true" -}}
{{- end -}}
{{- if and .Values.metrics.prometheusRule.enabled (not .Values.metrics.serviceMonitor.enabled) -}}
{{- fail "metrics.prometheusRule.enabled: alerts know the services by their ServiceMonitors; set metrics.serviceMonitor.enabled to true" -}}
{{- end -}}

{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress.hosts: an Ingress needs a host; name it" -}}
{{- end -}}
{{- if .Values.httpRoute.enabled -}}
{{- if not .Values.httpRoute.parentRefs -}}
{{- fail "httpRoute.parentRefs: a route needs a gateway; name it" -}}
{{- end -}}
{{- if and (include "sre.orchestratorTLS" .) (ne $t.mode "self-signed") (not .Values.httpRoute.caConfigMap) -}}
{{- fail "httpRoute.caConfigMap: a gateway needs the authority of the orchestrator's certificate; name a ConfigMap with it, or set tls.orchestrator to false" -}}
{{- end -}}
{{- end -}}
{{- if and .Values.httpRoute.caConfigMap (not (include "sre.caConfigMap" .)) -}}
{{- fail "httpRoute.caConfigMap: is set, and no gateway checks a certificate; set httpRoute.enabled and tls.orchestrator to true, or remove it" -}}
{{- end -}}

{{- range $name, $account := dict "orchestrator" $o.serviceAccount "agent" .Values.agent.serviceAccount -}}
{{- if and (not $account.create) (not $account.name) -}}
{{- fail (printf "%s.serviceAccount.name: create is false; name the account that exists" $name) -}}
{{- end -}}
{{- end -}}
{{- end }}
