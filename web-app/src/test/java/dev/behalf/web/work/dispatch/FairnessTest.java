package dev.behalf.web.work.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Pool;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Promise 6, as a property over random backlogs, rounds and arrivals: from the moment a quiet
 * user's job is there, no busy user gets more than one turn for each unit of weight before it. The
 * seed of a failure is in its message.
 */
class FairnessTest {

  private static final int TRIES = 25;
  private static final BehalfDatabase DATABASE = TestDatabase.create();

  private final JdbcClient database =
      JdbcClient.create(TestDatabase.pool(DATABASE, DATABASE.roles().owner()));

  /** Gives the next jobs as (user, job), and marks them dispatched. */
  private interface Scheduler {
    List<UUID> takeUsers(int room);
  }

  @Test
  void nobody_waits_for_more_than_one_turn_of_each_busy_user() {
    var turns = new FairQueue(database, Instant::now);
    for (int seed = 0; seed < TRIES; seed++) {
      var before = turnsBeforeTheQuietOne(new Random(seed), room -> take(turns, room));
      assertThat(before.values()).as("seed " + seed).allMatch(count -> count <= 1);
    }
  }

  @Test
  void first_in_first_out_breaks_the_same_property() {
    var broken = 0;
    for (int seed = 0; seed < TRIES; seed++) {
      var before = turnsBeforeTheQuietOne(new Random(seed), this::firstInFirstOut);
      broken += before.values().stream().anyMatch(count -> count > 1) ? 1 : 0;
    }
    assertThat(broken).isGreaterThan(TRIES / 2);
  }

  @Test
  void turns_follow_the_weights() {
    var turns = new FairQueue(database, Instant::now);
    clear();
    var light = user();
    var heavy = user();
    database
        .sql(
            "insert into jobs.lanes (user_id, environment, pool, weight) values (?, 'live', 'quick', 3)")
        .param(heavy)
        .update();
    queue(light, 100);
    queue(heavy, 100);

    var taken = new ArrayList<UUID>();
    for (int round = 0; round < 10; round++) {
      taken.addAll(take(turns, 4));
    }

    assertThat(taken.stream().filter(heavy::equals).count()).isBetween(29L, 31L);
  }

  /** Otherwise a round with 10,000 busy users takes seconds: each is compared with all lanes. */
  @Test
  void a_plan_made_while_nobody_has_a_lane_looks_lanes_up_one_by_one() throws Exception {
    try (var connection = DATABASE.connect(DATABASE.roles().owner())) {
      var one = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      // As web-app's connections are.
      one.sql("set enable_seqscan = off").update();
      one.sql(FairQueue.PLANNED_ONCE.replace(", true)", ", false)"))
          .query((row, index) -> "")
          .list();

      var plan =
          String.join(
              "\n",
              one.sql("explain " + FairQueue.TAKE)
                  .params(
                      Map.ofEntries(
                          Map.entry("environment", "live"),
                          Map.entry("pool", "quick"),
                          Map.entry("per_user", 8),
                          Map.entry("most_per_user", 8),
                          Map.entry("room", 256),
                          Map.entry("bytes", 1_000_000L),
                          Map.entry("millis", 1_000L),
                          Map.entry("most_of_one", 1_000L),
                          Map.entry("operations", new String[0]),
                          Map.entry("rates", new Double[0]),
                          Map.entry("unknown_rate", 1.0),
                          Map.entry("lease", 60L),
                          Map.entry("hop", "[]")))
                  .query(String.class)
                  .list());

      assertThat(plan)
          .contains("using lanes_pkey")
          .doesNotContainPattern("Join Filter: .*user_id = ")
          .doesNotContain("Seq Scan on lanes");
    }
  }

  /** How many turns each busy user had between the arrival of the quiet one's job and its turn. */
  private Map<UUID, Integer> turnsBeforeTheQuietOne(Random random, Scheduler scheduler) {
    clear();
    int busy = 1 + random.nextInt(6);
    for (int i = 0; i < busy; i++) {
      queue(user(), 20 + random.nextInt(40));
    }
    for (int rounds = random.nextInt(6); rounds > 0; rounds--) {
      scheduler.takeUsers(1 + random.nextInt(10));
    }
    var quiet = user();
    queue(quiet, 1);
    var before = new HashMap<UUID, Integer>();
    while (true) {
      for (var user : scheduler.takeUsers(1 + random.nextInt(10))) {
        if (user.equals(quiet)) {
          return before;
        }
        before.merge(user, 1, Integer::sum);
      }
    }
  }

  private static List<UUID> take(FairQueue turns, int room) {
    var all =
        new FairQueue.Room(
            room, Long.MAX_VALUE, Duration.ofDays(1), Capacity.UNKNOWN, 1_000, 1_000);
    var taken = turns.take(Environment.LIVE, Pool.QUICK, all, Duration.ofMinutes(2));
    if (!taken.isEmpty()) {
      turns.remember(Environment.LIVE, Pool.QUICK, taken);
    }
    return taken.stream().map(turn -> turn.message().userId()).toList();
  }

  private List<UUID> firstInFirstOut(int room) {
    return database
        .sql(
            """
            update jobs.jobs j set state = 'dispatched'
            from (select user_id, id from jobs.jobs where state = 'queued' order by id limit ?) next
            where j.user_id = next.user_id and j.id = next.id returning j.user_id
            """)
        .param(room)
        .query((row, index) -> row.getObject("user_id", UUID.class))
        .list();
  }

  private void clear() {
    database.sql("delete from accounts.users").update();
    database.sql("update jobs.clocks set pass = 0").update();
  }

  private UUID user() {
    var id = UUID.randomUUID();
    database
        .sql(
            "insert into accounts.users (id, email, password_hash, created_at, version) values (?, ?, 'x', now(), 0)")
        .params(id, id + "@example.com")
        .update();
    return id;
  }

  private void queue(UUID user, int jobs) {
    database
        .sql(
            """
            insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, fingerprint, created_at)
            select ?, ('00000000-0000-7000-8000-' || lpad((nextval('jobs_test') + 0)::text, 12, '0'))::uuid, 'live', 'echo',
                   '{"operation":"echo","text":"x"}', 'queued', now() - interval '1 s', '\\x00', now()
            from generate_series(1, ?)
            """)
        .params(user, jobs)
        .update();
  }

  FairnessTest() {
    database.sql("create sequence if not exists jobs_test").update();
  }
}
