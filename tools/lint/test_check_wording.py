import check_wording
from testing import CheckTest


class WordingTest(CheckTest):
    check = check_wording.check

    def test_refused(self):
        for name, text in {
            "src/base/a.h": "// TO" + "DO: later\n",
            "README.md": "clone it to /wo" + "rk/main\n",
            "web/a.ts": "const url = 'https://registry.n" + "pmjs.org';\n",
            "src/base/b.h": "class UserManager {};\n",
            "web/b.ts": "export class DateUtils {}\n",
            "src/base/a_test.cc": "std::this_thread::sleep_for(1s);\n",
            "tests/e2e/a.test.ts": "await new Promise((resolve) => setTimeout(resolve, 100));\n",
            "tests/e2e/b.test.ts": "it.s" + "kip('x', () => {});\n",
            "src/infra/c.cc": "co_spawn(x, f(), boost::asio::detached);\n",
            "src/infra/d.cc": "try { f(); } catch (...) {}\n",
            "src/infra/e.cc": "auto f = [this](int a) -> async::Task<void> { co_return; };\n",
            "src/infra/f.h": "using namespace std;\n",
            "src/infra/utils/g.h": "\n",
        }.items():
            with self.subTest(name):
                self.refuses({name: text}, name)

    def test_accepted(self):
        self.accepts({
            "src/base/a.h": "// Never sleep_for(1) here: nothing is detached.\nclass Clock {};\n",
            "src/base/b.cc": "auto f = [](int a) -> Task<void> { co_return; };\ntry { f(); } catch (...) { throw; }\n",
            "src/base/c.cc": "using namespace std::chrono_literals;\n",
            "web/a.ts": "setTimeout(() => this.retry(), delay);\n",
        })
