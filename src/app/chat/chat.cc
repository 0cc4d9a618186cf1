#include "app/chat/chat.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <random>

#include "app/chat/arguments.h"
#include "app/chat/connection.h"
#include "app/chat/conversations.h"
#include "app/chat/follow/follower.h"
#include "app/chat/follow/printer.h"
#include "app/chat/screen/screen.h"
#include "app/chat/screen/text/text.h"
#include "app/chat/screen/worker.h"
#include "app/chat/sender.h"
#include "app/chat/terminal.h"

namespace hongyan::chat {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

Backoff new_backoff() { return Backoff(std::random_device{}()); }

// What the run needs besides the command line: the password and the texts of standard input.
struct Inputs {
  Arguments arguments;
  Credentials credentials;
};

Result<std::string> find_password(const ChatOptions& options) {
  if (!options.password.empty()) return options.password;
  if (!options.password_file.empty()) return read_password_file(options.password_file);
  const char* const environment = std::getenv("HONGYAN_PASSWORD");
  if (environment != nullptr && *environment != '\0') return std::string(environment);
  return prompt_password();
}

Result<Inputs> gather(const ChatOptions& options) {
  Inputs inputs;
  HY_TRY(inputs.arguments, parse_arguments(options));
  HY_TRY(std::string password, find_password(options));
  inputs.credentials = {options.user, std::move(password), options.register_account, options.nickname};
  for (SendItem& item : inputs.arguments.send) {
    if (!item.is_from_input()) continue;
    HY_TRY(item.text, read_input());
  }
  return inputs;
}

bool wants_screen(const ChatOptions& options) {
  return !options.list && !options.follow && !options.json && options.send.empty() && is_terminal();
}

// One session from login to logout. Owned by run_chat() on the main thread, which turns the io_context.
class Run {
 public:
  Run(boost::asio::io_context& context, const ChatOptions& options, Inputs inputs, Output& output)
      : context_(context),
        options_(options),
        output_(output),
        send_(std::move(inputs.arguments.send)),
        screen_(wants_screen(options) ? std::make_unique<screen::Screen>(context, output, random_) : nullptr),
        login_(inputs.arguments.server, std::move(inputs.credentials), notes(), new_backoff()),
        connection_(context, {inputs.arguments.server, options.timeout, options.follow || screen_}, login_, notes(),
                    new_backoff()) {}

  // Starts everything; when the context has stopped, status() tells how it went.
  void start();
  int status() const { return status_; }

 private:
  void spawn(async::Task<void> task);
  async::Task<void> work_and_end();
  async::Task<Result<void>> work();
  async::Task<Result<void>> work_connected();
  async::Task<Result<void>> work_on_screen();
  async::Task<void> leave();
  void watch_signals();
  void end();
  Notes& notes() { return screen_ ? static_cast<Notes&>(*screen_) : output_; }
  async::Deadline deadline() const { return async::deadline_in(options_.timeout); }

  boost::asio::io_context& context_;
  const ChatOptions& options_;
  Output& output_;
  std::vector<SendItem> send_;
  crypto::SystemRandom random_;
  // Nothing for scripts.
  const std::unique_ptr<screen::Screen> screen_;
  Login login_;
  Connection connection_;
  boost::asio::signal_set signals_{context_};
  bool following_ = false;
  bool ending_ = false;
  int status_ = kFailed;
};

void Run::start() {
  // Else the signals simply end the process.
  if (options_.follow || screen_) watch_signals();
  spawn(work_and_end());
}

void Run::watch_signals() {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  // The window of a screen was closed.
  if (screen_) signals_.add(SIGHUP);
  signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
    if (cancelled) return;
    // A second signal does not wait for the logout.
    signals_.clear();
    status_ = following_ ? kDone : kFailed;
    end();
    if (!following_) output_.note("interrupted before everything was done");
  });
}

async::Task<void> Run::work_and_end() {
  const auto result = co_await work();
  if (ending_) co_return;
  // What is printed is not printed into it.
  if (screen_) screen_->close();
  if (result) {
    status_ = kDone;
  } else {
    output_.error(result.error());
  }
  end();
}

async::Task<Result<void>> Run::work() {
  HY_CO_TRY(co_await login_.begin(deadline()));
  if (screen_) co_return co_await work_on_screen();
  if (!options_.list && !options_.follow && send_.empty()) co_return output_.session(login_.me());
  co_return co_await work_connected();
}

async::Task<Result<void>> Run::work_connected() {
  HY_CO_TRY(co_await connection_.ensure(deadline()));
  NameBook names(connection_, login_.me());
  Printer printer(names, output_);
  Follower follower(connection_, printer, {.timeout = options_.timeout});
  // Before the sends, so that what they send and what comes meanwhile is shown too.
  if (options_.follow) HY_CO_TRY(co_await follower.begin());
  if (options_.list) {
    HY_CO_TRY(const auto conversations, co_await list_conversations(connection_, deadline()));
    for (const v1::Conversation& conversation : conversations) HY_CO_TRY(output_.conversation(conversation));
  }
  Sender sender(connection_, output_, random_, login_.me().user_id(), options_.timeout);
  // One after the other: a later message must not overtake one whose outcome is unknown.
  for (SendItem& item : send_) HY_CO_TRY(co_await sender.send(std::move(item)));
  if (!options_.follow) co_return Result<void>();
  HY_CO_TRY(output_.ready(connection_.ready()));
  following_ = true;
  co_return co_await follower.run();
}

async::Task<Result<void>> Run::work_on_screen() {
  HY_CO_TRY(co_await connection_.ensure(deadline()));
  const auto leave_now = [this] {
    status_ = kDone;
    end();
  };
  HY_CO_TRY(screen_->open(login_.me(), {[this] { connection_.interrupt(); }, leave_now}));
  following_ = true;
  screen::Worker worker(connection_, screen_->state(), *screen_, {.timeout = options_.timeout});
  Follower follower(connection_, worker, {.timeout = options_.timeout, .skips_the_past = true});
  co_return co_await follower.run();
}

// What is still under way ends with the context.
void Run::end() {
  if (screen_) screen_->close();
  // A second time: it takes too long.
  if (std::exchange(ending_, true)) return context_.stop();
  spawn(leave());
}

void Run::spawn(async::Task<void> task) {
  async::spawn(async::Loop::of(context_.get_executor()), std::move(task), [](const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
  });
}

async::Task<void> Run::leave() {
  constexpr std::chrono::milliseconds kPatience{2'000};
  connection_.close();
  co_await login_.end(async::deadline_in(kPatience));
  context_.stop();
}

// Ends what waits before what that uses goes away.
struct Context : boost::asio::io_context {
  using boost::asio::execution_context::shutdown;
};

}  // namespace

int run_chat(const ChatOptions& options) {
  // Before a thread of the process could read the locale.
  if (wants_screen(options)) screen::use_utf8();
  Output output(options.json, stdout, stderr);
  auto inputs = gather(options);
  if (!inputs) {
    output.error(inputs.error());
    return kBadUsage;
  }
  if (!inputs->arguments.server.is_loopback()) {
    output.note("warning: over http everybody on the way to " + inputs->arguments.server.host + " can read along");
  }
  Context context;
  Run run(context, options, *std::move(inputs), output);
  run.start();
  context.run();
  context.shutdown();
  return run.status();
}

}  // namespace hongyan::chat
