import check_threads
from testing import CheckTest

SOURCE = 'class A {\n  std::mutex mutex_;\n  // std::mutex old_;\n  async::BlockingPool pool_{"db", 4, 100};\n};\n'
LOCKS = "| lock | guards |\n|---|---|\n| `src/infra/a.h` `mutex_` | x |\n"
THREADS = "| `db` | x |\n"


class ThreadsTest(CheckTest):
    check = check_threads.check

    def tree(self, source=SOURCE, locks=LOCKS, threads=THREADS):
        return {"src/infra/a.h": source, "docs/locks.md": locks, "docs/threads.md": threads}

    def test_agreement(self):
        self.accepts(self.tree() | {"src/infra/testing/b.h": "std::mutex other_;\n"})

    def test_a_lock_too_few_or_too_many(self):
        self.refuses(self.tree(locks=""), "src/infra/a.h:2: src/infra/a.h mutex_ is not in docs/locks.md")
        self.refuses(self.tree(locks=LOCKS + "| `src/infra/b.h` `gone_` | x |\n"), "docs/locks.md:4:", "gone_")

    def test_a_thread_too_few_or_too_many(self):
        self.refuses(self.tree(threads=""), "db is not in docs/threads.md")
        self.refuses(self.tree(threads=THREADS + "| `gone` | x |\n"), "docs/threads.md:2:", "gone")
        self.refuses(self.tree(source=SOURCE + 'name_this_thread(("io-" + n).c_str());\n'), "io is not in")
