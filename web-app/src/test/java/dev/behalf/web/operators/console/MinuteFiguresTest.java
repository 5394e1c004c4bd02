package dev.behalf.web.operators.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.operators.console.MinuteFigures.Counts;
import dev.behalf.web.operators.console.MinuteFigures.Minute;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class MinuteFiguresTest extends WebAppTest {

  /** The beginning of a minute that no scheduled run claims. */
  private static final String MINUTE = "date_trunc('minute', now()) - interval '7 minutes'";

  @Autowired MinuteFigures figures;

  private Person ada;

  @BeforeEach
  void nothing_stored() throws Exception {
    sql("delete from accounts.users");
    sql("delete from ops.minutes");
    ada = signUp();
  }

  @Test
  void a_minute_is_stored_as_the_rows_show_it() {
    var minute = claim(MINUTE);
    succeeded(MINUTE + " + interval '5 seconds'", 2, 4);
    succeeded(MINUTE + " + interval '59 seconds'", 30, 1);
    succeeded(MINUTE + " - interval '1 second'", 500, 500);
    succeeded(MINUTE + " + interval '61 seconds'", 500, 500);
    job("failed", MINUTE + " + interval '10 seconds'", "null");
    job("queued", "now()", "null");

    figures.store(minute);

    assertThat(stored(minute)).isEqualTo(new Minute(minute, new Counts(3, 2, 1, 1, 0), 30.0, 4.0));
  }

  @Test
  void a_minute_that_nobody_stored_is_a_gap() throws Exception {
    var minute = claim(MINUTE);
    figures.store(minute);
    claim(MINUTE + " + interval '1 minute'");

    var hour = figures.lastHour(Environment.LIVE);

    assertThat(hour).hasSize(60).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    assertThat(hour.stream().filter(of -> of.counts() != null).map(Minute::at)).contains(minute);
    assertThat(stored(minute.plusSeconds(60)).counts()).isNull();
    assertThat(stored(minute).longWait()).isNull();
    assertThat(operator(ada).page("/ops").body())
        .contains("<title id=\"spark-live-arrived\">Submitted per minute, last 60 minutes: latest")
        .contains("Show the last 60 minutes as a table");
  }

  @Test
  void a_minute_is_stored_once_however_many_replicas_try() {
    figures.inTurn();
    sql("update ops.minutes set arrived = 4711");

    figures.inTurn();

    assertThat(number("select count(*) from ops.minutes where arrived = 4711")).isEqualTo(2);
  }

  @Test
  void minutes_are_kept_for_a_day() {
    claim("date_trunc('minute', now()) - interval '25 hours'");

    figures.store(claim(MINUTE));

    assertThat(number("select count(*) from ops.minutes where minute < now() - interval '1 day'"))
        .isZero();
  }

  private Minute stored(Instant minute) {
    return figures.lastHour(Environment.LIVE).stream()
        .filter(of -> of.at().equals(minute))
        .findFirst()
        .orElseThrow();
  }

  private static Instant claim(String minute) {
    sql(
        "insert into ops.minutes (minute, environment) values (%1$s, 'live'), (%1$s, 'test')"
            .formatted(minute));
    return Instant.parse(
        text(
            "select to_char((%s) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:00\"Z\"')"
                .formatted(minute)));
  }

  private void succeeded(String at, int waited, int ran) {
    var job =
        job(
            "succeeded",
            at,
            """
            jsonb_build_array(jsonb_build_object('station', 'submitted', 'at', %1$s),
              jsonb_build_object('station', 'taken', 'at', %1$s + interval '%2$d s'),
              jsonb_build_object('station', 'answered', 'at', %1$s + interval '%3$d s'))
            """
                .formatted(at, waited, waited + ran));
    sql(
        "insert into compute.ledger values ('%s', '%s', 'live', '2026-01', 5, 'key', %s)"
            .formatted(userId(ada), job, at));
  }

  private UUID job(String state, String at, String hops) {
    var job = UUID.randomUUID();
    sql(
        """
        insert into jobs.jobs (user_id, id, environment, operation, payload, state, not_before, hops, units, code, fingerprint, created_at, finished_at)
        values ('%1$s', '%2$s', 'live', 'echo', '{"operation":"echo","text":"x"}', '%3$s', %4$s + interval '1 day', coalesce(%5$s::jsonb, '[]'), 5, case when '%3$s' = 'failed' then 'time_limit' end, '', %4$s, case when '%3$s' = 'queued' then null else %4$s end)
        """
            .formatted(userId(ada), job, state, at, hops));
    return job;
  }
}
