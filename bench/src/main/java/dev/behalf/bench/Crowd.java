package dev.behalf.bench;

import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures a large installation: 100,000 users of a platform, of whom 10,000 have a job queued,
 * beside millions of finished jobs. Two million take six minutes and 2 GiB.
 */
final class Crowd {

  private static final int USERS = 100_000;
  private static final int IN_AN_IMPORT = 10_000;
  private static final int WITH_QUEUED_JOBS = 10_000;

  /** Finished jobs of each user who has any. */
  private static final int FINISHED_OF_ONE = 100_000;

  private final TestBed stand;
  private final int finished;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Crowd(TestBed stand, int finished) {
    this.stand = stand;
    this.finished = finished;
  }

  void measure(Figures figures) throws Exception {
    importUsers(figures);
    var users = users();
    stand.forgetJobs();
    for (int i = 0; i < finished / FINISHED_OF_ONE; i++) {
      var key =
          stand.system.text(
              "select key_id from accounts.api_keys where environment = 'live' and user_id = '%s'"
                  .formatted(users.get(i)));
      ManyJobs.give(stand, users.get(i), key, FINISHED_OF_ONE);
    }
    vacuum(figures, "crowd.first_vacuum_seconds", "vacuum analyze");
    figures.put(
        "crowd.finished_jobs", (double) stand.system.count("select count(*) from jobs.jobs"));
    figures.put(
        "crowd.database_gib",
        stand.system.count("select pg_database_size(current_database())") / Math.pow(1024, 3));
    // The first drain of each also fetches the keys of its users.
    for (var name : List.of("first_drain", "drain")) {
      drain(figures, "crowd." + name + "_of_10000_users", users.subList(0, WITH_QUEUED_JOBS));
      drain(figures, "crowd." + name + "_of_50_users", users.subList(0, 50));
    }
    vacuum(figures, "crowd.vacuum_of_jobs_seconds", "vacuum analyze jobs.jobs");
    new Pages(stand).measure(figures, "crowd.pages");
  }

  private void importUsers(Figures figures) throws IOException, InterruptedException {
    var token = token();
    var start = System.nanoTime();
    for (int first = 0; first < USERS; first += IN_AN_IMPORT) {
      var lines =
          IntStream.range(first, first + IN_AN_IMPORT)
              .mapToObj(i -> "{\"external_id\":\"customer-" + i + "\"}\n")
              .collect(Collectors.joining());
      var answer =
          send(
              HttpRequest.newBuilder(stand.web().resolve("/api/v1/users"))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/x-ndjson")
                  .POST(BodyPublishers.ofString(lines)));
      if (answer.contains("failed")) {
        throw new IllegalStateException("A user was not created.");
      }
    }
    figures.put("crowd.users", USERS);
    figures.put("crowd.users_imported_per_second", USERS / ((System.nanoTime() - start) / 1e9));
  }

  /** Creates a platform and returns a token of it, which lives for ten minutes. */
  private String token() throws IOException, InterruptedException {
    var credentials = ClientCredentials.generate();
    stand.execute(
        "select accounts.create_platform('%s', 'bench', 'users:write', '', '%s', '%s', '%s')"
            .formatted(
                UUID.randomUUID(),
                UUID.randomUUID(),
                credentials.clientId(),
                ClientCredentials.hash(credentials.secret())));
    var basic =
        Base64.getEncoder()
            .encodeToString(
                (credentials.clientId() + ":" + credentials.secret())
                    .getBytes(StandardCharsets.UTF_8));
    var answer =
        send(
            HttpRequest.newBuilder(stand.web().resolve("/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
    return StrictJson.MAPPER.readTree(answer).required("access_token").asString();
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer = http.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.uri() + " was answered " + answer.statusCode());
    }
    return answer.body();
  }

  private List<UUID> users() {
    return Arrays.stream(
            stand
                .system
                .text(
                    "select string_agg(user_id::text, ' ' order by external_id) from accounts.platform_users")
                .split(" "))
        .map(UUID::fromString)
        .toList();
  }

  /** Drains as many jobs from these users as users have one in the larger case. */
  private void drain(Figures figures, String name, List<UUID> of) throws Exception {
    stand.stopWorkers();
    stand.queue(WITH_QUEUED_JOBS, of);
    stand.execute("analyze jobs.jobs");
    var cpu = stand.cpu.read();
    var start = System.nanoTime();
    stand.letWorkersGo();
    stand.awaitDrained(10);
    figures.put(name + ".jobs_per_second", WITH_QUEUED_JOBS / ((System.nanoTime() - start) / 1e9));
    stand.cpu.put(figures, name + ".cpu_seconds_per_1000_jobs", cpu, WITH_QUEUED_JOBS / 1000.0);
  }

  private void vacuum(Figures figures, String name, String statement) {
    var start = System.nanoTime();
    stand.execute(statement);
    figures.put(name, (System.nanoTime() - start) / 1e9);
  }
}
