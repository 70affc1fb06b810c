extension KubernetesAgent {
    /// The part of `openAPIDocument` that describes what is sent and answered.
    static let openAPIComponents = #"""
        components:
          securitySchemes:
            bearer: { type: http, scheme: bearer, description: The token of the agent; not needed where it has none }
          parameters:
            Deadline:
              name: X-Deadline-Seconds
              in: header
              description: >-
                How long the caller waits, in seconds, e.g. `12.5`; what cannot be read in nine tenths of it becomes a gap. Anything else is
                read as not given.
              schema: { type: string }
            Namespace:
              name: namespace
              in: path
              required: true
              schema: { type: string, maxLength: 63, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" }
            Name:
              name: name
              in: path
              required: true
              schema: { type: string, maxLength: 253, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$" }
          responses:
            Unauthorized:
              description: No token, or another one
              headers:
                WWW-Authenticate: { schema: { type: string } }
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
            Pod:
              description: The pod
              content: { application/json: { schema: { $ref: "#/components/schemas/PodDetails" } } }
            BadRequest:
              description: A name, a query value or the body cannot be used; the message names it
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Forbidden:
              description: The agent may not read this in the cluster
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            NotFound:
              description: The pod does not exist
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Conflict:
              description: The Kubernetes API reports a conflict
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Gone:
              description: The Kubernetes API no longer has the state that was asked for
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            TooLarge:
              description: The body is over 1 MiB
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            UnsupportedMediaType:
              description: The body is not declared as JSON
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Busy:
              description: The Kubernetes API or the agent has too much to do
              headers:
                Retry-After:
                  description: Seconds to wait
                  schema: { type: integer }
              content:
                application/problem+json:
                  schema: { $ref: "#/components/schemas/Problem" }
            BadGateway:
              description: The Kubernetes API failed, or does not accept the agent's credentials
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Unavailable:
              description: The Kubernetes API cannot be reached
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
            Timeout:
              description: The Kubernetes API did not answer in time
              content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
          schemas:
            Problem:
              type: object
              description: RFC 9457, with the members of the public API
              required: [code, message, type, title, status, detail]
              properties:
                code: { type: integer, description: The HTTP status }
                message: { type: string, description: What is wrong and what to do }
                type: { type: string }
                title: { type: string }
                status: { type: integer }
                detail: { type: string }
                instance: { type: string }
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
                name: { type: string, enum: [kubernetes, access] }
                status: { type: string, enum: [ok, limited, not_ready] }
                message: { type: string }
            ObjectReference:
              type: object
              required: [kind, name]
              properties:
                kind: { type: string, pattern: "^[A-Za-z]{1,63}$", example: Deployment }
                namespace:
                  type: string
                  nullable: true
                  pattern: "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$"
                  description: Absent, null or empty for cluster-scoped objects
                name: { type: string, pattern: "^(?!\\.{1,2}$)[!-$&-.0-~]{1,253}$" }
            EvidenceGap:
              type: object
              description: Something that could not be read
              required: [path, reason]
              properties:
                path: { type: string, example: api/v1/nodes }
                reason: { type: string }
            PodDetails:
              type: object
              required: [name, namespace, phase, ready, restart_count, labels, owners, containers, conditions, events, gaps]
              properties:
                name: { type: string }
                namespace: { type: string }
                phase: { type: string }
                reason: { type: string }
                ready: { type: boolean }
                restart_count: { type: integer }
                node: { type: string }
                pod_ip: { type: string }
                service_account: { type: string }
                created_at: { type: string, format: date-time }
                labels: { type: object, additionalProperties: { type: string } }
                owners:
                  type: array
                  description: Controllers above the pod, nearest first
                  items: { $ref: "#/components/schemas/ObjectReference" }
                containers: { type: array, items: { $ref: "#/components/schemas/PodContainer" } }
                conditions:
                  type: array
                  items:
                    type: object
                    required: [type, status]
                    properties:
                      type: { type: string }
                      status: { type: string }
                      reason: { type: string }
                      message: { type: string }
                events:
                  type: array
                  description: Oldest first
                  items:
                    type: object
                    required: [type, reason, message, count]
                    properties:
                      type: { type: string }
                      reason: { type: string }
                      message: { type: string }
                      count: { type: integer }
                      last_seen: { type: string, format: date-time }
                gaps: { type: array, items: { $ref: "#/components/schemas/EvidenceGap" } }
            PodContainer:
              type: object
              required: [name, image, role, state, ready, restart_count, requests, limits, environment]
              properties:
                name: { type: string }
                image: { type: string }
                role: { type: string, enum: [init, app, ephemeral] }
                state: { type: string, enum: [running, waiting, terminated, unknown] }
                reason: { type: string }
                message: { type: string }
                exit_code: { type: integer }
                ready: { type: boolean }
                restart_count: { type: integer }
                last_state: { type: string }
                last_reason: { type: string }
                last_exit_code: { type: integer }
                last_finished_at: { type: string, format: date-time }
                requests: { type: object, additionalProperties: { type: string } }
                limits: { type: object, additionalProperties: { type: string } }
                environment:
                  type: object
                  description: Variables and where values come from; never values of Secrets, and *** for values that look secret
                  additionalProperties: { type: string }
            Inventory:
              type: object
              required: [namespaces, entries, gaps]
              properties:
                namespaces: { type: array, items: { type: string } }
                entries:
                  type: array
                  items:
                    type: object
                    required: [object, aliases]
                    properties:
                      object: { $ref: "#/components/schemas/ObjectReference" }
                      workload: { $ref: "#/components/schemas/ObjectReference" }
                      aliases: { type: array, items: { type: string } }
                gaps: { type: array, items: { $ref: "#/components/schemas/EvidenceGap" } }
            EvidenceScope:
              type: object
              description: Unknown members are ignored
              properties:
                namespaces:
                  type: array
                  description: Namespaces to read; empty or absent means the subject's, else all
                  nullable: true
                  maxItems: 1000
                  items: { type: string, pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }
                subject:
                  type: object
                  nullable: true
                  description: With a subject, only what is connected to it is given
                  allOf:
                    - { $ref: "#/components/schemas/ObjectReference" }
                focus:
                  type: array
                  description: Objects whose logs are wanted even where they look healthy
                  nullable: true
                  maxItems: 1000
                  items: { $ref: "#/components/schemas/ObjectReference" }
            ClusterEvidence:
              type: object
              required: [captured_at, kubernetes_version, gaps, lists, logs]
              properties:
                captured_at: { type: string, format: date-time }
                kubernetes_version: { type: string }
                namespaces:
                  type: array
                  nullable: true
                  description: Namespaces that were read; null means all
                  items: { type: string }
                gaps: { type: array, items: { $ref: "#/components/schemas/EvidenceGap" } }
                lists:
                  type: object
                  description: Items as the Kubernetes API gave them, by list path such as api/v1/pods; an absent list was not read
                  additionalProperties: { type: array, items: { type: object } }
                logs:
                  type: array
                  items:
                    type: object
                    required: [namespace, pod, container, previous, text]
                    properties:
                      namespace: { type: string }
                      pod: { type: string }
                      container: { type: string }
                      previous: { type: boolean }
                      text: { type: string }
                telemetry:
                  type: object
                  description: Contents of telemetry files by name
                knowledge_graph: { type: string }

        """#
}
