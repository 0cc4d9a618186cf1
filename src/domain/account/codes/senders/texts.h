// What people read who get a code: in Chinese and in English, because nobody knows yet who they are.
#pragma once

#include <string>

#include "domain/account/codes/types.h"

namespace hongyan::account {

std::string subject_of(const CodeLetter& letter);
// Without quotes and backslashes, so that it can stand in JSON as it is but for its line breaks.
std::string text_of(const CodeLetter& letter);
// "login", "reset_password", "change_email", "change_phone".
std::string_view purpose_name(const CodeLetter& letter);

}  // namespace hongyan::account
