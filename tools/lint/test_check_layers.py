import check_layers
from testing import CheckTest


class LayersTest(CheckTest):
    check = check_layers.check

    def test_own_folder_and_lower_ranks_are_fine(self):
        self.accepts({
            "src/base/a.h": "#include <string>\n#include <fmt/format.h>\n",
            "src/infra/http/a.h": '#include "infra/net/b.h"\n#include "infra/log/log.h"\n#include "base/a.h"\n',
            "src/domain/message/service.h": '#include "domain/account/api.h"\n#include "hongyan/v1/message.pb.h"\n',
            "src/edge/gateway/a.cc": '#include "edge/gateway/a.h"\n#include "wire/dispatcher.h"\n',
            "src/app/roles.cc": '#include "base/registry.h"\n#include "edge/gateway/module.h"\n',
        })

    def test_an_include_that_climbs(self):
        self.refuses({"src/infra/ws/a.h": '#pragma once\n#include "wire/topics.h"\n'}, "src/infra/ws/a.h:2:", "rank 3")
        self.refuses({"src/base/a.h": '#include "infra/log/log.h"\n'}, "rank 2")
        self.refuses({"src/infra/kv/a.h": '#include "hongyan/internal/records.pb.h"\n'}, "hongyan (rank 3)")
        self.refuses({"src/wire/a.h": '#  include "domain/account/api.h"\n'}, "rank 4")

    def test_a_commented_include_is_none(self):
        self.accepts({"src/base/a.h": '// #include "infra/log/log.h"\n/*\n#include "app/x.h"\n*/\n'})

    def test_slices(self):
        self.refuses({"src/domain/account/a.h": '#include "domain/message/api.h"\n'}, "comes before")
        self.refuses({"src/domain/message/a.h": '#include "domain/account/store.h"\n'}, "only api.h")
        self.refuses({"src/domain/message/a.h": '#include "domain/account/testing/api.h"\n'}, "only api.h")
        self.refuses({"src/domain/poll/a.h": '#include "domain/account/api.h"\n'}, "unknown slice")
        self.accepts({
            "src/domain/message/module.cc": '#include "domain/account/module.h"\n',
            "src/domain/message/a_test.cc": '#include "domain/account/testing/builders.h"\n',
        })

    def test_drivers_do_not_lean_on_each_other(self):
        self.refuses({"src/infra/sql/a.h": '#include "infra/http/server.h"\n'}, "INFRA_USES")

    def test_ends_have_an_order(self):
        self.refuses({"src/edge/gateway/a.h": '#include "edge/http/front.h"\n'}, "edge/gateway may not use edge/http")
        self.refuses({"src/edge/rpc/a.h": '#include "edge/gateway/session.h"\n'}, "EDGES")
        self.refuses({"src/wire/a.h": '#include "grpc/health/v1/health.pb.h"\n'}, "grpc (rank 5)")
        self.accepts({"src/edge/grpc/a.h": '#include "edge/rpc/runner.h"\n#include "grpc/health/v1/health.pb.h"\n'})
        self.accepts({"src/edge/http/a.h": '#include "edge/rpc/runner.h"\n#include "edge/gateway/gateway.h"\n'})

    def test_base_knows_only_std_and_fmt(self):
        self.refuses({"src/base/a.h": "#include <boost/asio.hpp>\n"}, "fmt")
        self.accepts({"src/base/a_test.cc": "#include <gtest/gtest.h>\n"})

    def test_the_registry_is_for_modules(self):
        self.refuses({"src/domain/account/service.h": '#include "base/registry.h"\n'}, "registry")
        self.accepts({"src/domain/account/module.cc": '#include "base/registry.h"\n'})

    def test_paths_start_at_src(self):
        self.refuses({"src/base/a.cc": '#include "a.h"\n'}, "by the path from src/")
        self.refuses({"src/infra/ws/a.cc": '#include "base/../app/roles.h"\n'}, "by the path from src/")
        self.refuses({"src/stuff/a.h": "\n"}, "no such layer")

    def test_no_role_below_app(self):
        self.refuses({"src/domain/sync/a.cc": "void f() {\n  if (role == Role::kApi) g();\n}\n"}, "a.cc:2:", "role")
        self.accepts({"src/app/roles.cc": "if (role == x) y();\n", "src/edge/http/a.cc": "if (caller.role == x) y();\n"})

    def test_sql_has_one_place(self):
        self.refuses({"src/domain/account/service.cc": 'auto q = "SELECT id FROM users";\n'}, "sql_*")
        self.accepts({"src/domain/account/sql_store.cc": 'auto q = "SELECT id FROM users";\n'})
        self.accepts({"src/domain/account/sql_rows.h": 'auto q = "SELECT id FROM users";\n'})
