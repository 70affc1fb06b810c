{{- /* Argument: orchestrator and agent (matchers of their series), namespace, name and agentName (their Deployments). */ -}}
{{- define "sre.alerts" -}}
- alert: SREOrchestratorDown
  expr: absent(up{ {{- .orchestrator -}} } == 1)
  for: 5m
  severity: critical
  summary: No orchestrator can be scraped; incidents are not taken in.
  runbook: |
    kubectl -n {{ .namespace }} get pods -l app.kubernetes.io/component=orchestrator, then describe one that is not ready, and read its log with
    kubectl -n {{ .namespace }} logs deploy/{{ .name }} --previous. A setting that cannot be used stops the start with one line that names its key.
    Where the pods are ready, Prometheus cannot reach them: check networkPolicy.metricsFrom.
- alert: SREAgentDown
  expr: absent(up{ {{- .agent -}} } == 1)
  for: 5m
  severity: critical
  summary: No Kubernetes agent can be scraped; investigations have no evidence.
  runbook: |
    kubectl -n {{ .namespace }} get pods -l app.kubernetes.io/component=k8s-agent, then kubectl -n {{ .namespace }} logs deploy/{{ .agentName }}.
    Its /readyz says whether the API server answers and what it may not read.
- alert: SREStoreDown
  expr: min(sre_store_up{ {{- .orchestrator -}} }) == 0
  for: 2m
  severity: critical
  summary: An orchestrator cannot reach its store; it answers 503.
  runbook: |
    PostgreSQL: check that it runs, that its address in the Secret is right, and networkPolicy.database. SQLite: check whether the volume is full
    or read-only (kubectl -n {{ .namespace }} describe pvc). Nothing needs a restart; work goes on when the store answers.
- alert: SREStoreFailing
  expr: sum by (operation) (rate(sre_store_failures_total{ {{- .orchestrator -}} }[10m])) > 0.05
  for: 10m
  severity: warning
  summary: The store refuses {{ "{{ $labels.operation }}" }} again and again.
  runbook: |
    kubectl -n {{ .namespace }} logs deploy/{{ .name }} has the reason: a full disk, a lost connection, a lock, a role without rights.
- alert: SREQueueStuck
  expr: max(sre_queue_oldest_seconds{ {{- .orchestrator -}} }) > 60
  for: 5m
  severity: warning
  summary: Incidents wait for more than a minute until they are investigated.
  runbook: |
    Look at sre_incidents by state. Many running at once: raise SRE_CONCURRENCY or, with PostgreSQL, the number of replicas. Few running: see
    whether investigations are slow (sre_investigation_step_duration_seconds tells which step) or orchestrators were killed for their memory.
- alert: SREAgentRefused
  expr: max(sre_circuit_breaker_open{ {{- .orchestrator -}} ,dependency="k8s-agent"}) == 1
  for: 5m
  severity: critical
  summary: The orchestrator has stopped calling the agent, since its calls fail.
  runbook: |
    sre doctor names what is wrong. Most often the agent does not run, its certificate is not signed by the authority that the orchestrator
    knows (restart the orchestrator after that authority changed), or the tokens of both differ.
- alert: SREInvestigationsFailing
  expr: |
    sum(increase(sre_investigations_total{ {{- .orchestrator -}} ,outcome="failed"}[30m]))
      / sum(increase(sre_investigations_total{ {{- .orchestrator -}} }[30m])) > 0.1
    and sum(increase(sre_investigations_total{ {{- .orchestrator -}} ,outcome="failed"}[30m])) > 3
  for: 5m
  severity: warning
  summary: More than a tenth of the investigations fail.
  runbook: |
    GET /api/v1/incidents?status=failed lists them, each with the step that failed and why. Where a step ran out of time on a large cluster,
    raise SRE_STEP_TIMEOUT_SECONDS, SRE_AGENT_TIMEOUT_SECONDS and SRE_AGENT_DEADLINE_SECONDS.
- alert: SREInvestigationsSlow
  expr: histogram_quantile(0.95, sum by (le) (rate(sre_investigation_duration_seconds_bucket{ {{- .orchestrator -}} }[30m]))) > 30
  for: 15m
  severity: warning
  summary: One investigation in twenty takes longer than half a minute.
  runbook: |
    sre_investigation_step_duration_seconds tells which step takes the time. collect: the API server is slow, or the agent throttled; explain and
    reason: the language model is slow. If no step is slow they wait, see SREQueueStuck.
- alert: SRELeasesLost
  expr: sum(increase(sre_lease_losses_total{ {{- .orchestrator -}} }[30m])) > 5
  for: 0m
  severity: warning
  summary: Orchestrators lose incidents that they work on to one another.
  runbook: |
    They are frozen or starved for longer than SRE_LEASE_SECONDS: check their CPU and memory, and how long the database takes. No result is
    wrong for it, but work is done twice.
- alert: SREServerErrors
  expr: |
    sum by (job) (rate(http_server_requests_total{namespace={{ .namespace | quote }},job=~"{{ .name }}|{{ .agentName }}",route!="/readyz",status=~"5.."}[10m]))
      / sum by (job) (rate(http_server_requests_total{namespace={{ .namespace | quote }},job=~"{{ .name }}|{{ .agentName }}",route!="/readyz"}[10m])) > 0.05
  for: 10m
  severity: warning
  summary: One request in twenty to {{ "{{ $labels.job }}" }} ends with an error of the server.
  runbook: |
    http_server_requests_total by route and status says which. 503 of the orchestrator: its store does not answer, or SRE_QUEUE_LIMIT incidents
    wait. 502 and 504 of the agent: the API server fails. 500: read the log for the correlation id of an answer.
- alert: SRELanguageModelFailing
  expr: |
    sum(rate(sre_llm_requests_total{ {{- .orchestrator -}} ,outcome!="answered"}[30m]))
      / sum(rate(sre_llm_requests_total{ {{- .orchestrator -}} }[30m])) > 0.5
  for: 15m
  severity: warning
  summary: The language model does not answer; reports are those of the rules alone.
  runbook: |
    The label outcome says why. refused: the key or the name of the model. over_budget: SRE_LLM_TOKENS_PER_DAY or _PER_INVESTIGATION.
    unreachable and timeout: its address, and networkPolicy.llm. sre llm check asks it once.
- alert: SRETracesDropped
  expr: sum by (job) (increase(sre_trace_spans_dropped_total{namespace={{ .namespace | quote }},job=~"{{ .name }}|{{ .agentName }}"}[30m])) > 100
  for: 0m
  severity: info
  summary: Traces of {{ "{{ $labels.job }}" }} do not reach the collector.
  runbook: |
    Check tracing.endpoint (HTTP, port 4318 by convention; gRPC is not spoken), the headers, and networkPolicy.tracing.
{{- end }}
