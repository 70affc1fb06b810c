extension KubernetesAgent {
    /// `openapi/k8s-agent.yaml`, word for word; a test holds the two equal.
    public static let openAPIDocument = openAPIPaths + openAPIComponents

    private static let openAPIPaths = #"""
        openapi: 3.0.3
        info:
          title: SRE Orchestrator Kubernetes agent
          version: 1.0.0
          description: >-
            Read-only access to one Kubernetes cluster for investigations. The agent has get, list and log, and no verb that writes.
            Everything it could not read is named as a gap: absent evidence is never evidence of absence.
        servers:
          - url: /
        security:
          - bearer: []
          - {}
        paths:
          /health:
            get:
              operationId: getHealth
              summary: Whether the process answers
              responses: { "200": { $ref: "#/components/responses/Alive" } }
          /api/v1/health:
            get:
              operationId: getHealthV1
              summary: Whether the process answers
              responses: { "200": { $ref: "#/components/responses/Alive" } }
          /livez:
            get:
              operationId: getLiveness
              summary: Whether the process answers
              responses: { "200": { $ref: "#/components/responses/Alive" } }
          /readyz:
            get:
              operationId: getReadiness
              summary: Whether the Kubernetes API answers, and what the agent may not read there
              responses:
                "200":
                  description: The agent can work; checks of status `limited` say what it may not read
                  content: { application/json: { schema: { $ref: "#/components/schemas/Readiness" } } }
                "503":
                  description: The Kubernetes API cannot be reached; `checks` says why
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
          /metrics:
            get:
              operationId: getMetrics
              summary: Counts and times in the text format of Prometheus; absent where metrics are switched off
              security: []
              responses:
                "200":
                  description: The metrics
                  content: { text/plain: { schema: { type: string } } }
          /openapi.yaml:
            get:
              operationId: getOpenAPI
              summary: This document
              responses:
                "200":
                  description: The OpenAPI document
                  content: { application/yaml: { schema: { type: string } } }
          /api/v1/pods/{namespace}/{name}:
            get:
              operationId: getPod
              summary: One pod summed up
              parameters: [{ $ref: "#/components/parameters/Namespace" }, { $ref: "#/components/parameters/Name" }]
              responses:
                "200": { $ref: "#/components/responses/Pod" }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "409": { $ref: "#/components/responses/Conflict" }
                "410": { $ref: "#/components/responses/Gone" }
                "429": { $ref: "#/components/responses/Busy" }
                "502": { $ref: "#/components/responses/BadGateway" }
                "503": { $ref: "#/components/responses/Unavailable" }
                "504": { $ref: "#/components/responses/Timeout" }
          /api/v1/pods/{namespace}/{name}/details:
            get:
              operationId: getPodDetails
              summary: One pod summed up
              parameters: [{ $ref: "#/components/parameters/Namespace" }, { $ref: "#/components/parameters/Name" }]
              responses:
                "200": { $ref: "#/components/responses/Pod" }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "409": { $ref: "#/components/responses/Conflict" }
                "410": { $ref: "#/components/responses/Gone" }
                "429": { $ref: "#/components/responses/Busy" }
                "502": { $ref: "#/components/responses/BadGateway" }
                "503": { $ref: "#/components/responses/Unavailable" }
                "504": { $ref: "#/components/responses/Timeout" }
          /api/v1/pods/{namespace}/{name}/logs:
            get:
              operationId: getPodLogs
              summary: Logs of a pod
              description: >-
                Without `container`, the logs of all containers of the pod, init containers first; each line starts with `[container] `
                where there is more than one.
              parameters:
                - { $ref: "#/components/parameters/Namespace" }
                - { $ref: "#/components/parameters/Name" }
                - name: container
                  in: query
                  description: Only this container; empty for all
                  schema: { type: string, pattern: "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$" }
                - name: tail
                  in: query
                  description: Last lines of each container
                  schema: { type: integer, minimum: 1, maximum: 100000, default: 100 }
                - name: previous
                  in: query
                  description: The run before the current one
                  schema: { type: boolean, default: false }
                - name: since
                  in: query
                  description: Only lines of this last time; seconds, or a number with s, m or h. Beyond a year it is a year.
                  schema: { type: string, pattern: "^[1-9][0-9]{0,11}[smh]?$", example: 15m }
                - name: timestamps
                  in: query
                  description: Whether each line starts with its time
                  schema: { type: boolean, default: false }
              responses:
                "200":
                  description: The log
                  content: { text/plain: { schema: { type: string } } }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "429": { $ref: "#/components/responses/Busy" }
                "502": { $ref: "#/components/responses/BadGateway" }
                "503": { $ref: "#/components/responses/Unavailable" }
                "504": { $ref: "#/components/responses/Timeout" }
          /api/v1/inventory:
            get:
              operationId: getInventory
              summary: Names of what exists
              parameters: [{ $ref: "#/components/parameters/Deadline" }]
              responses:
                "200":
                  description: Namespaces, pods, workloads, Services, Ingresses, Nodes and claims
                  content: { application/json: { schema: { $ref: "#/components/schemas/Inventory" } } }
                "403": { $ref: "#/components/responses/Forbidden" }
                "429": { $ref: "#/components/responses/Busy" }
                "502": { $ref: "#/components/responses/BadGateway" }
                "503": { $ref: "#/components/responses/Unavailable" }
                "504": { $ref: "#/components/responses/Timeout" }
          /api/v1/evidence:
            post:
              operationId: collectEvidence
              summary: All evidence of a scope, in one call
              description: >-
                Reads every kind of resource in the scope, the logs of what looks broken or is asked for, and names as gaps what could
                not be read. Reading is all it does; POST only carries the scope.
              parameters: [{ $ref: "#/components/parameters/Deadline" }]
              requestBody:
                required: true
                content:
                  application/json:
                    schema: { $ref: "#/components/schemas/EvidenceScope" }
              responses:
                "200":
                  description: The evidence
                  content: { application/json: { schema: { $ref: "#/components/schemas/ClusterEvidence" } } }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "413": { $ref: "#/components/responses/TooLarge" }
                "415": { $ref: "#/components/responses/UnsupportedMediaType" }
                "429": { $ref: "#/components/responses/Busy" }
                "502": { $ref: "#/components/responses/BadGateway" }
                "503": { $ref: "#/components/responses/Unavailable" }
                "504": { $ref: "#/components/responses/Timeout" }

        """#
}
