package dev.behalf.standalone;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The drills: each disturbs a running system and checks that the system keeps its promises. */
@Command(
    name = "drill",
    description = "Disturbs the running system, and checks that it keeps its promises.",
    synopsisSubcommandLabel = "DRILL")
final class Drill {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int CLIENTS = 8;

  @ParentCommand Behalf behalf = new Behalf();

  /** The jobs of the drill's user, counted by outcome. */
  record Counts(long succeeded, long failed, long open) {}

  @Command(
      name = "rotation",
      description =
          "Rotates and then revokes a user's managed key while jobs run; no job may fail.")
  int rotation(
      @Option(
              names = "--jobs",
              defaultValue = "2000",
              description = "Number of jobs (default: ${DEFAULT-VALUE}).")
          int jobs)
      throws Exception {
    var run = RunFile.require(behalf.data);
    var session =
        WebSession.signUp(
            URI.create(run.web()),
            "drill-" + UUID.randomUUID() + "@example.com",
            UUID.randomUUID().toString());
    var refusedBefore = refusals(run);
    System.out.printf("queueing %d jobs of %s%n", jobs, session.email());
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var queued = clients.submit(() -> queue(session, jobs, clients));
      awaitDone(session, jobs / 3);
      System.out.println("a third is done: rotating the key, with a grace period of 15 minutes");
      change(session, inUse(session), "rotation", "{\"overlap\":\"15m\"}");
      awaitDone(session, 2 * jobs / 3);
      System.out.println("two thirds are done: revoking the key in use at once");
      change(session, inUse(session), "revocation", "");
      queued.get();
      awaitDone(session, jobs);
    }
    return report(session, jobs, refusals(run) - refusedBefore);
  }

  private static Void queue(
      WebSession session, int jobs, java.util.concurrent.ExecutorService clients) throws Exception {
    var answers = new java.util.ArrayList<Future<UUID>>();
    var operation = Samples.plan().drill();
    for (int i = 0; i < jobs; i++) {
      var text = "drill " + i;
      answers.add(
          clients.submit(() -> session.submit(Environment.LIVE, JobPayload.of(operation, text))));
    }
    for (var answer : answers) {
      answer.get();
    }
    return null;
  }

  private void awaitDone(WebSession session, int done) throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (counts(session).succeeded() + counts(session).failed() < done) {
      if (System.nanoTime() > deadline) {
        throw new UserError(
            "The drill timed out after " + PATIENCE.toMinutes() + " min: " + counts(session) + ".");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Returns the id of the key with which the newest charge was made. */
  private String inUse(WebSession session) throws IOException, SQLException {
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement(
                """
                select key_id from compute.ledger l join accounts.users u on u.id = l.user_id
                where u.email = ? order by l.created_at desc limit 1
                """)) {
      statement.setString(1, session.email());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private static void change(WebSession session, String key, String resource, String body)
      throws IOException, InterruptedException {
    var answer =
        session.post("/api/v1/keys/" + key + "/" + resource, body.getBytes(StandardCharsets.UTF_8));
    if (answer.statusCode() >= 300) {
      throw new UserError("The " + resource + " failed with " + answer.statusCode() + ".");
    }
  }

  private Counts counts(WebSession session) throws IOException, SQLException {
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement(
                """
                select count(*) filter (where state = 'succeeded'), count(*) filter (where state %s),
                       count(*) filter (where state %s)
                from jobs.jobs j join accounts.users u on u.id = j.user_id where u.email = ?
                """
                    .formatted(
                        JobState.in(JobState::isUnsuccessful), JobState.in(JobState::isOpen)))) {
      statement.setString(1, session.email());
      try (var row = statement.executeQuery()) {
        row.next();
        return new Counts(row.getLong(1), row.getLong(2), row.getLong(3));
      }
    }
  }

  private int report(WebSession session, int jobs, double refused)
      throws IOException, SQLException {
    var counts = counts(session);
    long late = 0;
    System.out.printf("%n%-14s %-10s %8s %20s%n", "key", "state", "calls", "after revocation");
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement(
                """
                select k.key_id, case when k.revoked_at is not null then 'revoked'
                                      when k.rotated_at is not null then 'rotating' else 'active' end,
                       count(l.job_id), count(l.job_id) filter (where l.created_at > k.revoked_at + interval '2 seconds')
                from accounts.api_keys k join accounts.users u on u.id = k.user_id
                left join compute.ledger l on l.user_id = k.user_id and l.key_id = k.key_id
                where u.email = ? and k.environment = 'live'
                group by 1, 2, k.created_at order by k.created_at
                """)) {
      statement.setString(1, session.email());
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          late += rows.getLong(4);
          System.out.printf(
              "%-14s %-10s %8d %20d%n",
              rows.getString(1), rows.getString(2), rows.getLong(3), rows.getLong(4));
        }
      }
    }
    System.out.printf(
        "%nrefused calls, each retried with the new key: %.0f%n"
            + "%d jobs: %d succeeded, %d failed, %d open%n",
        refused, jobs, counts.succeeded(), counts.failed(), counts.open());
    return counts.succeeded() == jobs && late == 0 ? 0 : 1;
  }

  /** Returns how many times compute-server has refused a key so far. */
  private static double refusals(RunFile run) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(run.management("compute-server").resolve("/actuator/prometheus"))
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("behalf_keys_refused_total{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
