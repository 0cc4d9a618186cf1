#include "app/chat/chat.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <random>

#include "app/chat/arguments.h"
#include "app/chat/connection.h"
#include "app/chat/conversations.h"
#include "app/chat/follower.h"
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

// One session from login to logout. Owned by run_chat() on the main thread, which turns the io_context.
class Run {
 public:
  Run(boost::asio::io_context& context, const ChatOptions& options, Inputs inputs, Output& output)
      : context_(context),
        options_(options),
        output_(output),
        send_(std::move(inputs.arguments.send)),
        login_(inputs.arguments.server, std::move(inputs.credentials), output, new_backoff()),
        connection_(context, {inputs.arguments.server, options.timeout, options.follow}, login_, output,
                    new_backoff()) {}

  // Starts everything; when the context has run dry, status() tells how it went.
  void start();
  int status() const { return status_; }

 private:
  async::Task<Result<void>> work();
  async::Task<Result<void>> work_connected();
  async::Task<void> leave();
  void on_done(std::exception_ptr escaped, const Result<void>& result);
  async::Deadline deadline() const { return async::deadline_in(options_.timeout); }

  boost::asio::io_context& context_;
  const ChatOptions& options_;
  Output& output_;
  std::vector<SendItem> send_;
  Login login_;
  Connection connection_;
  crypto::SystemRandom random_;
  boost::asio::signal_set signals_{context_};
  boost::asio::cancellation_signal cancel_;
  bool following_ = false;
  bool interrupted_ = false;
  int status_ = kFailed;
};

void Run::start() {
  if (options_.follow) {
    // Without --follow the signals simply end the process.
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
      if (cancelled) return;
      interrupted_ = true;
      // A second signal does not wait for the logout.
      signals_.clear();
      cancel_.emit(boost::asio::cancellation_type::terminal);
    });
  }
  boost::asio::co_spawn(context_, work(),
                        boost::asio::bind_cancellation_slot(
                            cancel_.slot(), [this](std::exception_ptr escaped, const Result<void>& result) {
                              on_done(escaped, result);
                            }));
}

async::Task<Result<void>> Run::work() {
  HY_CO_TRY(co_await login_.begin(deadline()));
  if (!options_.list && !options_.follow && send_.empty()) co_return output_.session(login_.me());
  co_return co_await work_connected();
}

async::Task<Result<void>> Run::work_connected() {
  HY_CO_TRY(co_await connection_.ensure(deadline()));
  NameBook names(connection_, login_.me());
  Follower follower(connection_, names, output_, {.timeout = options_.timeout});
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

void Run::on_done(std::exception_ptr escaped, const Result<void>& result) {
  // Cancelling ends the work by an exception, at whatever it waits for.
  if (escaped && !interrupted_) std::rethrow_exception(escaped);
  if (interrupted_) {
    status_ = following_ ? kDone : kFailed;
    if (!following_) output_.note("interrupted before everything was done");
  } else if (!result) {
    output_.error(result.error());
  } else {
    status_ = kDone;
  }
  boost::asio::co_spawn(context_, leave(), [this](std::exception_ptr bug) {
    if (bug) std::rethrow_exception(bug);
    context_.stop();
  });
}

async::Task<void> Run::leave() {
  constexpr std::chrono::milliseconds kPatience{2'000};
  connection_.close();
  co_await login_.end(async::deadline_in(kPatience));
}

}  // namespace

int run_chat(const ChatOptions& options) {
  Output output(options.json, stdout, stderr);
  auto inputs = gather(options);
  if (!inputs) {
    output.error(inputs.error());
    return kBadUsage;
  }
  if (!inputs->arguments.server.is_loopback()) {
    output.note("warning: over http everybody on the way to " + inputs->arguments.server.host + " can read along");
  }
  boost::asio::io_context context(1);
  Run run(context, options, *std::move(inputs), output);
  run.start();
  context.run();
  return run.status();
}

}  // namespace hongyan::chat
