// Bookings one after the other, each made once, beside the texts that explain them: tool_scan.xir in C++.
#include "example.h"
using namespace xcs;

static const Http ledger("ledger", {.url = "http://127.0.0.1:8080/ledger",
                                    .headers = Entries{{"Authorization", secret("LEDGER_TOKEN", "Bearer ")}},
                                    .timeout = std::chrono::seconds(10)});
static const Model gpt("gpt", {.url = "http://127.0.0.1:8080/v1",
                               .model = "small",
                               .key = secret("OPENAI_API_KEY"),
                               .maxInFlight = 8,
                               .timeout = std::chrono::seconds(60)});

struct Booked {
  I64 balance;
  Str note;
  XCS_RECORD(balance, note)
};

static List<Booked> tool_scan(List<I64> amounts, I64 opening) {
  List<Str> notes = map(amounts, [](I64 amount) {
    return model::chat(gpt, format("Explain a booking of {0} in one line.", amount));
  });
  List<I64> balances = scan(amounts, opening, [](I64 amount, I64 balance) {
    I64 next = balance + amount;
    Str booking = format("{0} -> {1}", amount, next);
    http::Response response = http::request(ledger, "bookings", booking, {.method = "POST"});
    require(response.status == 201, "the ledger refused a booking");
    return next;
  });
  return map(list::zip(balances, notes),
             [](list::Zipped<I64, Str> pair) -> Booked { return {pair.first, pair.second}; });
}

EXAMPLE(tool_scan, "amounts", "opening")
