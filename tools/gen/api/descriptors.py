"""The public API as proto/hongyan/v1 declares it: what protoc knows, with comments, in the words of docs/protocol.md."""
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROTO = ROOT / "proto"
PACKAGE = ".hongyan.v1."
# Declares the options themselves; nothing of it is on the wire.
OPTIONS = "hongyan/v1/options.proto"

# Field numbers in descriptor.proto: the path of a declaration's comment is made of them.
_FILE_MESSAGE, _FILE_ENUM, _FILE_SERVICE = 4, 5, 6
_MESSAGE_FIELD, _MESSAGE_NESTED, _MESSAGE_ENUM = 2, 3, 4
_ENUM_VALUE, _SERVICE_METHOD = 2, 2

Node = dict[str, list]


@dataclasses.dataclass(frozen=True)
class Value:
    """A value of an enum, as it is written in JSON. Number 0 is "not set" and has no name on the wire."""

    name: str
    comment: str


@dataclasses.dataclass(frozen=True)
class Enum:
    name: str
    comment: str
    values: tuple[Value, ...]


@dataclasses.dataclass(frozen=True)
class Field:
    name: str
    comment: str
    # id, enum, message, string, bytes, bool, int32, int64, uint32, uint64, double or float
    kind: str
    # Name of the enum or message.
    of: str
    repeated: bool
    # `optional`, a message or part of a oneof: proto tells whether it is set.
    presence: bool
    oneof: bool
    omit_empty: bool
    # A request without it is refused, an answer always has it.
    required: bool
    # An object whose keys are texts; kind and of are those of its values.
    map: bool = False

    @property
    def always_written(self) -> bool:
        """Whether every answer has it: the presence rule of docs/adr/0009-json-presence.md."""
        if self.required:
            return True
        return not self.omit_empty if self.repeated or self.map else not self.presence


@dataclasses.dataclass(frozen=True)
class Message:
    name: str
    comment: str
    # File below proto/, for example hongyan/v1/frame.proto.
    file: str
    fields: tuple[Field, ...]
    # Written as the list of its fields, all of them numbers.
    as_list: bool = False


@dataclasses.dataclass(frozen=True)
class Rpc:
    # Type of its WebSocket frame, for example message.send.
    name: str
    # Path of the gRPC call, for example hongyan.v1.MessageService/Send.
    grpc: str
    comment: str
    verb: str
    # For example /v1/conversations/{conversation_id}.
    path: str
    # public, user or api_key
    access: str
    # An API key may call it, alone or beside users.
    for_keys: bool
    request: str
    response: str

    @property
    def path_fields(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    def has_body(self, messages: dict[str, Message]) -> bool:
        """Whether fields come in the body: has_body of src/edge/http/rest.cc. Most of DELETE have none but those of the path."""
        if self.verb == "DELETE":
            return any(field.name not in self.path_fields for field in messages[self.request].fields)
        return self.verb in ("POST", "PUT", "PATCH")


@dataclasses.dataclass(frozen=True)
class Service:
    # For example message.
    name: str
    comment: str
    rpcs: tuple[Rpc, ...]


@dataclasses.dataclass(frozen=True)
class Api:
    services: tuple[Service, ...]
    messages: dict[str, Message]
    enums: dict[str, Enum]

    def rpcs(self) -> list[Rpc]:
        return [rpc for service in self.services for rpc in service.rpcs]


def snake(pascal: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", pascal).lower()


# Messages that stand as JSON in a text of an answer, where no field leads to them.
IN_TEXTS = ("ExportLine",)


def load() -> Api:
    """Reads the proto files. Ends the program when one does not compile or an rpc lacks its options."""
    services, messages, enums = [], {}, {}
    for file in _descriptor_set()["file"]:
        name = file["name"][0]
        if name == OPTIONS or not name.startswith("hongyan/v1/"):
            continue
        reader = _File(file)
        services += reader.services()
        messages |= {message.name: message for message in reader.messages()}
        enums |= {enum.name: enum for enum in reader.enums()}
    return Api(tuple(sorted(services, key=lambda service: service.name)), messages, enums)


def _descriptor_set() -> Node:
    sources = sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("hongyan/v1/*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "descriptors")
        _protoc("--include_source_info", f"--descriptor_set_out={out}", *sources)
        encoded = pathlib.Path(out).read_bytes()
    # Decoded together with options.proto, so that our options have names.
    decode = "--decode=google.protobuf.FileDescriptorSet"
    return _parse(_protoc(decode, "google/protobuf/descriptor.proto", OPTIONS, given=encoded).decode())


def _protoc(*arguments: str, given: bytes = b"") -> bytes:
    ended = subprocess.run(["protoc", f"--proto_path={PROTO}", *arguments], input=given, capture_output=True)
    if ended.returncode:
        sys.exit(ended.stderr.decode())
    return ended.stdout


def _parse(text: str) -> Node:
    """protobuf's text format: each key with the list of its values, messages as further nodes."""
    root: Node = {}
    stack = [root]
    for line in text.splitlines():
        key, _, value = line.strip().partition(" ")
        if key == "}":
            stack.pop()
        elif value == "{":
            inner: Node = {}
            stack[-1].setdefault(key, []).append(inner)
            stack.append(inner)
        else:
            stack[-1].setdefault(key.rstrip(":"), []).append(_plain(value))
    return root


def _plain(value: str) -> str:
    if not value.startswith('"'):
        return value
    return value[1:-1].encode().decode("unicode_escape").encode("latin-1").decode()


class _File:
    """One file of the descriptor set."""

    def __init__(self, file: Node):
        self.file = file
        self.name = file["name"][0]
        self.comments = {}
        for location in file["source_code_info"][0]["location"]:
            text = location.get("leading_comments", [""])[0]
            self.comments[tuple(int(part) for part in location.get("path", []))] = " ".join(text.split())

    def comment(self, path: tuple[int, ...], what: str) -> str:
        if not self.comments.get(path):
            sys.exit(f"proto/{self.name}: {what} has no comment")
        return self.comments[path]

    def services(self) -> list[Service]:
        found = []
        for index, service in enumerate(self.file.get("service", [])):
            name = service["name"][0]
            path = (_FILE_SERVICE, index)
            rpcs = tuple(self.rpc(name, method, (*path, _SERVICE_METHOD, at)) for at, method in enumerate(service["method"]))
            found.append(Service(snake(name.removesuffix("Service")), self.comment(path, name), rpcs))
        return found

    def rpc(self, service: str, method: Node, path: tuple[int, ...]) -> Rpc:
        name = f"{snake(service.removesuffix('Service'))}.{snake(method['name'][0])}"
        options = method.get("options", [{}])[0].get("[hongyan.v1.rpc]", [{}])[0]
        if "http" not in options or options.get("access", ["UNSPECIFIED"])[0] == "UNSPECIFIED":
            sys.exit(f"proto/{self.name}: {name} needs a route and an access level")
        verb, _, route = options["http"][0].partition(" ")
        return Rpc(
            name=name,
            grpc=f"{PACKAGE[1:]}{service}/{method['name'][0]}",
            comment=self.comment(path, name),
            verb=verb,
            path=route,
            access=options["access"][0].lower(),
            for_keys="api_key" in options or options["access"][0] == "API_KEY",
            request=_type_name(method["input_type"][0]),
            response=_type_name(method["output_type"][0]),
        )

    def messages(self) -> list[Message]:
        found = []
        for message, name, path in self._all_messages():
            maps = {f"{name}{entry['name'][0]}": entry for entry in message.get("nested_type", []) if _is_map_entry(entry)}
            fields = tuple(
                self.field(name, field, (*path, _MESSAGE_FIELD, at), maps) for at, field in enumerate(message.get("field", []))
            )
            as_list = message.get("options", [{}])[0].get("[hongyan.v1.as_list]", ["false"])[0] == "true"
            numbers = all(field.kind in ("int32", "int64") and not field.repeated and not field.presence for field in fields)
            if as_list and not numbers and not (len(fields) == 1 and fields[0].repeated):
                sys.exit(f"proto/{self.name}: {name} is written as a list, but is neither plain numbers nor one list")
            found.append(Message(name, self.comment(path, name), self.name, fields, as_list))
        return found

    def _all_messages(self) -> list[tuple[Node, str, tuple[int, ...]]]:
        found = []

        def visit(message: Node, outer: str, path: tuple[int, ...]) -> None:
            if _is_map_entry(message):
                return
            name = outer + message["name"][0]
            found.append((message, name, path))
            for index, nested in enumerate(message.get("nested_type", [])):
                visit(nested, name, (*path, _MESSAGE_NESTED, index))

        for index, message in enumerate(self.file.get("message_type", [])):
            visit(message, "", (_FILE_MESSAGE, index))
        return found

    def field(self, message: str, field: Node, path: tuple[int, ...], maps: dict[str, Node]) -> Field:
        name = field["name"][0]
        entry = maps.get(_type_name(field.get("type_name", [""])[0]))
        if entry:
            return self.map_field(message, field, path, entry)
        repeated = field["label"][0] == "LABEL_REPEATED"
        kind = field["type"][0].removeprefix("TYPE_").lower()
        optional = field.get("proto3_optional", ["false"])[0] == "true"
        oneof = "oneof_index" in field and not optional
        options = field.get("options", [{}])[0].get("[hongyan.v1.json]", [{}])[0]
        return Field(
            name=name,
            comment=self.comment(path, f"{message}.{name}"),
            kind="id" if kind == "fixed64" else kind,
            of=_type_name(field.get("type_name", [""])[0]),
            repeated=repeated,
            presence=optional or oneof or (kind == "message" and not repeated),
            oneof=oneof,
            omit_empty=options.get("omit_empty", ["false"])[0] == "true",
            required=options.get("required", ["false"])[0] == "true",
        )

    def map_field(self, message: str, field: Node, path: tuple[int, ...], entry: Node) -> Field:
        name = field["name"][0]
        key, value = entry["field"]
        if key["type"][0] != "TYPE_STRING":
            sys.exit(f"proto/{self.name}: the keys of {message}.{name} are no texts, which our JSON does not know")
        options = field.get("options", [{}])[0].get("[hongyan.v1.json]", [{}])[0]
        kind = value["type"][0].removeprefix("TYPE_").lower()
        return Field(
            name=name,
            comment=self.comment(path, f"{message}.{name}"),
            kind="id" if kind == "fixed64" else kind,
            of=_type_name(value.get("type_name", [""])[0]),
            repeated=False,
            presence=False,
            oneof=False,
            omit_empty=options.get("omit_empty", ["false"])[0] == "true",
            required=False,
            map=True,
        )

    def enums(self) -> list[Enum]:
        found = [self.enum(enum, "", (_FILE_ENUM, at)) for at, enum in enumerate(self.file.get("enum_type", []))]
        for message, name, path in self._all_messages():
            found += [self.enum(enum, name, (*path, _MESSAGE_ENUM, at)) for at, enum in enumerate(message.get("enum_type", []))]
        return found

    def enum(self, enum: Node, outer: str, path: tuple[int, ...]) -> Enum:
        prefix = snake(enum["name"][0]) + "_"
        values = []
        for index, value in enumerate(enum["value"]):
            name = value["name"][0].lower().removeprefix(prefix)
            comment = self.comment((*path, _ENUM_VALUE, index), value["name"][0])
            if value.get("number", ["0"])[0] != "0":
                values.append(Value(name, comment))
        return Enum(outer + enum["name"][0], self.comment(path, enum["name"][0]), tuple(values))


def _is_map_entry(message: Node) -> bool:
    return "map_entry" in message.get("options", [{}])[0]


def _type_name(full: str) -> str:
    """.hongyan.v1.Outer.Inner -> OuterInner."""
    return full.removeprefix(PACKAGE).replace(".", "")
