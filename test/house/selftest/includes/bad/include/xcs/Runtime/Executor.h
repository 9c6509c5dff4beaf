#pragma once
#include "Runtime/Loop.h"
#include <curl/curl.h>
#include "xcs/Lowering/Lowering.h"
