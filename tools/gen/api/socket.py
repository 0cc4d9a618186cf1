"""The frames of the WebSocket that are no rpcs: control frames with their answers, and pushes."""
import sys

from api.descriptors import Api, snake

FILE = "hongyan/v1/frame.proto"
# Type of the request -> its data; type of the answer -> its data.
CONTROL = {"auth": ("AuthFrame", "ready", "ReadyFrame"), "ping": ("PingFrame", "pong", "PongFrame")}


def pushes(api: Api) -> dict[str, str]:
    """Type of each push -> its data, in the order of frame.proto."""
    return {snake(name.removesuffix("Push")): name for name, message in api.messages.items() if message.file == FILE and name.endswith("Push")}


def check(api: Api) -> None:
    """Ends the program when frame.proto declares a control frame that is not listed here, or lacks one that is."""
    listed = {name for data, _, answer in CONTROL.values() for name in (data, answer)}
    declared = {name for name, message in api.messages.items() if message.file == FILE and name.endswith("Frame") and name != "Frame"}
    if listed != declared:
        sys.exit(f"tools/gen/api/socket.py and {FILE} differ in {', '.join(sorted(listed ^ declared))}")
