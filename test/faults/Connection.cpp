#include "Connection.h"
#include "Server.h"
#include <algorithm>

namespace xcs::faults {

Connection::Connection(Server &theServer, std::uint64_t theId)
    : server(theServer), number(theId),
      reader({[this](HttpRequest request) { return onRequest(std::move(request)); },
              [this] { send("HTTP/1.1 100 Continue\r\n\r\n"); }}) {}

bool Connection::open(uv_loop_t *loop, uv_stream_t *listener) {
  uv_tcp_init(loop, &socket);
  socket.data = this;
  auto *stream = reinterpret_cast<uv_stream_t *>(&socket);
  if (uv_accept(listener, stream) != 0)
    return false;
  // Answers are written whole: holding back a short one would only add to its latency.
  uv_tcp_nodelay(&socket, 1);
  const auto lend = [](uv_handle_t *handle, std::size_t, uv_buf_t *buffer) {
    *buffer = static_cast<Connection *>(handle->data)->server.readBuffer();
  };
  return uv_read_start(stream, lend, onRead) == 0;
}

void Connection::onRead(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer) {
  auto *self = static_cast<Connection *>(stream->data);
  // The end of the client's bytes is taken as its leaving: no client of ours closes one direction alone.
  // Nothing at all is there to be read again later; the parser would take it for the end.
  if (size < 0)
    self->close(Outcome::Aborted);
  else if (size > 0)
    self->onBytes({buffer->base, static_cast<std::size_t>(size)});
}

void Connection::onBytes(std::string_view bytes) {
  switch (reader.feed(bytes)) {
  case HttpReader::Outcome::Ok:
    return;
  case HttpReader::Outcome::Malformed:
    return refuse(400);
  case HttpReader::Outcome::BodyTooLarge:
    return refuse(413);
  }
}

void Connection::refuse(int status) {
  if (closing)
    return;
  send(refusal(status).bytes);
  closeOnceSent = true;
  if (!closing && queuedWrites == 0)
    close(Outcome::Aborted);
}

bool Connection::onRequest(HttpRequest request) {
  pending.push_back(server.admit(*this, std::move(request), carried++ > 0));
  if (pending.back()->due)
    pump(pending.back()->arrivedNs);
  return !closing;
}

void Connection::pump(std::uint64_t nowNs) {
  while (!closing && !pending.empty() && pending.front()->due) {
    Exchange &first = *pending.front();
    const Answer &answer = first.answer;
    const std::size_t end = answer.steps[first.step].end;
    const std::size_t begin = std::exchange(first.sent, end);
    send(std::string_view(answer.bytes).substr(begin, end - begin));
    if (closing)
      return;
    first.due = false;
    if (++first.step < answer.steps.size())
      server.schedule(first, first.dueNs + answer.steps[first.step].delayNs);
    else
      finishFirst(nowNs);
  }
}

/// The first exchange has sent all of its bytes.
void Connection::finishFirst(std::uint64_t nowNs) {
  const Ending ending = pending.front()->answer.ending;
  // A hung one stays in flight until the client gives up.
  if (ending == Ending::Hang)
    return;
  const std::unique_ptr<Exchange> first = std::move(pending.front());
  pending.pop_front();
  server.retire(*first, Outcome::Answered, nowNs);
  if (ending == Ending::Reset)
    return close(Outcome::Unanswered, true);
  if (ending != Ending::Close)
    return;
  closeOnceSent = true;
  if (queuedWrites == 0)
    close(Outcome::Unanswered);
}

namespace {
/// Bytes the kernel had no room for, kept until it has.
struct Leftover {
  uv_write_t request{};
  std::string bytes;
};
} // namespace

void Connection::send(std::string_view bytes) {
  if (bytes.empty() || closing)
    return;
  auto *stream = reinterpret_cast<uv_stream_t *>(&socket);
  if (queuedWrites == 0) {
    uv_buf_t buffer = uv_buf_init(const_cast<char *>(bytes.data()), static_cast<unsigned>(bytes.size()));
    const int taken = uv_try_write(stream, &buffer, 1);
    if (taken < 0 && taken != UV_EAGAIN)
      return close(Outcome::Aborted);
    bytes.remove_prefix(static_cast<std::size_t>(std::max(taken, 0)));
    if (bytes.empty())
      return;
  }
  // libuv hands it back to `written`, at the latest when the handle closes.
  auto *leftover = new Leftover;
  leftover->bytes = bytes;
  leftover->request.data = leftover;
  uv_buf_t buffer = uv_buf_init(leftover->bytes.data(), static_cast<unsigned>(leftover->bytes.size()));
  const auto written = [](uv_write_t *request, int status) {
    const std::unique_ptr<Leftover> done(static_cast<Leftover *>(request->data));
    auto *self = static_cast<Connection *>(request->handle->data);
    --self->queuedWrites;
    if (status < 0)
      self->close(Outcome::Aborted);
    else if (self->closeOnceSent && self->queuedWrites == 0)
      self->close(Outcome::Unanswered);
  };
  if (uv_write(&leftover->request, stream, &buffer, 1, written) == 0) {
    ++queuedWrites;
    return;
  }
  delete leftover;
  close(Outcome::Aborted);
}

void Connection::close(Outcome outcome, bool reset) {
  if (std::exchange(closing, true))
    return;
  const std::uint64_t now = uv_hrtime();
  for (const std::unique_ptr<Exchange> &exchange : pending)
    server.retire(*exchange, outcome, now);
  pending.clear();
  const auto closed = [](uv_handle_t *handle) {
    auto *self = static_cast<Connection *>(handle->data);
    self->server.onClosed(*self);
  };
  auto *handle = reinterpret_cast<uv_handle_t *>(&socket);
  if (!reset || uv_tcp_close_reset(&socket, closed) != 0)
    uv_close(handle, closed);
}

} // namespace xcs::faults
