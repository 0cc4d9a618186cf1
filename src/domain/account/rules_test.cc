#include "domain/account/rules.h"
#include <gtest/gtest.h>
