import check_sizes
from testing import CheckTest


def body(lines: int) -> str:
    return "  step();\n" * lines


class SizesTest(CheckTest):
    check = check_sizes.check

    def test_long_file(self):
        self.refuses({"src/base/a.h": "\n" * 601}, "601 lines")
        self.refuses({"web/apps/chat/src/a.vue": "\n" * 601}, "601 lines")
        self.accepts({"src/base/a.h": "\n" * 600, "web/packages/sdk/src/generated/a.ts": "\n" * 2000})

    def test_long_functions_of_every_form(self):
        forms = {
            "f": "int f(int a) {\n%s}\n",
            "A::A": "A::A(B& b) : b_{b}, c_(1) {\n%s}\n",
            "A::g": "auto A::g() const -> std::string {\n%s}\n",
            "h": "class A {\n public:\n  void h() noexcept {\n%s  }\n};\n",
            "TEST": "namespace n {\nTEST(A, B) {\n%s}\n}\n",
            "t": "template <class T>\n  requires(T::kSize > 1)\nvoid t(T v) {\n%s}\n",
        }
        for name, form in forms.items():
            with self.subTest(name):
                # One line for the head, one for the closing brace; the template has two more.
                head = form.split("%s")[0].count("\n") + 1 - form.count("class A {\n public:\n") * 2 - form.count("namespace n {\n")
                self.refuses({"src/base/a.cc": form % body(51 - head)}, f"{name} has 51 lines")
                self.accepts({"src/base/a.cc": form % body(50 - head)})

    def test_what_is_long_but_no_function(self):
        table = "".join(f"    {{{n}, f({n})}},\n" for n in range(80))
        self.accepts({
            "src/base/a.cc": f"namespace n {{\nstruct Row {{ int a; }};\nconstexpr Row kRows[] = {{\n{table}}};\n}}\n",
            "src/base/b.h": "enum class E : int {\n" + "".join(f"  k{n},\n" for n in range(80)) + "};\n",
            "src/base/c.h": "class C {\n" + "  void m(int a);\n" * 80 + "};\n",
        })

    def test_braces_in_literals_and_comments_do_not_count(self):
        self.accepts({"src/base/a.cc": "void f() {\n  g('{', \"}\");  // {\n}\n" + "void g() {\n  h(1'000);\n}\n" * 30})

    def test_wide_interface(self):
        def interface(methods):
            return "class A {\n public:\n" + "".join(f"  virtual int m{n}(int) const = 0;\n" for n in range(methods)) + "};\n"

        self.refuses({"src/base/a.h": interface(13)}, "13 pure virtual")
        self.accepts({"src/base/a.h": interface(12)})

    def test_constructor_with_many_collaborators(self):
        seven = "class A {\n  A(B& b, C& c, const D& d, E* e, std::unique_ptr<F> f, std::map<G, H>& g, I& i);\n};\n"
        self.refuses({"src/base/a.h": seven}, "A takes 7 collaborators")
        self.accepts({"src/base/a.h": seven.replace("I& i", "const std::string& i")})

    def test_full_folder(self):
        self.refuses({f"src/base/f{n}.h": "\n" for n in range(31)}, "src/base:1:", "31 files")
        self.accepts({f"src/base/f{n}.h": "\n" for n in range(30)})
