#include "Server.h"
#include "llvm/Support/xxhash.h"

namespace xcs::faults {

/// The kernel cuts it to net.core.somaxconn.
static constexpr int backlog = 8192;

Server::Server(uv_loop_t *theLoop, Script script, AnswerDefaults theDefaults, RequestLog &theLog)
    : loop(theLoop), book(std::move(script)), defaults(std::move(theDefaults)), log(theLog),
      timers([this](std::uint64_t id) { wake(id); }), buffer(65536) {}

Server::~Server() = default;

Result<void, Error> Server::listen(int port) {
  if (!timers.open(loop))
    return Error{"cannot make a timer: no descriptor left"};
  sockaddr_in address{};
  uv_ip4_addr("127.0.0.1", port, &address);
  uv_tcp_init(loop, &listener);
  listener.data = this;
  listening = true;
  const auto onClient = [](uv_stream_t *stream, int status) {
    static_cast<Server *>(stream->data)->onConnection(status);
  };
  int error = uv_tcp_bind(&listener, reinterpret_cast<const sockaddr *>(&address), 0);
  if (error == 0)
    error = uv_listen(reinterpret_cast<uv_stream_t *>(&listener), backlog, onClient);
  int size = sizeof address;
  if (error == 0)
    error = uv_tcp_getsockname(&listener, reinterpret_cast<sockaddr *>(&address), &size);
  if (error != 0)
    return Error{"cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + uv_strerror(error)};
  boundPort = ntohs(address.sin_port);
  defaults.url = "http://127.0.0.1:" + std::to_string(boundPort);
  return {};
}

// Which connection a client gets does not matter to it; its number is for the log.
void Server::onConnection(int status) {
  if (status < 0)
    return;
  const std::uint64_t id = ++lastConnection;
  auto connection = std::make_unique<Connection>(*this, id);
  Connection &client = *connection;
  connections[id] = std::move(connection);
  if (client.open(loop, reinterpret_cast<uv_stream_t *>(&listener)))
    log.connected();
  else
    client.close(Outcome::Unanswered);
}

std::unique_ptr<Exchange> Server::admit(Connection &connection, HttpRequest request, bool reused) {
  auto exchange = std::make_unique<Exchange>();
  exchange->request = std::move(request);
  const HttpRequest &taken = exchange->request;
  exchange->arrivedNs = uv_hrtime();
  exchange->id = ++lastId;
  exchange->connection = connection.id();
  exchange->reused = reused;
  inFlight[exchange->id] = {exchange.get(), &connection};
  exchange->inFlight = inFlight.size();

  const BodyFacts facts = reader.facts(taken.body);
  const std::uint64_t place = llvm::xxh3_64bits(taken.method + " " + std::string(taken.path()));
  // Equal requests are draws of one question: they share a count however many others come between.
  // The map keeps the two highest keys for itself.
  const std::uint64_t draw = ++draws[(place ^ llvm::xxh3_64bits(taken.body)) >> 1];
  const Arrival arrival{taken, facts, exchange->id, draw, exchange->inFlight, reused, exchange->arrivedNs};
  const RuleBook::Choice choice = book.choose(arrival, reader);
  exchange->rule = choice.reply ? choice.rule + 1 : 0;
  exchange->answer = makeAnswer(arrival, choice, defaults, reader);
  if (!hold(*exchange, choice))
    schedule(*exchange, exchange->arrivedNs + exchange->answer.steps.front().delayNs);
  return exchange;
}

/// Keeps an exchange behind its rule's barrier; the last one expected lets all of them go.
bool Server::hold(Exchange &exchange, const RuleBook::Choice &choice) {
  if (!choice.reply || choice.match > choice.reply->barrier)
    return false;
  std::vector<std::uint64_t> &waiting = held[choice.rule];
  if (choice.match < choice.reply->barrier) {
    waiting.push_back(exchange.id);
    return true;
  }
  const std::uint64_t now = uv_hrtime();
  for (std::uint64_t id : std::exchange(waiting, {}))
    if (const auto it = inFlight.find(id); it != inFlight.end()) {
      it->second.exchange->dueNs = now + it->second.exchange->answer.steps.front().delayNs;
      timers.wakeAt(it->second.exchange->dueNs, id);
    }
  return false;
}

void Server::schedule(Exchange &exchange, std::uint64_t timeNs) {
  exchange.dueNs = timeNs;
  exchange.due = timeNs <= uv_hrtime();
  if (!exchange.due)
    timers.wakeAt(timeNs, exchange.id);
}

void Server::wake(std::uint64_t id) {
  const auto it = inFlight.find(id);
  // The client has left meanwhile.
  if (it == inFlight.end())
    return;
  it->second.exchange->due = true;
  it->second.connection->pump(uv_hrtime());
}

void Server::retire(const Exchange &exchange, Outcome outcome, std::uint64_t nowNs) {
  inFlight.erase(exchange.id);
  ++retired;
  log.ended(exchange, outcome, nowNs);
}

void Server::onClosed(const Connection &connection) { connections.erase(connection.id()); }

void Server::stop() {
  if (!std::exchange(listening, false))
    return;
  uv_close(reinterpret_cast<uv_handle_t *>(&listener), nullptr);
  timers.close();
  for (auto &[id, connection] : connections)
    connection->close(Outcome::Unanswered);
}

} // namespace xcs::faults
