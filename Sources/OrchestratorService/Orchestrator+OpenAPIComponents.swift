extension Orchestrator {
    /// The part of `openAPIDocument` that describes what is sent and answered.
    static let openAPIComponents = #"""
        components:
          securitySchemes:
            bearer: { type: http, scheme: bearer, description: An API key; not needed where the service has no keys }
            apiKey: { type: apiKey, in: header, name: X-API-Key, description: The same for callers whose Authorization is taken }
          headers:
            CorrelationID:
              description: Taken from the request's X-Correlation-ID or X-Request-ID where that is sane, else new; every answer has it
              schema: { type: string }
          parameters:
            ID:
              name: id
              in: path
              required: true
              schema: { type: string, format: uuid }
          responses:
            Unauthorized:
              description: No API key, or one that is not known
              headers:
                WWW-Authenticate: { schema: { type: string } }
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Forbidden:
              description: The API key may not do this
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            TooManyRequests:
              description: Too many requests; `Retry-After` says when to try again
              headers:
                Retry-After: { schema: { type: integer } }
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Alive:
              description: The process answers
              content:
                application/json:
                  schema:
                    type: object
                    required: [status]
                    properties:
                      status: { type: string, enum: [ok] }
            BadRequest:
              description: The request is not acceptable; `message` says why
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            NotFound:
              description: There is no such incident
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            TooLarge:
              description: The body has more than 1 MiB
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            UnsupportedMediaType:
              description: The body is not declared as JSON
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Unavailable:
              description: The store cannot be used now
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
          schemas:
            Problem:
              type: object
              description: The body of every error
              required: [type, title, status, detail, instance, code, message]
              properties:
                type: { type: string }
                title: { type: string }
                status: { type: integer }
                detail: { type: string }
                instance: { type: string }
                code: { type: integer, description: The HTTP status }
                message: { type: string, description: What is wrong and what to do }
                correlation_id: { type: string }
                checks: { type: array, items: { $ref: "#/components/schemas/Check" } }
            Readiness:
              type: object
              required: [status, version, checks]
              properties:
                status: { type: string, enum: [ok] }
                version: { type: string, description: Of the program }
                checks: { type: array, items: { $ref: "#/components/schemas/Check" } }
            Check:
              type: object
              required: [name, status]
              properties:
                name: { type: string }
                status: { type: string, enum: [ok, limited, not_ready] }
                message: { type: string }
            CauseCode:
              type: string
              description: What can be wrong; /docs/rules.md of the project says what each code rests on
              enum:
                [
                  ImageNotFound, ImagePullUnauthorized, RegistryUnavailable, ImageArchitectureMismatch, InvalidImageName, ImageNeverPull,
                  ConfigMapNotFound, SecretNotFound, ConfigKeyNotFound, SecurityContextConflict, VolumeMountInvalid, CommandNotRunnable,
                  LifecycleHookFailed, RuntimeClassNotFound, PodNetworkSetupFailed, DeviceUnavailable, ApplicationError, MemoryLimitExceeded,
                  NodeOutOfMemory, ContainerExitsCleanly, ConfigurationMissing, ConfigurationInvalid, DependencyUnreachable,
                  DependencyNameUnresolvable, CredentialsRejected, DatabaseSchemaMissing, FilePermissionDenied, ReadOnlyFileSystem, PortConflict,
                  PrivilegedPortDenied, DiskFull, ProcessLimitReached, LibraryMissing, CertificateInvalid, ProbeMisconfigured, ProbeTooAggressive,
                  HealthCheckFailing, ReadinessGateUnset, InitContainerBlocked, InsufficientResources, UntoleratedTaint, NodeCordoned,
                  NodeSelectorMismatch, PodAffinityUnsatisfiable, TopologySpreadUnsatisfiable, SchedulerMissing, PodPreempted,
                  StorageClassNotFound, VolumeProvisioningFailed, PersistentVolumeMismatch, PersistentVolumeClaimNotFound, VolumeAttachFailed,
                  VolumeMountFailed, QuotaExceeded, QuotaRequiresResources, LimitRangeViolation, PodSecurityViolation, AdmissionDenied,
                  AdmissionWebhookUnavailable, ServiceAccountNotFound, NamespaceTerminating, RolloutPaused, ScaledToZero, UpdateStrategyBlocks,
                  HeadlessServiceMissing, JobDeadlineExceeded, JobSuspended, CronJobMissedSchedule, SidecarBlocksCompletion,
                  AutoscalerTargetMissing, AutoscalerMetricsUnavailable, AutoscalerRequestMissing, AutoscalerAtMaximum,
                  DisruptionBudgetBlocksDrain, ServiceSelectorMismatch, ServicePortMismatch, ClientPortMismatch, ServiceNotFound,
                  ServiceTrafficPolicy, LoadBalancerPending, NetworkPolicyBlocks, IngressBackendNotFound, IngressClassNotFound,
                  IngressCertificateMissing, IngressMisrouted, ClusterDNSUnavailable, PodDNSPolicyInvalid, ServiceRoutingBroken, NodeNotReady,
                  ContainerRuntimeDown, NodeMemoryPressure, NodeDiskPressure, NodePIDPressure, EphemeralStorageExceeded, PermissionForbidden,
                  FinalizerBlocksDeletion, AggregatedAPIUnavailable, ControlPlaneDegraded, MeshSidecarFailed, CPUThrottled, LoadSpike,
                  DatabaseReadOnly, PoolExhausted, NetworkDegraded
                ]
            IncidentReport:
              type: object
              required: [description]
              properties:
                description: { type: string, minLength: 1, maxLength: 65536, pattern: "[^\\s\\x00-\\x1f\\x7f-\\x9f]", description: "What is wrong, in a sentence; at most 65536 bytes of UTF-8" }
                namespace: { type: string, pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", nullable: true }
                cluster: { type: string, pattern: "^[^\\x00-\\x1f\\x7f-\\x9f]{1,253}$", nullable: true }
                labels:
                  type: object
                  nullable: true
                  maxProperties: 64
                  additionalProperties: { type: string, maxLength: 1024 }
            Incident:
              type: object
              required: [id, description, labels, status, created_at, evidence]
              properties:
                id: { type: string, format: uuid }
                description: { type: string }
                namespace: { type: string }
                cluster: { type: string }
                labels: { type: object, additionalProperties: { type: string } }
                status: { $ref: "#/components/schemas/Status" }
                created_at: { type: string, format: date-time }
                completed_at: { type: string, format: date-time }
                extracted_entities: { $ref: "#/components/schemas/ExtractedEntities" }
                evidence: { $ref: "#/components/schemas/Evidence" }
                suggested_root_cause: { type: string, description: The first root cause in a sentence; absent where none is known }
                confidence_score: { $ref: "#/components/schemas/Level" }
                report: { $ref: "#/components/schemas/Report" }
                error: { type: string, description: "Why the investigation failed, and what to do; who cancelled it" }
                awaits: { type: string, enum: [review], description: What a pending incident waits for before it goes on }
                review:
                  type: object
                  required: [decision, time]
                  properties:
                    decision: { type: string, enum: [accepted, rejected] }
                    comment: { type: string }
                    reviewer: { type: string }
                    time: { type: string, format: date-time }
                origin:
                  type: object
                  description: The request that opened the incident; logs and traces of all services are found by it
                  properties:
                    correlation_id: { type: string }
                    traceparent: { type: string, description: As in W3C Trace Context; absent where nothing is traced }
            Status: { type: string, enum: [pending, running, completed, failed, cancelled] }
            Level: { type: string, enum: [low, medium, high] }
            ObjectReference:
              type: object
              required: [kind, name]
              properties:
                kind: { type: string }
                namespace: { type: string }
                name: { type: string }
            ExtractedEntities:
              type: object
              required: [resolved]
              properties:
                pod_name: { type: string }
                namespace: { type: string }
                workload: { type: string }
                service: { type: string }
                node: { type: string }
                error_summary: { type: string }
                time: { type: string, description: "When it happens, in the words of the description" }
                resolved: { type: array, items: { $ref: "#/components/schemas/ObjectReference" } }
            Evidence:
              type: object
              required: [object_counts]
              properties:
                pod_details: { type: object, description: "The pod that the incident turned out to be about, as the agent's details call gives it" }
                pod_logs: { type: string, description: "Its last log lines, containers prefixed; present with pod_details" }
                object_counts: { type: object, additionalProperties: { type: integer } }
                collected_at: { type: string, format: date-time }
            Report:
              type: object
              required: [outcome, summary, subjects, scope, root_causes, alternatives, elsewhere, checked, gaps, next_steps, evidence_time]
              properties:
                outcome: { type: string, enum: [cause_found, no_fault, inconclusive] }
                summary: { type: string }
                subjects: { type: array, items: { $ref: "#/components/schemas/ObjectReference" } }
                scope: { type: array, items: { type: string }, description: Namespaces that were looked at; empty means all }
                root_causes: { type: array, items: { $ref: "#/components/schemas/RootCause" } }
                alternatives: { type: array, items: { $ref: "#/components/schemas/RootCause" } }
                elsewhere: { type: array, items: { $ref: "#/components/schemas/RootCause" } }
                checked: { type: array, items: { type: string } }
                gaps:
                  type: array
                  items:
                    type: object
                    required: [path, reason]
                    properties:
                      path: { type: string }
                      reason: { type: string }
                next_steps: { type: array, items: { type: string } }
                evidence_time: { type: string, format: date-time }
                explanation: { $ref: "#/components/schemas/Explanation" }
                model_use: { $ref: "#/components/schemas/ModelUse" }
            Explanation:
              type: object
              description: The causes in the words of a language model; absent where none is configured, or nothing it said could stand
              required: [model, summary, timeline, impact, next_steps, dropped]
              properties:
                model: { type: string }
                summary: { $ref: "#/components/schemas/Sentences" }
                timeline: { $ref: "#/components/schemas/Sentences" }
                impact: { $ref: "#/components/schemas/Sentences" }
                next_steps: { $ref: "#/components/schemas/Sentences" }
                dropped: { type: integer, description: Sentences that were dropped because the evidence does not carry them }
            Sentences:
              type: array
              items:
                type: object
                required: [text, evidence]
                properties:
                  text: { type: string }
                  evidence: { type: array, minItems: 1, items: { type: string }, description: "`1.e2` is the citation `e2` of the first root cause" }
            ModelUse:
              type: object
              description: What a language model was used for in this investigation; absent where none was
              required: [requests, input_tokens, output_tokens, seconds]
              properties:
                requests: { type: integer }
                input_tokens: { type: integer }
                output_tokens: { type: integer }
                seconds: { type: number }
                cost: { type: number, description: In the currency of the configured prices }
            RootCause:
              type: object
              required:
                [
                  cause, object, statement, confidence, level, reasons, reasons_against, basis, details, affected, dependents, chain, citations,
                  fix, verify,
                ]
              properties:
                cause: { $ref: "#/components/schemas/CauseCode" }
                object: { $ref: "#/components/schemas/ObjectReference" }
                statement: { type: string }
                confidence: { type: number, minimum: 0, maximum: 1 }
                level: { $ref: "#/components/schemas/Level" }
                reasons: { type: array, items: { type: string } }
                reasons_against: { type: array, items: { type: string } }
                basis:
                  type: object
                  additionalProperties: { type: number }
                  description: What the confidence was worked out from
                details: { type: object, additionalProperties: { type: string } }
                affected: { type: array, items: { $ref: "#/components/schemas/ObjectReference" } }
                dependents: { type: array, items: { $ref: "#/components/schemas/ObjectReference" } }
                chain:
                  type: array
                  items:
                    type: object
                    required: [object, statement, citations]
                    properties:
                      object: { $ref: "#/components/schemas/ObjectReference" }
                      statement: { type: string }
                      citations: { type: array, items: { type: string } }
                citations:
                  type: array
                  items:
                    type: object
                    required: [id, source, object, text]
                    properties:
                      id: { type: string }
                      source: { type: string, enum: [object, event, log, alert, metric, graph, absence] }
                      object: { $ref: "#/components/schemas/ObjectReference" }
                      field: { type: string }
                      container: { type: string }
                      time: { type: string, format: date-time }
                      text: { type: string }
                change:
                  type: object
                  required: [object, field]
                  properties:
                    object: { $ref: "#/components/schemas/ObjectReference" }
                    field: { type: string }
                    from: { type: string }
                    to: { type: string }
                    time: { type: string, format: date-time }
                    manager: { type: string }
                fix: { type: string }
                suggestion:
                  type: object
                  required: [form, text]
                  description: A change that would mend it; never executed
                  properties:
                    form: { type: string, enum: [kubectl, yaml] }
                    text: { type: string }
                verify: { type: array, maxItems: 3, items: { type: string } }
                proposed_by: { type: string, description: The language model that proposed it; absent for causes of the rules }
            Journal:
              type: object
              required: [incident_id, status, entries]
              properties:
                incident_id: { type: string, format: uuid }
                status: { $ref: "#/components/schemas/Status" }
                entries:
                  type: array
                  items:
                    type: object
                    required: [sequence, time, step, message]
                    properties:
                      sequence: { type: integer, minimum: 1 }
                      time: { type: string, format: date-time }
                      step: { type: string }
                      message: { type: string }

        """#
}
