#!/usr/bin/env python3
"""Generates docs/asyncapi.json: the WebSocket of docs/protocol.md §2 in AsyncAPI 3.0, from the server's side.

Usage: tools/gen/asyncapi.py [--check]     --check writes nothing and fails when the file in the tree differs.
"""
from api import descriptors, json_schema, outputs, socket

TARGET = "docs/asyncapi.json"
DESCRIPTION = (
    "The WebSocket of the public protocol, version 1, sub-protocol hongyan.v1.json: text frames, one JSON object each. The "
    "client sends requests, each answered by one frame with the same id; the server sends pushes, which have none."
)
_CHANNEL = "#/channels/socket"
_ID = {"description": "Chosen by the client; the answer carries it.", "type": "string", "pattern": json_schema.TOKEN_PATTERN}


def frame(kind: str, title: str, text: str, data: dict | None, has_id: bool = True, may_lack_data: bool = False) -> dict:
    properties: dict = {"type": {"const": kind}}
    if has_id:
        properties["id"] = _ID
    required = list(properties)
    if data is not None:
        properties["data"] = data
        required += [] if may_lack_data else ["data"]
    payload = {"type": "object", "properties": properties, "required": required}
    return {"name": kind, "title": title, "summary": text, "contentType": "application/json", "payload": payload}


def error_frame() -> dict:
    message = frame("error", "error", "A request was refused.", None)
    message["payload"]["properties"]["error"] = {"$ref": "#/components/schemas/Error"}
    # A frame whose id cannot be read is refused without one.
    message["payload"]["required"] = ["type", "error"]
    return message


class Document:
    """Channels, messages and operations as they gather."""

    def __init__(self) -> None:
        self.messages: dict[str, dict] = {"error": error_frame()}
        self.operations: dict[str, dict] = {}

    def reference(self, name: str) -> dict:
        return {"$ref": f"{_CHANNEL}/messages/{name}"}

    def request(self, name: str, asked: dict, answer: str, answered: dict, tag: str) -> None:
        self.messages[name] = asked
        self.messages[answer] = answered
        self.operations[name] = {
            "action": "receive",
            "summary": asked["summary"],
            "tags": [{"name": tag}],
            "channel": {"$ref": _CHANNEL},
            "messages": [self.reference(name)],
            "reply": {"channel": {"$ref": _CHANNEL}, "messages": [self.reference(answer), self.reference("error")]},
        }

    def push(self, name: str, message: dict) -> None:
        self.messages[f"push.{name}"] = message
        self.operations[f"push.{name}"] = {
            "action": "send",
            "summary": message["summary"],
            "tags": [{"name": "push"}],
            "channel": {"$ref": _CHANNEL},
            "messages": [self.reference(f"push.{name}")],
        }


def render(api: descriptors.Api) -> dict:
    socket.check(api)
    requests = [data for data, _, _ in socket.CONTROL.values()] + sorted({rpc.request for rpc in api.rpcs()})
    answers = [data for _, _, data in socket.CONTROL.values()] + sorted({rpc.response for rpc in api.rpcs()})
    answers += socket.pushes(api).values()
    asking, answering = into = json_schema.directions(api, requests, answers)
    document = Document()
    comment = {name: message.comment for name, message in api.messages.items()}

    def request(kind: str, text: str, data: str) -> dict:
        lacks_nothing = not any(field.required for field in api.messages[data].fields)
        return frame(kind, kind, text, asking.reference(data), may_lack_data=lacks_nothing)

    for kind, (data, answer, answered) in socket.CONTROL.items():
        asked = request(kind, comment[data], data)
        document.request(kind, asked, answer, frame(answer, answer, comment[answered], answering.reference(answered)), "control")
    for service in api.services:
        for rpc in service.rpcs:
            asked = request(rpc.name, rpc.comment, rpc.request)
            ok = frame("ok", f"ok to {rpc.name}", comment[rpc.response], answering.reference(rpc.response))
            document.request(rpc.name, asked, f"{rpc.name}.ok", ok, service.name)
    for kind, data in socket.pushes(api).items():
        document.push(kind, frame(kind, f"push {kind}", comment[data], answering.reference(data), has_id=False))
    rendered = {
        "asyncapi": "3.0.0",
        "info": {"title": "Hongyan", "version": "1", "description": DESCRIPTION, "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "servers": {"this": {"host": "localhost:8080", "protocol": "ws", "description": "Wherever this page came from; wss behind TLS."}},
        "channels": {"socket": {"address": "/ws", "description": "Begins with `auth`.", "messages": document.messages}},
        "operations": document.operations,
        "components": {"schemas": json_schema.schemas(api, requests, answers, into)},
    }
    json_schema.check_references(rendered)
    return rendered


if __name__ == "__main__":
    outputs.write({TARGET: outputs.as_json(render(descriptors.load()))})
