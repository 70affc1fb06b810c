{{- /* A number or text of `settings` as an environment variable has it: no exponent, lists separated by commas. */ -}}
{{- define "sre.settingText" -}}
{{- if kindIs "slice" . }}{{ join "," . }}
{{- else if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}
{{- else }}{{ . }}
{{- end }}
{{- end }}

{{- define "sre.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.runAs.user }}
runAsUser: {{ . }}
{{- end }}
{{- with .Values.runAs.group }}
runAsGroup: {{ . }}
{{- end }}
{{- with .Values.runAs.fsGroup }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "sre.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
runAsNonRoot: true
{{- end }}

{{- /* Argument: root, part (values of the service), component. */ -}}
{{- define "sre.placement" -}}
{{- $selector := include "sre.selectorLabels" (dict "root" .root "component" .component) -}}
{{- with .part.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
{{- $usual := list (dict "topologyKey" "kubernetes.io/hostname") (dict "topologyKey" "topology.kubernetes.io/zone") }}
{{- range .part.topologySpreadConstraints | default $usual }}
  {{- $defaults := dict "maxSkew" 1 "whenUnsatisfiable" "ScheduleAnyway" "matchLabelKeys" (list "pod-template-hash") }}
  - {{ merge (dict "labelSelector" (dict "matchLabels" (fromYaml $selector))) . $defaults | toYaml | indent 4 | trim }}
{{- end }}
{{- with .part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- /* Argument: scheme, startupSeconds, readinessPath. What the probes ask answers without a key. */ -}}
{{- define "sre.probes" -}}
{{- $scheme := upper .scheme -}}
startupProbe:
  httpGet: { path: /livez, port: {{ .scheme }}, scheme: {{ $scheme }} }
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: {{ div (add (int .startupSeconds) 1) 2 }}
livenessProbe:
  httpGet: { path: /livez, port: {{ .scheme }}, scheme: {{ $scheme }} }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: {{ .readinessPath }}, port: {{ .scheme }}, scheme: {{ $scheme }} }
  periodSeconds: 5
  # It asks what it depends on, for up to five seconds.
  timeoutSeconds: 7
  failureThreshold: 2
{{- end }}

{{- /* For pods that are replaced one by one. */ -}}
{{- define "sre.lifecycle" -}}
# Until all nodes have heard that the pod is leaving, it goes on answering.
lifecycle:
  preStop:
    sleep:
      seconds: 5
{{- end }}

{{- /* The sleep above, requests in flight, the cancelling of what is left, and a margin. Argument: values of the service. */ -}}
{{- define "sre.gracePeriod" -}}{{ add 5 (int .shutdownGraceSeconds) 5 5 }}{{- end }}

{{- /* Argument: root, part (values of the service), component. No version of the chart: it would replace pods that stay the same. */ -}}
{{- define "sre.podLabels" -}}
{{ include "sre.selectorLabels" (dict "root" .root "component" .component) }}
app.kubernetes.io/part-of: sre-orchestrator
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- with .part.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Source of a volume with files of a Secret, for its owner and group only. Argument: Secret, then key and file name of each. */ -}}
{{- define "sre.secretFile" -}}
secret:
  secretName: {{ first . }}
  # 0440
  defaultMode: 288
  items:
    {{- range chunk 2 (rest .) }}
    - key: {{ first . }}
      path: {{ last . }}
    {{- end }}
{{- end }}
