extension Orchestrator {
    /// `openapi/orchestrator.yaml`, word for word; a test holds the two equal.
    public static let openAPIDocument = openAPIPaths + openAPIComponents

    private static let openAPIPaths = #"""
        openapi: 3.0.3
        info:
          title: SRE Orchestrator
          version: 1.0.0
          description: >-
            Takes an incident as one sentence and answers with its root cause, the evidence for it and how sure that is. Investigations run in
            the background; an incident never ends with a cause that the evidence does not carry.
        servers:
          - url: /
        security:
          - bearer: []
          - apiKey: []
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
              summary: Whether the store and the agent answer
              responses:
                "200":
                  description: All dependencies answer
                  content: { application/json: { schema: { $ref: "#/components/schemas/Readiness" } } }
                "503":
                  description: A dependency does not answer; `message` and `checks` name it
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
          /api/v1/incidents:
            post:
              operationId: openIncident
              summary: Report an incident
              description: >-
                Answers at once; the investigation runs in the background. Unknown members are ignored. With an `Idempotency-Key`, the same report
                sent again is the same incident.
              parameters:
                - name: Idempotency-Key
                  in: header
                  description: Any text that is new for each report; kept as long as the incident
                  schema: { type: string, minLength: 1, maxLength: 255, pattern: "^[!-~]+$" }
              requestBody:
                required: true
                description: At most 1 MiB
                content: { application/json: { schema: { $ref: "#/components/schemas/IncidentReport" } } }
              responses:
                "202":
                  description: The incident is stored and will be investigated
                  headers:
                    Location:
                      description: Path of the incident
                      schema: { type: string }
                    X-Correlation-ID: { $ref: "#/components/headers/CorrelationID" }
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [incident_id]
                        properties:
                          incident_id: { type: string, format: uuid }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "409":
                  description: A request with this Idempotency-Key is being answered
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
                "413": { $ref: "#/components/responses/TooLarge" }
                "415": { $ref: "#/components/responses/UnsupportedMediaType" }
                "422":
                  description: The Idempotency-Key belongs to another report
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }
            get:
              operationId: listIncidents
              summary: Incidents, the newest first, without report and evidence
              description: Filters are combined. Unknown parameters are refused.
              parameters:
                - name: status
                  in: query
                  description: Any of these states, separated by commas
                  schema:
                    type: string
                    pattern: "^(pending|running|completed|failed|cancelled)(,(pending|running|completed|failed|cancelled))*$"
                    example: failed,cancelled
                - name: namespace
                  in: query
                  description: The namespace that was given or found
                  schema: { type: string, pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }
                - name: cause
                  in: query
                  description: Code of the first root cause
                  schema: { $ref: "#/components/schemas/CauseCode" }
                - name: created_from
                  in: query
                  description: Reported at this time or later
                  schema: { type: string, format: date-time }
                - name: created_until
                  in: query
                  description: Reported before this time
                  schema: { type: string, format: date-time }
                - name: cursor
                  in: query
                  description: The `next_cursor` of the page before
                  schema: { type: string, pattern: "^[1-9][0-9]{0,17}$" }
                - name: limit
                  in: query
                  schema: { type: integer, minimum: 1, maximum: 200, default: 20 }
              responses:
                "200":
                  description: Newest first
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [incidents]
                        properties:
                          incidents: { type: array, items: { $ref: "#/components/schemas/Incident" } }
                          next_cursor: { type: string, description: Absent on the last page }
                          unreadable:
                            type: array
                            description: Ids of those of the incidents that the store cannot read; absent where there are none
                            items: { type: string, format: uuid }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }
          /api/v1/incidents/{id}:
            get:
              operationId: getIncident
              summary: An incident, and what was found out about it
              parameters: [{ $ref: "#/components/parameters/ID" }]
              responses:
                "200":
                  description: The incident
                  content: { application/json: { schema: { $ref: "#/components/schemas/Incident" } } }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }
          /api/v1/incidents/{id}/cancel:
            post:
              operationId: cancelIncident
              summary: Stop the investigation of an incident, whoever runs it
              parameters: [{ $ref: "#/components/parameters/ID" }]
              responses:
                "200":
                  description: The cancelled incident; also where it was cancelled before
                  content: { application/json: { schema: { $ref: "#/components/schemas/Incident" } } }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "409":
                  description: The investigation has ended already
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }
          /api/v1/incidents/{id}/review:
            patch:
              operationId: reviewIncident
              summary: Accept or reject the cause of an incident that waits for a review
              parameters: [{ $ref: "#/components/parameters/ID" }]
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [decision]
                      properties:
                        decision: { type: string, enum: [accepted, rejected] }
                        comment: { type: string, maxLength: 4096 }
              responses:
                "200":
                  description: The incident, which goes on
                  content: { application/json: { schema: { $ref: "#/components/schemas/Incident" } } }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "409":
                  description: The incident waits for no review
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
                "413": { $ref: "#/components/responses/TooLarge" }
                "415": { $ref: "#/components/responses/UnsupportedMediaType" }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }
          /api/v1/incidents/{id}/events:
            get:
              operationId: followIncident
              summary: The journal of an incident as server-sent events, from the first entry until its end
              description: >-
                Each entry is an event `journal` whose id is its sequence number and whose data is the entry as JSON. `end` with the final status
                closes the stream. A broken stream is resumed with `Last-Event-ID`, at any replica.
              parameters:
                - { $ref: "#/components/parameters/ID" }
                - name: Last-Event-ID
                  in: header
                  description: Only entries after this one
                  schema: { type: string, pattern: "^[0-9]{0,9}$" }
                - name: after
                  in: query
                  description: Only entries with a greater sequence number, for the first connection
                  schema: { type: integer, minimum: 0, maximum: 2147483647, default: 0 }
              responses:
                "200":
                  description: The stream
                  content:
                    text/event-stream:
                      schema:
                        type: object
                        description: One event
                        properties:
                          id: { type: string }
                          event: { type: string, enum: [journal, end] }
                          data: { type: string, description: JSON }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }
          /api/v1/incidents/{id}/journal:
            get:
              operationId: getJournal
              summary: What happened in the investigation, step by step
              parameters:
                - { $ref: "#/components/parameters/ID" }
                - name: after
                  in: query
                  description: Only entries with a greater sequence number
                  schema: { type: integer, minimum: 0, maximum: 2147483647, default: 0 }
              responses:
                "200":
                  description: The entries in order; with a final status they are complete
                  content: { application/json: { schema: { $ref: "#/components/schemas/Journal" } } }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }
          /api/v1/incidents/{id}/report.md:
            get:
              operationId: getReport
              summary: The report of a finished investigation as Markdown
              parameters: [{ $ref: "#/components/parameters/ID" }]
              responses:
                "200":
                  description: The report
                  content: { text/markdown: { schema: { type: string } } }
                "400": { $ref: "#/components/responses/BadRequest" }
                "401": { $ref: "#/components/responses/Unauthorized" }
                "403": { $ref: "#/components/responses/Forbidden" }
                "404": { $ref: "#/components/responses/NotFound" }
                "409":
                  description: The investigation is not finished
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
                "429": { $ref: "#/components/responses/TooManyRequests" }
                "503": { $ref: "#/components/responses/Unavailable" }

        """#
}
