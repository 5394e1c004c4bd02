package dev.behalf.bench;

import dev.behalf.bench.open.OpenEndpoint;
import dev.behalf.standalone.Ports;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Measures {@code GET /v1/me} of compute-server with a key and, in turn, of the same stack without
 * one. Cold means the first call with a key, for which compute-server reads the database.
 */
final class KeyCheck {

  private static final int CONNECTIONS = 16;

  /**
   * Requests of a run. The 8 runs with a key send 6,400 requests for each of 50 users, within the
   * rate limit of compute-server: 6,000, refilled at 100 per second.
   */
  private static final int REQUESTS = 40_000;

  private static final int ROUNDS = 4;

  /** Rounds until both servers are compiled; compute-server has more code to compile. */
  private static final int WARM_UP = 4;

  private final TestBed stand;

  KeyCheck(TestBed stand) {
    this.stand = stand;
  }

  private record Run(double perSecond, double cpuMillis, Percentiles times) {}

  void measure(Figures figures) throws Exception {
    var port = Ports.free();
    var openUrl = URI.create("http://127.0.0.1:" + port);
    var settings = new ArrayList<>(OpenEndpoint.SETTINGS);
    settings.add("--server.port=" + port);
    try (var open = Program.start(OpenEndpoint.class, Map.of(), settings)) {
      open.awaitAnswer(openUrl);
      var withKey = new ArrayList<Run>();
      var without = new ArrayList<Run>();
      for (int i = 0; i < WARM_UP + ROUNDS; i++) {
        withKey.add(run(stand.system.compute(), stand.system.service("compute-server")::pid, true));
        without.add(run(openUrl, open::pid, false));
      }
      put(figures, "keycheck.warm", median(withKey));
      put(figures, "keycheck.open", median(without));
      figures.put(
          "keycheck.ratio_to_open", median(withKey).perSecond() / median(without).perSecond());
      cold(figures);
    }
  }

  private Run run(URI server, LongSupplier pid, boolean withKey) throws IOException {
    var cpu = new CpuClock();
    cpu.add("server", pid);
    var before = cpu.total();
    var start = System.nanoTime();
    var answers =
        new HttpLoad(server, CONNECTIONS)
            .send(
                REQUESTS, i -> withKey ? me(stand.users.get(i % stand.users.size())) : me(), false);
    var seconds = (System.nanoTime() - start) / 1e9;
    requireOk(answers);
    return new Run(
        REQUESTS / seconds,
        (cpu.total() - before) * 1000 / REQUESTS,
        new Percentiles(answers.stream().mapToLong(HttpLoad.Answer::nanos).toArray()));
  }

  /**
   * Measures cold calls. compute-server reads a changed key again, so an update of the rows makes
   * the next call with each key cold.
   */
  private void cold(Figures figures) throws IOException {
    var times = new ArrayList<Long>();
    for (int round = 0; round < 5; round++) {
      stand.execute("update accounts.api_keys set name = name || ''");
      var answers =
          new HttpLoad(stand.system.compute(), 1)
              .send(stand.users.size(), i -> me(stand.users.get(i)), false);
      requireOk(answers);
      answers.forEach(answer -> times.add(answer.nanos()));
    }
    new Percentiles(times.stream().mapToLong(Long::longValue).toArray())
        .put(figures, "keycheck.cold");
  }

  private static void put(Figures figures, String name, Run run) {
    figures.put(name + ".requests_per_second", run.perSecond());
    figures.put(name + ".cpu_ms_per_request", run.cpuMillis());
    figures.put(name + ".p99_ms", run.times().millis(99));
  }

  /** Returns the median of the runs after the warm-up. */
  private static Run median(List<Run> runs) {
    return runs.stream()
        .skip(WARM_UP)
        .sorted(Comparator.comparingDouble(Run::perSecond))
        .toList()
        .get(ROUNDS / 2);
  }

  private static void requireOk(List<HttpLoad.Answer> answers) throws IOException {
    for (var answer : answers) {
      if (answer.status() != 200) {
        throw new IOException("A key check was answered " + answer.status() + ".");
      }
    }
  }

  private static byte[] me(TestBed.User user) {
    return HttpLoad.get("/v1/me", "Authorization: Api-Key " + user.key());
  }

  private static byte[] me() {
    return HttpLoad.get("/v1/me");
  }
}
