#!/usr/bin/env python3
"""Generates docs/openapi.json, the REST form of proto/hongyan/v1 in OpenAPI 3.1.

Usage: tools/gen/openapi.py [--check]     --check writes nothing and fails when the file in the tree differs.
"""
from api import descriptors, json_schema, outputs

TARGET = "docs/openapi.json"
VERSION = "1"
LICENCE = {"name": "MIT", "identifier": "MIT"}
TITLE = "Hongyan"
DESCRIPTION = (
    "The REST form of the public protocol, version 1. Every operation may be called over the WebSocket as well, where its "
    "operationId is the type of the frame. Ids are strings of digits, times Unix milliseconds UTC, enums lower_snake "
    "strings; absent and null are the same in a request, and its unknown fields are ignored."
)
_REQUEST_ID = {"x-request-id": {"description": "Names this request in logs.", "required": True, "schema": {"type": "string"}}}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds, of `retry_after_ms`.", "schema": {"type": "integer", "minimum": 0}}}
_ALLOW = {"Allow": {"description": "What the path does answer.", "required": True, "schema": {"type": "string"}}}
# Refusals that only a body can bring about.
_OF_BODIES = (413, 415)
# Sent to what is no operation, or by no rpc yet.
_NOT_OF_OPERATIONS = (405, 501)


def statuses() -> dict[int, list[str]]:
    """HTTP status -> the codes that have it."""
    found: dict[int, list[str]] = {}
    for code, row in json_schema.error_table().items():
        found.setdefault(row["status"], []).append(code)
    return dict(sorted(found.items()))


def error_response(status: int, codes: list[str]) -> dict:
    headers = _REQUEST_ID | (_RETRY_AFTER if status in (429, 503) else {}) | (_ALLOW if status == 405 else {})
    return {
        "description": ", ".join(f"`{code}`" for code in codes),
        "headers": headers,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}},
    }


def parameter(field: descriptors.Field, where: str, direction: json_schema.Direction) -> dict:
    schema = direction.field(field)
    if field.kind == "message":
        raise SystemExit(f"{field.name}: a message cannot stand in a {where}")
    text = schema.pop("description")
    required = where == "path" or field.required
    return {"name": field.name, "in": where, "description": text, "required": required, "schema": schema}


def request_body(message: descriptors.Message, rpc: descriptors.Rpc, direction: json_schema.Direction) -> dict:
    in_path = tuple(rpc.path_fields)
    schema = direction.message(message, in_path) if in_path else direction.reference(message.name)
    needed = any(field.required for field in message.fields if field.name not in in_path)
    return {"required": needed, "content": {"application/json": {"schema": schema}}}


def operation(api: descriptors.Api, rpc: descriptors.Rpc, service: str, into: tuple) -> dict:
    asking, answering = into
    fields = {field.name: field for field in api.messages[rpc.request].fields}
    parameters = [parameter(fields[name], "path", asking) for name in rpc.path_fields]
    if not rpc.has_body(api.messages):
        parameters += [parameter(field, "query", asking) for name, field in fields.items() if name not in rpc.path_fields]
    found: dict = {"operationId": rpc.name, "tags": [service], "summary": rpc.comment.split(". ")[0].rstrip("."), "description": rpc.comment}
    found["security"] = [{"bearer": []}] * (rpc.access == "user") + [{"api_key": []}] * rpc.for_keys
    if parameters:
        found["parameters"] = parameters
    if rpc.has_body(api.messages):
        found["requestBody"] = request_body(api.messages[rpc.request], rpc, asking)
    success = {
        "description": api.messages[rpc.response].comment,
        "headers": _REQUEST_ID,
        "content": {"application/json": {"schema": answering.reference(rpc.response)}},
    }
    left_out = _NOT_OF_OPERATIONS + (() if rpc.has_body(api.messages) else _OF_BODIES)
    refusals = {str(status): {"$ref": f"#/components/responses/Error{status}"} for status in statuses() if status not in left_out}
    found["responses"] = {"200": success} | refusals
    return found


def render(api: descriptors.Api) -> dict:
    requests = sorted({rpc.request for rpc in api.rpcs() if rpc.has_body(api.messages)})
    answers = sorted({rpc.response for rpc in api.rpcs()})
    into = json_schema.directions(api, requests, answers)
    paths: dict[str, dict] = {}
    for service in api.services:
        for rpc in service.rpcs:
            paths.setdefault(rpc.path, {})[rpc.verb.lower()] = operation(api, rpc, service.name, into)
    schemas = json_schema.schemas(api, requests, answers, into)
    # What stands in a query has no schema of its own but for enums.
    in_queries = [field for rpc in api.rpcs() if not rpc.has_body(api.messages) for field in api.messages[rpc.request].fields]
    schemas |= {field.of: json_schema.enum(api, field.of) for field in in_queries if field.kind == "enum"}
    schemas["ErrorAnswer"] = {
        "description": "The body of every refusal.",
        "type": "object",
        "properties": {"error": {"$ref": "#/components/schemas/Error"}},
        "required": ["error"],
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": DESCRIPTION, "license": LICENCE},
        "servers": [{"url": "/"}],
        "tags": [{"name": service.name, "description": service.comment} for service in api.services],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token of auth.login."},
                "api_key": {"type": "http", "scheme": "bearer", "bearerFormat": "hyk_…", "description": "An API key of another server, with the rpc among its scopes."},
            },
            "responses": {f"Error{status}": error_response(status, codes) for status, codes in statuses().items()},
            "schemas": schemas,
        },
    }
    json_schema.check_references(document)
    return document


if __name__ == "__main__":
    outputs.write({TARGET: outputs.as_json(render(descriptors.load()))})
