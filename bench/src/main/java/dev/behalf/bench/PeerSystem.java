package dev.behalf.bench;

import dev.behalf.bench.peer.PeerWeb;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The peer's three processes, with a schema and a queue that are gone when they end. */
final class PeerSystem implements JobSystem, AutoCloseable {

  private final PeerPrograms kind;
  private final BehalfDatabase database;
  private final TestBroker broker;
  private final URI web = URI.create("http://127.0.0.1:" + Ports.free());
  private final URI compute = URI.create("http://127.0.0.1:" + Ports.free());
  private final Map<String, Program> programs = new HashMap<>();
  private final CpuClock cpu = new CpuClock();
  private final List<TestBed.User> users = new ArrayList<>();

  private PeerSystem(PeerPrograms kind, BehalfDatabase database, TestBroker broker)
      throws IOException {
    this.kind = kind;
    this.database = database;
    this.broker = broker;
  }

  static PeerSystem start(PeerPrograms kind, BehalfDatabase database, TestBroker broker, int users)
      throws Exception {
    var peer = new PeerSystem(kind, database, broker);
    try {
      peer.createTables(users);
      peer.startPrograms();
      return peer;
    } catch (Exception failed) {
      peer.close();
      throw failed;
    }
  }

  private void createTables(int count) throws Exception {
    try (var schema = Objects.requireNonNull(PeerWeb.class.getResourceAsStream("schema.sql"))) {
      execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
    }
    try (var connection = database();
        var insert =
            connection.prepareStatement(
                """
                with users as (
                  insert into peer.keys (user_id, hash, secret)
                  select gen_random_uuid(), sha256(convert_to(secret, 'utf8')), secret
                  from (select 'peer_' || gen_random_uuid() as secret from generate_series(1, ?)) s
                  returning user_id, secret
                ), quotas as (
                  insert into peer.quota (user_id, limit_units) select user_id, 1000000000 from users
                )
                select user_id, secret from users
                """)) {
      insert.setInt(1, count);
      try (var rows = insert.executeQuery()) {
        while (rows.next()) {
          users.add(new TestBed.User(rows.getObject(1, UUID.class), rows.getString(2)));
        }
      }
    }
  }

  private void startPrograms() throws Exception {
    started("web", kind.startWeb(web.getPort()));
    started("worker", kind.startWorker(compute));
    started("compute", kind.startCompute(compute.getPort()));
    try (var connection = database()) {
      cpu.addServers(connection);
    }
    program("web").awaitAnswer(web);
    program("compute").awaitAnswer(compute);
    // The worker has no port: it is ready when it has run a job.
    var answer = new HttpLoad(web, 1).send(1, i -> job(i, "first"), true).getFirst();
    if (answer.status() != 202) {
      throw new IllegalStateException("The peer answered " + answer);
    }
    awaitDrained(2);
  }

  private void started(String name, Program program) {
    programs.put(name, program);
    cpu.add(name, program::pid);
  }

  private Program program(String name) {
    return Objects.requireNonNull(programs.get(name), name);
  }

  List<TestBed.User> users() {
    return users;
  }

  @Override
  public URI web() {
    return web;
  }

  URI compute() {
    return compute;
  }

  @Override
  public CpuClock cpu() {
    return cpu;
  }

  @Override
  public Connection database() throws SQLException {
    return database.connect(database.roles().owner());
  }

  @Override
  public String table() {
    return "peer.jobs";
  }

  @Override
  public String channel() {
    return "peer_jobs_changed";
  }

  @Override
  public byte[] job(int number, String text) {
    return HttpLoad.post(
        "/api/jobs",
        "{\"text\":\"" + text + "\"}",
        "Authorization: Api-Key " + users.get(number % users.size()).key());
  }

  /** Stores jobs and sends their messages as the web process does. */
  @Override
  public void queue(int jobs) throws Exception {
    try (var connection = database();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                insert into peer.jobs (id, user_id, text)
                select gen_random_uuid(), user_id, 'bench ' || i
                from generate_series(1, %d) i
                join (select user_id, row_number() over () as n from peer.keys) k on n = 1 + i %% %d
                returning id, user_id
                """
                    .formatted(jobs, users.size()));
        var broker = this.broker.connect();
        var channel = broker.createChannel()) {
      channel.confirmSelect();
      while (rows.next()) {
        var message = kind.message(rows.getString(1), rows.getString(2));
        channel.basicPublish("", kind.queue(), message.properties(), message.body());
      }
      channel.waitForConfirmsOrDie(60_000);
    }
  }

  @Override
  public void stopWorkers() throws IOException, InterruptedException {
    program("worker").suspend();
  }

  @Override
  public void letWorkersGo() throws IOException, InterruptedException {
    program("worker").resume();
  }

  @Override
  public void awaitDrained(int minutes) throws InterruptedException {
    awaitNot("exists(select from peer.jobs where state = 'queued')", minutes);
  }

  /**
   * From now on the database announces each outcome, as Behalf does. Not before: commits that
   * announce something wait for one another.
   */
  void announceOutcomes() throws SQLException {
    execute(
        """
        create function peer.announce() returns trigger language plpgsql as $$
        begin
          perform pg_notify('peer_jobs_changed', new.id || ' ' || new.state);
          return null;
        end $$;
        create trigger announce after update on peer.jobs for each row execute function peer.announce();
        """);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = database();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws Exception {
    for (var program : programs.values()) {
      program.close();
    }
    execute("drop schema if exists peer cascade");
    try (var connection = broker.connect();
        var channel = connection.createChannel()) {
      channel.queueDelete(kind.queue());
    }
  }
}
