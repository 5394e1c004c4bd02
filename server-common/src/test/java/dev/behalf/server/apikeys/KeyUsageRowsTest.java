package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyCheck.Accepted;
import dev.behalf.server.apikeys.KeyCheck.Client;
import dev.behalf.server.apikeys.KeyCheck.Reason;
import dev.behalf.server.apikeys.KeyCheck.Refused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class KeyUsageRowsTest {

  private static final KeyRows ROWS = new KeyRows();
  private static final Client CURL = new Client("203.0.113.9", "curl");

  private Instant now = Instant.parse("2026-11-30T12:00:00Z");
  private boolean isAway;

  private final UUID ada = ROWS.user("jobs:read");
  private final String key = ROWS.key(ada, Environment.LIVE, "jobs:read").keyId();
  private final KeyUsage usage = server();

  @Test
  void the_first_use_is_written_at_once() {
    usage.heard(accepted(CURL));

    usage.write();

    assertThat(calls()).isEqualTo("2026-11-30: 1");
    assertThat(lastUse()).isEqualTo("2026-11-30 12:00:00 203.0.113.9 curl");
  }

  @Test
  void within_a_minute_of_a_write_nothing_more_is_written() {
    usage.heard(accepted(CURL));
    usage.write();
    usage.heard(accepted(CURL));

    now = now.plus(KeyUsage.QUIET).minusNanos(1);
    usage.write();
    assertThat(calls()).isEqualTo("2026-11-30: 1");

    now = now.plusNanos(1);
    usage.write();
    assertThat(calls()).isEqualTo("2026-11-30: 2");
  }

  @Test
  void after_a_quiet_minute_the_next_use_is_written_at_once() {
    usage.heard(accepted(CURL));
    usage.write();
    now = now.plus(KeyUsage.QUIET);
    usage.write();

    usage.heard(accepted(CURL));
    usage.write();

    assertThat(calls()).isEqualTo("2026-11-30: 2");
  }

  @Test
  void the_stop_of_the_server_writes_what_is_in_memory_however_recent() {
    usage.heard(accepted(CURL));
    usage.write();
    usage.heard(accepted(CURL));

    usage.destroy();

    assertThat(calls()).isEqualTo("2026-11-30: 2");
  }

  @Test
  void a_call_counts_on_its_own_day_in_utc_even_if_it_is_written_on_the_next() {
    now = Instant.parse("2026-11-30T23:59:59.999Z");
    usage.heard(accepted(CURL));
    now = Instant.parse("2026-12-01T00:00:00Z");
    usage.heard(accepted(CURL));
    usage.heard(accepted(CURL));

    usage.write();

    assertThat(calls()).isEqualTo("2026-11-30: 1, 2026-12-01: 2");
  }

  @Test
  void refusals_are_counted_by_reason_and_are_no_use_of_the_key() {
    usage.heard(refused(Reason.EXPIRED, ada));
    usage.heard(refused(Reason.EXPIRED, ada));
    usage.heard(refused(Reason.ADDRESS, ada));

    usage.write();

    assertThat(refusals()).isEqualTo("address: 1, expired: 2");
    assertThat(calls()).as("calls").isEmpty();
    assertThat(lastUse()).as("last use").isEmpty();
  }

  @Test
  void a_guess_at_a_key_leaves_no_trace_at_its_owner() {
    usage.heard(refused(Reason.WRONG_SECRET, null));

    usage.destroy();

    assertThat(refusals()).isEmpty();
  }

  @Test
  void the_figures_of_two_servers_add_up() {
    var other = server();
    usage.heard(accepted(CURL));
    other.heard(accepted(CURL));
    usage.heard(refused(Reason.EXPIRED, ada));
    other.heard(refused(Reason.EXPIRED, ada));

    usage.write();
    other.write();

    assertThat(calls()).isEqualTo("2026-11-30: 2");
    assertThat(refusals()).isEqualTo("expired: 2");
  }

  @Test
  void an_earlier_use_that_another_server_writes_later_is_not_the_last() {
    var slow = server();
    slow.heard(accepted(new Client("192.0.2.1", "slow")));
    now = now.plusSeconds(1);
    usage.heard(accepted(CURL));
    usage.write();

    slow.write();

    assertThat(lastUse()).isEqualTo("2026-11-30 12:00:01 203.0.113.9 curl");
  }

  @Test
  void a_user_agent_is_cut_to_200_characters_and_stays_printable() {
    usage.heard(accepted(new Client("203.0.113.9", "é\u0000" + "x".repeat(198) + "y")));

    usage.write();

    assertThat(lastUse()).endsWith(" ??" + "x".repeat(198));
  }

  @Test
  void figures_that_meet_an_unreachable_database_are_written_later() {
    usage.heard(accepted(CURL));
    usage.heard(refused(Reason.EXPIRED, ada));
    isAway = true;
    usage.write();
    isAway = false;
    now = now.plusSeconds(1);
    usage.heard(accepted(new Client("192.0.2.1", "later")));

    now = now.plus(Duration.ofMinutes(1));
    usage.write();

    assertThat(calls()).isEqualTo("2026-11-30: 2");
    assertThat(refusals()).isEqualTo("expired: 1");
    assertThat(lastUse()).isEqualTo("2026-11-30 12:00:01 192.0.2.1 later");
  }

  @Test
  void a_last_use_that_meets_an_unreachable_database_is_written_later() {
    usage.heard(accepted(CURL));
    isAway = true;
    usage.write();
    isAway = false;

    now = now.plus(Duration.ofMinutes(1));
    usage.write();

    assertThat(lastUse()).isEqualTo("2026-11-30 12:00:00 203.0.113.9 curl");
  }

  @Test
  void the_figures_of_a_deleted_key_do_not_hold_up_those_of_another() {
    for (int i = 0; i < 5; i++) {
      usage.heard(accepted(ROWS.user("jobs:read"), "gone0000000" + i, CURL));
    }
    usage.heard(accepted(CURL));

    usage.write();

    assertThat(calls()).isEqualTo("2026-11-30: 1");
  }

  @Test
  void no_call_is_lost_or_counted_twice_while_figures_are_written() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int call = 0; call < 500; call++) {
                  usage.heard(accepted(CURL));
                }
              }));
    }
    while (threads.stream().anyMatch(Thread::isAlive)) {
      usage.destroy();
    }

    usage.destroy();

    assertThat(calls()).isEqualTo("2026-11-30: 2000");
  }

  private KeyUsage server() {
    return new KeyUsage(JdbcClient.create(new Switched()), () -> now);
  }

  private Accepted accepted(Client client) {
    return accepted(ada, key, client);
  }

  private static Accepted accepted(UUID user, String keyId, Client client) {
    return new Accepted(
        new KeyHolder(user, Environment.LIVE, keyId, Set.of(), false, null, null), client);
  }

  private Refused refused(Reason reason, @Nullable UUID owner) {
    return new Refused(reason, Environment.LIVE, key, owner, CURL);
  }

  private String calls() {
    return ROWS.text(
        "select coalesce(string_agg(day || ': ' || calls, ', ' order by day), '')"
            + " from accounts.key_days where key_id = ?",
        key);
  }

  private String refusals() {
    return ROWS.text(
        "select coalesce(string_agg(reason || ': ' || calls, ', ' order by reason), '')"
            + " from accounts.key_refusals where key_id = ?",
        key);
  }

  private String lastUse() {
    return ROWS.text(
        "select coalesce(max(to_char(used_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS')"
            + " || ' ' || address || ' ' || user_agent), '')"
            + " from accounts.key_last_used where key_id = ?",
        key);
  }

  private final class Switched extends DelegatingDataSource {

    Switched() {
      super(ROWS.dataSource());
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (isAway) {
        throw new SQLException("connection timed out");
      }
      return super.getConnection();
    }
  }
}
