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


TEST_ROW = "  'message.send_now': { data: {} },\n"


class ProtocolTest(CheckTest):
    check = check_protocol.check

    def tree(self, proto=PROTO, row=ROW, test_row=TEST_ROW):
        return {"proto/hongyan/v1/message.proto": proto, "docs/protocol.md": row, "tests/e2e/access.test.ts": test_row}

    def test_agreement(self):
        self.accepts(self.tree())

    def test_a_row_too_few_or_too_many(self):
        self.refuses(self.tree(row=""), "message.send_now is not listed")
        self.refuses(self.tree(row=ROW + ROW.replace("send_now", "gone")), "protocol.md:2:", "not declared")

    def test_another_route_or_access(self):
        self.refuses(self.tree(row=ROW.replace("POST", "PUT")), "declared as POST /v1/messages user")
        self.refuses(self.tree(row=ROW.replace("| user", "| public")), "declared as POST /v1/messages user")

    def test_an_rpc_without_access_level(self):
        for options in ('{ http: "POST /v1/messages" }', '{ access: USER }', '{ http: "POST /v1/messages", access: UNSPECIFIED }'):
            with self.subTest(options):
                self.refuses(self.tree(proto=PROTO.replace('{ http: "POST /v1/messages", access: USER }', options)), "no route or no access level")
        bare = "rpc SendNow(SendRequest) returns (SendResponse);\n"
        start, end = PROTO.index("rpc"), PROTO.index("  }\n") + 4
        self.refuses(self.tree(proto=PROTO[:start] + bare + PROTO[end:]), "no route or no access level")

    def test_an_rpc_without_a_row_in_the_access_test(self):
        self.refuses(self.tree(test_row=""), "message.send_now has no row")
        public = PROTO.replace("USER", "PUBLIC")
        self.accepts(self.tree(proto=public, row=ROW.replace("| user", "| public"), test_row=""))

    def test_what_has_no_comment(self):
        for comment in ("// Messages.\n", "  // Sends.\n", "// A request.\n", "  // Where to.\n"):
            with self.subTest(comment):
                self.refuses(self.tree(proto=PROTO.replace(comment, "\n")), "no comment")
