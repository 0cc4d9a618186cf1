// The slice's rpcs: parse, call, map.
#pragma once

#include "domain/message/commands/change_service.h"
#include "domain/message/commands/forward_service.h"
#include "domain/message/commands/hide_service.h"
#include "domain/message/reading/read_service.h"
#include "domain/message/service.h"
#include "wire/dispatcher.h"

namespace hongyan::message {

// What the rpcs call. All must outlive the dispatcher.
struct Services {
  Service& service;
  const reading::ReadService& reading;
  const commands::ChangeService& changing;
  const commands::ForwardService& forwarding;
  commands::HideService& hiding;
};

// Registers the handlers of service MessageService, and conversation.clear.
void register_rpcs(wire::Dispatcher& dispatcher, const Services& services);

}  // namespace hongyan::message
