package dev.behalf.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs one case: jobs, a fault in the middle of them, and the comparison afterwards. */
final class FaultRun {

  private static final Path LISTS = Path.of("target", "faults");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Site site;
  private final int jobs;
  private final int perSecond;
  private final @Nullable LongWork work;
  private int before;

  FaultRun(Site site, int jobs, int perSecond) {
    this(site, jobs, perSecond, null);
  }

  private FaultRun(Site site, int jobs, int perSecond, @Nullable LongWork work) {
    this.work = work;
    this.before = jobs / 5;
    this.site = site;
    this.jobs = jobs;
    this.perSecond = perSecond;
  }

  /** As the long form is set: so many jobs, at that pace. */
  static FaultRun asSet(Site site) {
    return new FaultRun(
        site,
        Integer.getInteger("behalf.faults.jobs", 5_000),
        Integer.getInteger("behalf.faults.rate", 400));
  }

  /** Jobs of a long operation: the fault begins when all of them run. */
  static FaultRun of(Site site, LongWork work, int jobs, int perSecond) {
    var run = new FaultRun(site, jobs, perSecond, work);
    run.before = jobs;
    return run;
  }

  /** The fault begins with the jobs, and not when a fifth of them is queued. */
  FaultRun immediately() {
    before = 0;
    return this;
  }

  /** Fails where anything is lost, stuck, wrong, charged twice or told. */
  Row run(String name, FaultCase fault) throws Exception {
    note("case: " + name);
    var jobsBefore = jobsOfAll();
    var callsBefore = work == null ? 0 : work.calls();
    var operation = work == null ? Load.QUICK : work.operation;
    try (var replays = new Replays(site.system());
        var load = Load.of(site.users(), operation, name, jobs, perSecond)) {
      Awaitility.await().atMost(PATIENCE).until(() -> load.told() >= before);
      if (work != null && before > 0) {
        Awaitility.await().atMost(PATIENCE).until(() -> work.calls() - callsBefore >= jobs);
      }
      note("fault");
      var end = fault.strike();
      note("end of the fault");
      var told = load.finish();
      note("all jobs told");
      write(name, told);
      var accepted = told.stream().filter(Acknowledged::isAccepted).toList();
      var drained = drain();
      note(drained ? "all jobs ended" : "not all jobs ended");
      var again = work == null ? replays.total() : work.calls() - callsBefore - accepted.size();
      return judge(name, jobsBefore, told, accepted, end, drained, again);
    }
  }

  private static void note(String what) {
    System.out.printf(
        "%6.1f s  %s%n", ManagementFactory.getRuntimeMXBean().getUptime() / 1e3, what);
  }

  private Row judge(
      String name,
      long jobsBefore,
      List<Acknowledged> told,
      List<Acknowledged> accepted,
      Instant end,
      boolean drained,
      long again)
      throws Exception {
    try (var database = site.system().database()) {
      var audit = Audit.of(database, accepted);
      var row =
          new Row(
              name,
              accepted.size(),
              accepted.size() - audit.known() + audit.withoutResult(),
              Math.abs(audit.units() - audit.succeeded()),
              audit.open(),
              audit.failed(),
              again,
              Audit.firstResultAfter(database, end));
      System.out.println(row.line());
      if (Boolean.getBoolean("behalf.faults.report")) {
        new Report(Path.of(System.getProperty("behalf.home", "."), "docs", "reliability.md"))
            .add(row);
      }
      var problems = problems(told, accepted, audit, drained);
      if (jobsOfAll() - jobsBefore != accepted.size()) {
        problems.add(
            "jobs in the table: %d, told accepted: %d"
                .formatted(jobsOfAll() - jobsBefore, accepted.size()));
      }
      assertThat(problems).as(name).isEmpty();
      return row;
    }
  }

  private List<String> problems(
      List<Acknowledged> told, List<Acknowledged> accepted, Audit audit, boolean drained)
      throws Exception {
    var problems = new ArrayList<String>();
    if (!drained) {
      problems.add("not all has ended: " + openJobs());
    }
    if (accepted.size() < told.size()) {
      problems.add(
          "not accepted: "
              + told.stream()
                  .filter(one -> !one.isAccepted())
                  .collect(Collectors.groupingBy(Acknowledged::status, Collectors.counting())));
    }
    var allSucceeded =
        new Audit(
            accepted.size(), accepted.size(), 0, 0, 0, 0, 0, accepted.size(), accepted.size());
    if (!audit.equals(allSucceeded)) {
      problems.add(audit.toString());
    }
    problems.addAll(site.system().violatedInvariants());
    problems.addAll(leftInQueues());
    if (held() != 0) {
      problems.add("holds that nothing ended");
    }
    if (work != null) {
      work.withKeys().forEach(call -> problems.add("an API key in a call: " + call));
    }
    problems.addAll(keysInLogs());
    if (site.system().hasSeenKeyAtBroker()) {
      problems.add("an API key on its way to or from the broker");
    }
    return problems;
  }

  /** Waits until nothing is open and the queues are empty. */
  private boolean drain() throws InterruptedException {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .ignoreExceptions()
          .until(() -> openJobs() == 0 && leftInQueues().isEmpty());
      return true;
    } catch (ConditionTimeoutException notInTime) {
      return false;
    }
  }

  private long openJobs() throws SQLException {
    try (var database = site.system().database()) {
      return Audit.open(database);
    }
  }

  private long held() throws SQLException {
    try (var database = site.system().database()) {
      return Audit.held(database);
    }
  }

  private long jobsOfAll() throws SQLException {
    try (Connection database = site.system().database()) {
      return Audit.jobsOf(database, site.users());
    }
  }

  private List<String> leftInQueues() throws Exception {
    return site.rabbit()
        .with(
            channel -> {
              var left = new ArrayList<String>();
              for (var queue :
                  List.of(
                      JobMessage.LIVE_QUEUE,
                      JobMessage.TEST_QUEUE,
                      JobOutcome.QUEUE,
                      JobMessage.DEAD_QUEUE)) {
                var messages = channel.messageCount(queue);
                if (messages > 0) {
                  left.add(messages + " messages in " + queue);
                }
              }
              return left;
            });
  }

  private List<String> keysInLogs() throws IOException {
    var problems = new ArrayList<String>();
    for (var replica : site.system().replicas()) {
      try (var lines = Files.lines(site.system().log(replica))) {
        if (lines.anyMatch(line -> ApiKeyFormat.PATTERN.matcher(line).find())) {
          problems.add("an API key in the log of " + replica);
        }
      }
    }
    return problems;
  }

  private static void write(String name, List<Acknowledged> told) throws IOException {
    Files.createDirectories(LISTS);
    Files.write(
        LISTS.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".csv"),
        told.stream().map(Acknowledged::line).toList());
  }
}
