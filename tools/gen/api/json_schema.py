"""JSON Schema of the messages, by the rules of docs/protocol.md §1: what OpenAPI and AsyncAPI share."""
import dataclasses
import sys
import tomllib

from api.descriptors import ROOT, Api, Field, Message

ID_PATTERN = "^[0-9]{1,20}$"
# docs/protocol.md §2: ids of frames, and client_msg_id.
TOKEN_PATTERN = "^[A-Za-z0-9_-]{1,64}$"

# Of fields with these names wherever they are.
_EXAMPLES = {
    "username": "lihua",
    "account": "lihua",
    "q": "lihua",
    "nickname": "李华",
    "password": "correct horse battery staple",
    "old_password": "correct horse battery staple",
    "new_password": "a longer and better one",
    "birthday": "1990-12-31",
    "client_msg_id": "7f3cA-1",
    "text": "你好",
    "limit": 50,
}
_EXAMPLE_ID = "4611686018427387904"
_EXAMPLE_TIME_MS = 1767225600000

_PLAIN = {
    "id": {"type": "string", "pattern": ID_PATTERN},
    "string": {"type": "string"},
    "bytes": {"type": "string", "pattern": "^[A-Za-z0-9_-]*$", "contentEncoding": "base64url"},
    "bool": {"type": "boolean"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "uint32": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 2**32 - 1},
    "uint64": {"type": "integer", "format": "int64", "minimum": 0},
    "double": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "float"},
}


@dataclasses.dataclass(frozen=True)
class Direction:
    """A message has another schema where it is asked with than where it answers: a request may leave out more."""

    api: Api
    # Messages that have a schema of their own for requests.
    inputs: frozenset[str]
    request: bool

    def name(self, message: str) -> str:
        return message + "Input" if self.request and message in self.inputs else message

    def reference(self, message: str) -> dict:
        return {"$ref": f"#/components/schemas/{self.name(message)}"}

    def is_required(self, field: Field) -> bool:
        return field.required if self.request else field.always_written

    def field(self, field: Field) -> dict:
        if field.kind == "message":
            one = self.reference(field.of)
        elif field.kind == "enum":
            one = {"$ref": f"#/components/schemas/{field.of}"}
        else:
            one = dict(_PLAIN[field.kind])
            if field.name == "client_msg_id" and self.request:
                one["pattern"] = TOKEN_PATTERN
        if field.map:
            return {"description": field.comment, "type": "object", "additionalProperties": one}
        if field.repeated:
            return {"description": field.comment, "type": "array", "items": one}
        return {"description": field.comment, **one, **_example(field)}

    def message(self, message: Message, without: tuple[str, ...] = ()) -> dict:
        """The schema of an object; `without` are fields that stand elsewhere, in the path."""
        if message.as_list and message.fields[0].repeated:
            return self.field(message.fields[0])
        if message.as_list:
            count = len(message.fields)
            places = [{"title": field.name, **self.field(field)} for field in message.fields]
            return {"description": message.comment, "type": "array", "prefixItems": places, "minItems": count, "maxItems": count}
        fields = [field for field in message.fields if field.name not in without]
        schema: dict = {"description": message.comment, "type": "object"}
        if fields:
            schema["properties"] = {field.name: self.field(field) for field in fields}
        required = [field.name for field in fields if not field.oneof and self.is_required(field)]
        if required:
            schema["required"] = required
        kinds = [field for field in fields if field.oneof]
        if kinds:
            schema["oneOf"] = [{"title": field.name, "required": [field.name]} for field in kinds]
        return schema


def _example(field: Field) -> dict:
    if field.kind == "id":
        return {"examples": [_EXAMPLE_ID]}
    if field.name in _EXAMPLES and field.kind in ("string", "int32"):
        return {"examples": [_EXAMPLES[field.name]]}
    is_moment = field.kind == "int64" and field.name.endswith("_ms") and "Unix milliseconds" in field.comment
    return {"examples": [_EXAMPLE_TIME_MS]} if is_moment else {}


def reachable(api: Api, roots: list[str]) -> list[str]:
    """These messages and all that stand in them, in the order they are met."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name in found:
            return
        found.append(name)
        for field in api.messages[name].fields:
            if field.kind == "message":
                visit(field.of)

    for root in roots:
        visit(root)
    return found


def directions(api: Api, requests: list[str], answers: list[str]) -> tuple[Direction, Direction]:
    """How requests and answers name their schemas, given the messages at the top of each."""
    both = set(reachable(api, requests)) & set(reachable(api, answers))
    plain = Direction(api, frozenset(), True), Direction(api, frozenset(), False)
    differing = {name for name in both if plain[0].message(api.messages[name]) != plain[1].message(api.messages[name])}
    # Whatever holds a message with two schemas has two itself.
    while grown := {name for name in both - differing if differing & set(reachable(api, [name]))}:
        differing |= grown
    return Direction(api, frozenset(differing), True), Direction(api, frozenset(differing), False)


def schemas(api: Api, requests: list[str], answers: list[str], into: tuple[Direction, Direction]) -> dict[str, dict]:
    """components.schemas: the messages at the top and below, the enums they use, and Error."""
    found: dict[str, dict] = {}
    for direction, roots in zip(into, (requests, answers)):
        for name in reachable(api, roots):
            found[direction.name(name)] = direction.message(api.messages[name])
            for field in api.messages[name].fields:
                if field.kind == "enum":
                    found[field.of] = enum(api, field.of)
    return dict(sorted(found.items())) | {"Error": error(api)}


def enum(api: Api, name: str) -> dict:
    values = api.enums[name].values
    texts = "\n".join(f"- `{value.name}`: {value.comment}" for value in values)
    return {"description": f"{api.enums[name].comment}\n{texts}", "type": "string", "enum": [value.name for value in values]}


def check_references(document: dict) -> None:
    """Ends the program when a $ref of the document leads nowhere."""

    def visit(node: object) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                found: object = document
                for part in node["$ref"].removeprefix("#/").split("/"):
                    found = found.get(part) if isinstance(found, dict) else None
                if found is None:
                    sys.exit(f"nothing at {node['$ref']}")
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(document)


def error_table() -> dict[str, dict]:
    with open(ROOT / "proto/errors.toml", "rb") as file:
        return tomllib.load(file)


def error(api: Api) -> dict:
    """The message Error, whose code is one of proto/errors.toml."""
    schema = Direction(api, frozenset(), False).message(api.messages["Error"])
    schema["properties"]["code"]["enum"] = list(error_table())
    return schema
