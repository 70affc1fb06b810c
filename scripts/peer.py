"""The smallest FastAPI service that takes and shows incidents as the orchestrator does: a yardstick for `scripts/bench`.

It checks the report, keeps the incident in SQLite (WAL, like the orchestrator's store) before it answers, and investigates nothing. Run by
`uvicorn peer:app`; the file of the store is in PEER_STORE.
"""
import json
import os
import sqlite3
import threading
import uuid
from datetime import datetime, timezone

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel, Field

app = FastAPI()
local = threading.local()


def database():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(os.environ["PEER_STORE"], timeout=30, isolation_level=None)
        local.connection.execute("PRAGMA journal_mode = WAL")
        local.connection.execute("PRAGMA synchronous = NORMAL")
        local.connection.execute("CREATE TABLE IF NOT EXISTS incident (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
    return local.connection


class Report(BaseModel):
    description: str = Field(min_length=1, max_length=65536)
    namespace: str | None = Field(default=None, pattern="^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
    cluster: str | None = None
    labels: dict[str, str] | None = None


class Accepted(BaseModel):
    incident_id: str


@app.post("/api/v1/incidents", status_code=202, response_model=Accepted)
def open_incident(report: Report):
    identifier = str(uuid.uuid4())
    body = report.model_dump(exclude_none=True) | {
        "id": identifier, "status": "pending", "created_at": datetime.now(timezone.utc).isoformat(), "evidence": {}}
    database().execute("INSERT INTO incident VALUES (?, ?)", (identifier, json.dumps(body)))
    return Accepted(incident_id=identifier)


@app.put("/api/v1/incidents/{identifier}", status_code=204)
async def put(identifier: str, incident: dict):
    """Puts the orchestrator's own incident here, so that both show the same bytes."""
    database().execute("INSERT OR REPLACE INTO incident VALUES (?, ?)", (identifier, json.dumps(incident)))


@app.get("/api/v1/incidents/{identifier}")
def show(identifier: str):
    row = database().execute("SELECT body FROM incident WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        raise HTTPException(404, "unknown incident")
    return Response(row[0], media_type="application/json")
