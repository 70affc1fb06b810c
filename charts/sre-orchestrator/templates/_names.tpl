{{- define "sre.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- /* Short enough for the suffixes of Services, which have 63 characters. */ -}}
{{- define "sre.fullname" -}}
{{- $name := include "sre.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "sre.agentName" -}}{{ include "sre.fullname" . }}-k8s-agent{{- end }}

{{- /* Roles of the cluster have no namespace, so their names hold it. */ -}}
{{- define "sre.clusterRoleName" -}}{{ .Release.Namespace }}-{{ include "sre.agentName" . }}{{- end }}

{{- /* By which the chart's pods are told from others. Argument: root, and component where it is one. */ -}}
{{- define "sre.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sre.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "sre.labels" -}}
{{ include "sre.selectorLabels" . }}
app.kubernetes.io/part-of: sre-orchestrator
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Argument: root, image (repository, tag, digest). */ -}}
{{- define "sre.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "sre.orchestratorAccount" -}}{{ .Values.orchestrator.serviceAccount.name | default (include "sre.fullname" .) }}{{- end }}
{{- define "sre.agentAccount" -}}{{ .Values.agent.serviceAccount.name | default (include "sre.agentName" .) }}{{- end }}

{{- define "sre.agentTLS" -}}{{ if ne .Values.tls.mode "disabled" }}true{{ end }}{{- end }}
{{- define "sre.orchestratorTLS" -}}{{ if and (ne .Values.tls.mode "disabled") .Values.tls.orchestrator }}true{{ end }}{{- end }}
{{- define "sre.orchestratorScheme" -}}{{ if include "sre.orchestratorTLS" . }}https{{ else }}http{{ end }}{{- end }}
{{- define "sre.agentScheme" -}}{{ if include "sre.agentTLS" . }}https{{ else }}http{{ end }}{{- end }}
{{- define "sre.orchestratorHost" -}}{{ include "sre.fullname" . }}.{{ .Release.Namespace }}.svc{{- end }}
{{- define "sre.agentHost" -}}{{ include "sre.agentName" . }}.{{ .Release.Namespace }}.svc{{- end }}
{{- define "sre.orchestratorURL" -}}
{{ include "sre.orchestratorScheme" . }}://{{ include "sre.orchestratorHost" . }}:{{ .Values.orchestrator.service.port }}
{{- end }}
{{- define "sre.agentURL" -}}
{{ include "sre.agentScheme" . }}://{{ include "sre.agentHost" . }}:{{ .Values.agent.service.port }}
{{- end }}

{{- /* Secrets, made by the chart or existing. */ -}}
{{- define "sre.orchestratorTLSSecret" -}}
{{ if eq .Values.tls.mode "existing" }}{{ .Values.tls.existing.orchestratorSecret }}{{ else }}{{ include "sre.fullname" . }}-tls{{ end }}
{{- end }}
{{- define "sre.agentTLSSecret" -}}
{{ if eq .Values.tls.mode "existing" }}{{ .Values.tls.existing.agentSecret }}{{ else }}{{ include "sre.agentName" . }}-tls{{ end }}
{{- end }}
{{- define "sre.authoritySecret" -}}{{ include "sre.fullname" . }}-authority{{- end }}
{{- define "sre.apiKeysSecret" -}}{{ .Values.apiKeys.existingSecret | default (printf "%s-api-keys" (include "sre.fullname" .)) }}{{- end }}
{{- define "sre.agentTokenSecret" -}}{{ .Values.agentToken.existingSecret | default (printf "%s-agent-token" (include "sre.fullname" .)) }}{{- end }}
{{- define "sre.claim" -}}{{ .Values.storage.sqlite.existingClaim | default (printf "%s-store" (include "sre.fullname" .)) }}{{- end }}
{{- define "sre.graphConfigMap" -}}
{{- if .Values.knowledgeGraph.existingConfigMap }}{{ .Values.knowledgeGraph.existingConfigMap }}
{{- else if .Values.knowledgeGraph.components }}{{ include "sre.fullname" . }}-knowledge-graph
{{- end }}
{{- end }}

{{- /* ConfigMap with the authority, by which a gateway checks the orchestrator. Empty where there is none to check. */ -}}
{{- define "sre.caConfigMap" -}}
{{- if and .Values.httpRoute.enabled (include "sre.orchestratorTLS" .) -}}
{{ .Values.httpRoute.caConfigMap | default (printf "%s-authority" (include "sre.fullname" .)) }}
{{- end }}
{{- end }}

{{- /* Names in the certificate of a Service. Argument: root, name, more. */ -}}
{{- define "sre.certificateNames" -}}
{{- $namespaced := printf "%s.%s" .name .root.Release.Namespace -}}
{{- $service := list .name $namespaced (printf "%s.svc" $namespaced) (printf "%s.svc.%s" $namespaced .root.Values.clusterDomain) -}}
{{- concat $service (list "localhost") .more | uniq | join "," }}
{{- end }}
{{- define "sre.orchestratorNames" -}}
{{- include "sre.certificateNames" (dict "root" . "name" (include "sre.fullname" .) "more" .Values.tls.names) }}
{{- end }}
{{- define "sre.agentNames" -}}
{{- include "sre.certificateNames" (dict "root" . "name" (include "sre.agentName" .) "more" list) }}
{{- end }}

{{- /* Number of replicas that are always there. */ -}}
{{- define "sre.leastReplicas" -}}
{{- if .Values.orchestrator.autoscaling.enabled }}{{ .Values.orchestrator.autoscaling.minReplicas }}{{ else }}{{ .Values.orchestrator.replicas }}{{ end }}
{{- end }}

{{- /* Port of a URL, or 443 or 80 by its scheme. */ -}}
{{- define "sre.urlPort" -}}
{{- $url := urlParse . -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $port | default (eq $url.scheme "https" | ternary "443" "80") }}
{{- end }}

{{- /* What cannot be made again stays when the release is uninstalled, and is taken up by the next one of the same name. */ -}}
{{- define "sre.keep" -}}
helm.sh/resource-policy: keep
{{- end }}
