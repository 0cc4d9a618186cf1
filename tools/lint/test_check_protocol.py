import check_protocol
from testing import CheckTest

PROTO = """// Messages.
service MessageService {
  // Sends.
  rpc SendNow(SendRequest) returns (SendResponse) {
    option (hongyan.v1.rpc) = { http: "POST /v1/messages", access: USER };
  }
}
// A request.
message SendRequest {
  // Where to.
  fixed64 conversation_id = 1;
}
"""
ROW = "| `message.send_now` | `POST /v1/messages` | user | x |\n"


class ProtocolTest(CheckTest):
    check = check_protocol.check

    def tree(self, proto=PROTO, row=ROW):
        return {"proto/hongyan/v1/message.proto": proto, "docs/protocol.md": row}

    def test_agreement(self):
        self.accepts(self.tree())

    def test_a_row_too_few_or_too_many(self):
        self.refuses(self.tree(row=""), "message.send_now is not listed")
        self.refuses(self.tree(row=ROW + ROW.replace("send_now", "gone")), "protocol.md:2:", "not declared")

    def test_another_route_or_access(self):
        self.refuses(self.tree(row=ROW.replace("POST", "PUT")), "declared as POST /v1/messages user")
        self.refuses(self.tree(row=ROW.replace("| user", "| public")), "declared as POST /v1/messages user")

    def test_what_has_no_comment(self):
        for comment in ("// Messages.\n", "  // Sends.\n", "// A request.\n", "  // Where to.\n"):
            with self.subTest(comment):
                self.refuses(self.tree(proto=PROTO.replace(comment, "\n")), "no comment")
