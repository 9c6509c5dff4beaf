#include "xcs-bench/CurlMultiPeer.h"
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <curl/curl.h>
#include <memory>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace xcs::bench {

namespace {

constexpr double patienceMs = 60'000;

double clockMs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double nowMs() { return clockMs(CLOCK_MONOTONIC); }

std::size_t dropBody(char *, std::size_t size, std::size_t count, void *) { return size * count; }

/// One multi handle with its transfers.
struct Shard {
  CURLM *multi = nullptr;
  std::vector<CURL *> transfers;
  int epoll = -1;
  std::uint32_t index = 0;
  /// When libcurl must be called even if no socket is ready; negative: never.
  double wakeMs = -1;
};

int onSocket(CURL *, curl_socket_t socket, int what, void *user, void *known) {
  auto *shard = static_cast<Shard *>(user);
  epoll_event event{};
  event.data.u64 = std::uint64_t(shard->index) << 32 | static_cast<std::uint32_t>(socket);
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(shard->epoll, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
  epoll_ctl(shard->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  // Any non-null mark works: it means that the socket is registered with epoll.
  if (!known)
    curl_multi_assign(shard->multi, socket, shard);
  return 0;
}

int onTimer(CURLM *, long timeoutMs, void *user) {
  static_cast<Shard *>(user)->wakeMs = timeoutMs < 0 ? -1 : nowMs() + static_cast<double>(timeoutMs);
  return 0;
}

/// The job's handles and their loop.
class Crowd {
public:
  explicit Crowd(const CurlMultiJob &job);
  ~Crowd();
  Crowd(const Crowd &) = delete;
  Crowd &operator=(const Crowd &) = delete;

  /// Makes every transfer once and waits for all; returns how many failed.
  std::size_t round();

private:
  CURL *makeTransfer() const;
  void turn();
  void collect(Shard &shard);

  const CurlMultiJob &job;
  curl_slist *headers = nullptr;
  int epoll;
  std::vector<std::unique_ptr<Shard>> shards;
  std::size_t running = 0, failed = 0;
};

Crowd::Crowd(const CurlMultiJob &theJob) : job(theJob), epoll(epoll_create1(EPOLL_CLOEXEC)) {
  headers = curl_slist_append(headers, "Content-Type: application/json");
  // Above a megabyte libcurl would ask first and wait for the answer.
  headers = curl_slist_append(headers, "Expect:");
  for (std::size_t made = 0; made < job.requests;) {
    auto shard = std::make_unique<Shard>();
    shard->multi = curl_multi_init();
    shard->epoll = epoll;
    shard->index = static_cast<std::uint32_t>(shards.size());
    curl_multi_setopt(shard->multi, CURLMOPT_SOCKETFUNCTION, onSocket);
    curl_multi_setopt(shard->multi, CURLMOPT_SOCKETDATA, shard.get());
    curl_multi_setopt(shard->multi, CURLMOPT_TIMERFUNCTION, onTimer);
    curl_multi_setopt(shard->multi, CURLMOPT_TIMERDATA, shard.get());
    // With fewer places than transfers the pool would close warm connections.
    curl_multi_setopt(shard->multi, CURLMOPT_MAXCONNECTS, static_cast<long>(job.perHandle));
    const std::size_t end = std::min(job.requests, made + std::max<std::size_t>(job.perHandle, 1));
    for (; made < end; ++made)
      shard->transfers.push_back(makeTransfer());
    shards.push_back(std::move(shard));
  }
}

Crowd::~Crowd() {
  for (const auto &shard : shards) {
    for (CURL *transfer : shard->transfers) {
      curl_multi_remove_handle(shard->multi, transfer);
      curl_easy_cleanup(transfer);
    }
    curl_multi_cleanup(shard->multi);
  }
  curl_slist_free_all(headers);
  close(epoll);
}

CURL *Crowd::makeTransfer() const {
  CURL *transfer = curl_easy_init();
  curl_easy_setopt(transfer, CURLOPT_URL, job.url.c_str());
  curl_easy_setopt(transfer, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(transfer, CURLOPT_PROXY, "");
  curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, dropBody);
  curl_easy_setopt(transfer, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (job.url.starts_with("https:"))
    curl_easy_setopt(transfer, CURLOPT_PIPEWAIT, 1L);
  if (const char *authorities = std::getenv("SSL_CERT_FILE"))
    curl_easy_setopt(transfer, CURLOPT_CAINFO, authorities);
  if (job.body) {
    curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(transfer, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(job.body->size()));
    curl_easy_setopt(transfer, CURLOPT_POSTFIELDS, job.body->c_str());
  }
  return transfer;
}

void Crowd::collect(Shard &shard) {
  int left = 0;
  while (const CURLMsg *message = curl_multi_info_read(shard.multi, &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    CURL *transfer = message->easy_handle;
    long status = 0;
    curl_easy_getinfo(transfer, CURLINFO_RESPONSE_CODE, &status);
    failed += message->data.result != CURLE_OK || status != 200;
    --running;
    curl_multi_remove_handle(shard.multi, transfer);
  }
}

/// Waits for sockets or the nearest timer, and lets libcurl act on them.
void Crowd::turn() {
  double wakeMs = nowMs() + 1000;
  for (const auto &shard : shards)
    if (shard->wakeMs >= 0)
      wakeMs = std::min(wakeMs, shard->wakeMs);
  const int timeout = std::max(0, static_cast<int>(wakeMs - nowMs() + 0.999));
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), timeout);
  int left = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event &event = events[static_cast<std::size_t>(i)];
    Shard &shard = *shards[event.data.u64 >> 32];
    const int what = (event.events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
                     (event.events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                     (event.events & EPOLLERR ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(shard.multi, static_cast<int>(event.data.u64 & 0xffffffff), what, &left);
    collect(shard);
  }
  const double now = nowMs();
  for (const auto &shard : shards) {
    if (shard->wakeMs < 0 || shard->wakeMs > now)
      continue;
    shard->wakeMs = -1;
    curl_multi_socket_action(shard->multi, CURL_SOCKET_TIMEOUT, 0, &left);
    collect(*shard);
  }
}

std::size_t Crowd::round() {
  failed = 0;
  const double endMs = nowMs() + patienceMs;
  for (const auto &shard : shards) {
    running += shard->transfers.size();
    for (CURL *transfer : shard->transfers)
      curl_multi_add_handle(shard->multi, transfer);
    // Starts them: the server can work on these while the next are added.
    int left = 0;
    curl_multi_socket_action(shard->multi, CURL_SOCKET_TIMEOUT, 0, &left);
  }
  while (running > 0 && nowMs() < endMs)
    turn();
  return failed + std::exchange(running, 0);
}

} // namespace

CurlMultiOutcome runCurlMulti(const CurlMultiJob &job) {
  double startMs = nowMs(), startCpuMs = clockMs(CLOCK_THREAD_CPUTIME_ID);
  Crowd crowd(job);
  if (job.warm) {
    crowd.round();
    startMs = nowMs(), startCpuMs = clockMs(CLOCK_THREAD_CPUTIME_ID);
  }
  CurlMultiOutcome outcome;
  outcome.failed = crowd.round();
  outcome.makespanMs = nowMs() - startMs;
  outcome.cpuSeconds = (clockMs(CLOCK_THREAD_CPUTIME_ID) - startCpuMs) / 1e3;
  return outcome;
}

double curlMultiMakespanMs(const std::string &url, std::size_t requests,
                           const std::optional<std::string> &body, bool warm) {
  CurlMultiJob job;
  job.url = url;
  job.requests = requests;
  job.body = body;
  job.warm = warm;
  const CurlMultiOutcome outcome = runCurlMulti(job);
  return outcome.failed ? -1 : outcome.makespanMs;
}

} // namespace xcs::bench
