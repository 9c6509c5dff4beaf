#pragma once
// A uv_timer_t named in a comment is no type of ours.
struct uv_timer_s;
struct Loop { uv_loop_t *loop; CURLM *multi; const char *name = "simdjson::dom"; };
