package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Ten thousand bad requests at every address of both servers, by strangers and by users, while
 * somebody else works: nothing falls over, nobody waits for it, and nothing is left of it.
 */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRunTest {

  private static final int REQUESTS = 10_000;
  private static final int CONNECTIONS = 4;
  private static final int QUIET_JOBS = 60;
  private static final long SEED = Long.getLong("behalf.hostile.seed", System.nanoTime());
  private static final List<String> SERVERS = List.of("web-app", "compute-server", "worker");

  /** Below it, what else the machine does decides; a queue of bad requests would take longer. */
  private static final Duration NOT_FELT = Duration.ofMillis(500);

  private BehalfSystem behalf;

  @BeforeAll
  void start() throws Exception {
    behalf = BehalfSystem.shared();
  }

  @Test
  void ten_thousand_bad_requests_stop_nothing_and_delay_nobody() throws Exception {
    System.out.println("hostile run: -Dbehalf.hostile.seed=" + SEED);
    var quiet = behalf.signUp();
    workFor(quiet, QUIET_JOBS);
    attack(500, 0);
    var idle = percentile95(workFor(quiet, QUIET_JOBS));
    var memory = heaps();
    var processes = processes();

    var under = new ArrayList<Duration>();
    var isOver = new AtomicBoolean();
    Map<String, Integer> answers;
    try (var worker = Executors.newSingleThreadExecutor()) {
      var work =
          worker.submit(
              () -> {
                while (!isOver.get()) {
                  under.addAll(workFor(quiet, 10));
                }
                return under;
              });
      answers = attack(REQUESTS, 1);
      isOver.set(true);
      work.get(1, TimeUnit.MINUTES);
    }

    var p95 = percentile95(under);
    System.out.printf(
        "%d requests: %s; quiet user's p95 %d ms, idle %d ms, %d jobs%n",
        REQUESTS, statuses(answers), p95.toMillis(), idle.toMillis(), under.size());
    assertThat(answers.keySet().stream().filter(answer -> answer.startsWith("5"))).isEmpty();
    assertThat(statuses(answers).keySet()).as("all kinds of answers").contains("200", "400", "422");
    assertThat(processes()).as("nothing was started again").isEqualTo(processes);
    assertThat(behalf.logs()).doesNotContain("A request failed.", "OutOfMemoryError");
    assertThat(p95)
        .as("of a quiet user, idle " + idle)
        .isLessThanOrEqualTo(Collections.max(List.of(idle.multipliedBy(3), NOT_FELT)));
    assertThat(behalf.violatedInvariants()).isEmpty();
    heaps()
        .forEach(
            (name, bytes) ->
                assertThat(bytes)
                    .as("bytes in use by " + name + ", before: " + memory.get(name))
                    .isLessThan(memory.getOrDefault(name, 0.0) + 48e6));
  }

  /** How often each answer came: its status, and of a 5xx the request too. */
  private Map<String, Integer> attack(int requests, int round) throws Exception {
    var all = new TreeMap<String, Integer>();
    try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      var parts = new ArrayList<Callable<Map<String, Integer>>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        var attacker = new Attacker(behalf, SEED + 1_000L * round + i);
        parts.add(() -> attacker.send(requests / CONNECTIONS));
      }
      for (var part : threads.invokeAll(parts)) {
        part.get().forEach((answer, times) -> all.merge(answer, times, Integer::sum));
      }
    }
    return all;
  }

  private static Map<String, Integer> statuses(Map<String, Integer> answers) {
    return answers.entrySet().stream()
        .collect(
            Collectors.toMap(
                answer -> answer.getKey().substring(0, 3),
                Map.Entry::getValue,
                Integer::sum,
                TreeMap::new));
  }

  /** One job after the other, from the click to the end. */
  private static List<Duration> workFor(Person person, int jobs) throws Exception {
    var times = new ArrayList<Duration>();
    for (int i = 0; i < jobs; i++) {
      var start = System.nanoTime();
      var id = person.submit(Environment.LIVE, JobPayload.of("echo", "job " + i));
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> person.job(id).required("state").asString().equals("succeeded"));
      times.add(Duration.ofNanos(System.nanoTime() - start));
    }
    return times;
  }

  private static Duration percentile95(List<Duration> times) {
    return times.stream().sorted().toList().get(times.size() * 95 / 100);
  }

  private Map<String, Long> processes() {
    return SERVERS.stream()
        .collect(Collectors.toMap(name -> name, name -> behalf.service(name).pid()));
  }

  /** What is still used after a collection, in bytes. */
  private Map<String, Double> heaps() throws Exception {
    var heaps = new LinkedHashMap<String, Double>();
    for (var name : SERVERS) {
      collect(behalf.service(name).pid());
      heaps.put(name, Metrics.sum(behalf.service(name), "jvm_memory_used_bytes", "area=\"heap\""));
    }
    return heaps;
  }

  private static void collect(long pid) throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var exit =
        new ProcessBuilder(jcmd, String.valueOf(pid), "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    assertThat(exit).isZero();
  }
}
