package dev.behalf.bench;

import dev.behalf.contract.StrictJson;
import dev.behalf.standalone.UserError;
import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestBroker;
import dev.behalf.testkit.faults.ProcessSignals;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The system that is measured: services, broker and database, and the users who have jobs. */
final class TestBed implements JobSystem, AutoCloseable {

  static final List<String> SERVICES = List.of("web-app", "worker", "compute-server");

  final BehalfSystem system;
  final CpuClock cpu = new CpuClock();
  final List<User> users = new ArrayList<>();

  /** A user with a personal live key. */
  record User(UUID id, String key) {}

  private TestBed(BehalfSystem system) throws SQLException {
    this.system = system;
    for (var service : SERVICES) {
      cpu.add(service, () -> system.service(service).pid());
    }
    try (var connection = system.database()) {
      cpu.addServers(connection);
    }
  }

  static TestBed start(int users) throws Exception {
    var broker =
        TestBroker.rabbitMq()
            .orElseThrow(
                () ->
                    new UserError(
                        "The bench needs a real RabbitMQ: start one on this machine (rabbitmq-server)."));
    var stand = new TestBed(BehalfSystem.startAsUpDoes(broker));
    try {
      stand.prepare(users);
      return stand;
    } catch (Exception failed) {
      stand.close();
      throw failed;
    }
  }

  private void prepare(int count) throws IOException, InterruptedException {
    requireSafety();
    // A bench run needs more units than any plan: no quota may end it.
    execute("update compute.quota_defaults set limit_units = 1000000000");
    for (int i = 0; i < count; i++) {
      users.add(user(system.signUp()));
    }
  }

  /** Rejects a database that may lose confirmed commits: its figures would be worth nothing. */
  private void requireSafety() {
    for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      if (!system.text("select current_setting('" + setting + "')").equals("on")) {
        throw new UserError("PostgreSQL's " + setting + " is not on.");
      }
    }
  }

  /** Creates a key of this person. */
  User user(Person person) throws IOException, InterruptedException {
    var body =
        "{\"environment\":\"live\",\"name\":\"bench\",\"scopes\":[\"jobs:read\",\"jobs:write\",\"usage:read\"]}";
    var answer = person.post("/api/v1/keys", body.getBytes(StandardCharsets.UTF_8));
    if (answer.statusCode() != 201) {
      throw new IOException("A key was answered " + answer.statusCode() + ": " + answer.body());
    }
    var key = StrictJson.MAPPER.readTree(answer.body()).required("secret").asString();
    return new User(idOf(person), key);
  }

  private UUID idOf(Person person) {
    return UUID.fromString(
        system.text("select id::text from accounts.users where email = '" + person.email() + "'"));
  }

  void execute(String sql) {
    try (var connection = system.database();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public URI web() {
    return system.web();
  }

  @Override
  public CpuClock cpu() {
    return cpu;
  }

  @Override
  public Connection database() throws SQLException {
    return system.database();
  }

  @Override
  public String table() {
    return "jobs.jobs";
  }

  @Override
  public String channel() {
    return "behalf_jobs_changed";
  }

  @Override
  public void queue(int jobs) {
    queue(jobs, users.size());
  }

  /** Queues echo jobs as web-app stores them, for the first users in turn. */
  void queue(int jobs, int ofUsers) {
    queue(jobs, ids().subList(0, ofUsers));
  }

  /** Queues echo jobs of any users in turn. */
  void queue(int jobs, List<UUID> of) {
    execute(jobs(jobs, of, "'queued', 0, null, null, null"));
  }

  private List<UUID> ids() {
    return users.stream().map(User::id).toList();
  }

  private static String jobs(int jobs, List<UUID> of, String state) {
    return """
        insert into jobs.jobs (user_id, id, environment, operation, payload, not_before, hops, fingerprint, created_at,
                               state, attempt, units, finished_at, key_id)
        select (array[%s]::uuid[])[1 + i %% %d],
               %s,
               'live', 'echo', '{"operation":"echo","text":"bench ' || i || '"}', now(),
               jsonb_build_array(jsonb_build_object('station', 'submitted', 'at', now())), '\\x00', now(), %s
        from generate_series(1, %d) i
        """
        .formatted(quoted(of), of.size(), newId("clock_timestamp()"), state, jobs);
  }

  /** Returns an SQL expression for a new id (UUIDv7) of this time. */
  static String newId(String time) {
    return "encode(substring(int8send((extract(epoch from "
        + time
        + ") * 1000)::bigint) from 3) || decode('7' || substr(md5(random()::text), 1, 3), 'hex')"
        + " || decode('8' || substr(md5(random()::text), 1, 15), 'hex'), 'hex')::uuid";
  }

  private static String quoted(List<UUID> ids) {
    return String.join(",", ids.stream().map(id -> "'" + id + "'").toList());
  }

  /** Deletes all jobs and results of earlier measurements. */
  void forgetJobs() {
    execute("truncate jobs.jobs, compute.results cascade");
  }

  /** Adds finished jobs of all users, with results and charges, as if they had run before. */
  void finish(int jobs) {
    execute(
        """
        with done as (%s returning user_id, id), results as (
          insert into compute.results select user_id, id, 'live', 'echo', '\\x00', '{"text":"bench"}', 1, now() from done
          returning user_id, job_id
        )
        insert into compute.ledger select user_id, job_id, 'live', to_char(now() at time zone 'utc', 'YYYY-MM'), 1, 'bench', now() from results
        """
            .formatted(jobs(jobs, ids(), "'succeeded', 1, 1, now(), 'bench'")));
    execute("vacuum analyze");
  }

  @Override
  public byte[] job(int number, String text) {
    return job(users.get(number % users.size()), text);
  }

  /** Returns the request that queues an echo job. */
  static byte[] job(User user, String text) {
    return HttpLoad.post(
        "/api/v1/jobs",
        "{\"payload\":{\"operation\":\"echo\",\"text\":\"" + text + "\"}}",
        "Authorization: Api-Key " + user.key());
  }

  /** Waits until no job matches the condition. */
  void awaitNone(String condition) throws InterruptedException {
    awaitNot("exists(select from jobs.jobs where " + condition + ")", 2);
  }

  /** Waits until at most the given number of jobs is queued. */
  void awaitBacklog(int atMost) throws InterruptedException {
    awaitNot("(select count(*) from jobs.jobs where state = 'queued') > " + atMost, 2);
  }

  @Override
  public void awaitDrained(int minutes) throws InterruptedException {
    // Two subqueries, so that PostgreSQL answers each from its index.
    awaitNot(
        "exists(select from jobs.jobs where state = 'queued')"
            + " or exists(select from jobs.jobs where state = 'dispatched')",
        minutes);
  }

  @Override
  public void stopWorkers() throws IOException, InterruptedException {
    ProcessSignals.stop(system.service("worker").pid());
  }

  /** Resumes the workers and tells the dispatcher of the jobs that were queued meanwhile. */
  @Override
  public void letWorkersGo() throws IOException, InterruptedException {
    ProcessSignals.goOn(system.service("worker").pid());
    execute("select pg_notify('behalf_jobs_queued', '')");
  }

  static void log(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }

  @Override
  public void close() throws Exception {
    system.close();
  }
}
