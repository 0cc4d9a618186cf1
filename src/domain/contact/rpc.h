// The rpcs of contacts: parse, call, map.
#pragma once

#include "domain/contact/directory_service.h"
#include "domain/contact/service.h"
#include "wire/dispatcher.h"

namespace hongyan::contact {

// Registers the rpcs of ContactService and user.search; the services must outlive the dispatcher's use.
void register_rpcs(wire::Dispatcher& dispatcher, Service& service, DirectoryService& directory);

}  // namespace hongyan::contact
