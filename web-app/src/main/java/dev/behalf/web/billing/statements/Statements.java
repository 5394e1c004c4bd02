package dev.behalf.web.billing.statements;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.billing.usage.KeyNames;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads monthly statements and the charges behind them. */
@Component
public class Statements {

  static final int PAGE = 50;

  /** One SQL statement, and so one snapshot: the sums agree despite concurrent charges. */
  static final String STATEMENT =
      """
      select 'quota' as kind, '' as operation, '' as key_id, limit_units as jobs, used as units
      from compute.quota where user_id = :user and environment = :environment and period = :period
      union all
      select 'held', '', '', 0, held
      from compute.quota where user_id = :user and environment = :environment and period = :period
      union all
      select 'charged', '', '', count(*), coalesce(sum(units), 0)
      from compute.ledger where user_id = :user and environment = :environment and period = :period
      union all
      select 'line', operation, key_id, sum(jobs), sum(units)
      from compute.ledger_hours where user_id = :user and environment = :environment and period = :period
      group by operation, key_id
      """;

  static final String PERIODS =
      """
      select period, limit_units, used from compute.quota
      where user_id = :user and environment = :environment order by period desc
      """;

  /**
   * The actor of a charge {@code l}: from its job {@code j}, or if that was deleted, from {@code
   * d}, without which it was the charge's key.
   */
  private static final String ACTOR =
      """
      case when j.id is not null then j.actor
           when d.job_id is not null then d.actor
           else 'key ' || l.origin_key_id end as actor""";

  private static final String JOINS =
      """
      left join jobs.jobs j on j.user_id = l.user_id and j.id = l.job_id and j.environment = l.environment
      left join jobs.deleted_job_actors d
        on d.user_id = l.user_id and d.job_id = l.job_id and d.environment = l.environment""";

  /**
   * Finds the page in the index alone and reads only the rows of that page. The hourly sums rule
   * out an operation or key without charges before any row of the month is read.
   */
  static final String CHARGES =
      """
      with page as materialized (
        select user_id, job_id, environment from compute.ledger
        where user_id = :user and environment = :environment and period = :period
          and (:operation::text is null or operation = :operation)
          and (:key::text is null or coalesce(origin_key_id, key_id) = :key)
          and (:before::uuid is null or job_id < :before)
          and exists (
            select from compute.ledger_hours where user_id = :user and environment = :environment and period = :period
              and (:operation::text is null or operation = :operation) and (:key::text is null or key_id = :key))
        order by job_id desc limit :limit)
      select l.job_id, l.operation, l.operation_version, l.key_id, l.origin_key_id, l.units, l.created_at, l.environment, l.period,
             l.outcome, l.held, ${actor}
      from page join compute.ledger l using (user_id, job_id, environment)
      ${joins}
      order by l.job_id desc
      """
          .replace("${actor}", ACTOR)
          .replace("${joins}", JOINS);

  static final String CHARGE =
      """
      select l.job_id, l.operation, l.operation_version, l.key_id, l.origin_key_id, l.units, l.created_at,
             l.environment, l.period, l.outcome, l.held, ${actor}
      from compute.ledger l
      ${joins}
      where l.user_id = :user and l.job_id = :job and l.environment = :environment
      """
          .replace("${actor}", ACTOR)
          .replace("${joins}", JOINS);

  private final JdbcClient database;
  private final KeyNames names;
  private final Price price;
  private final InstantSource clock;

  Statements(JdbcClient database, KeyNames names, Price price, InstantSource clock) {
    this.database = database;
    this.names = names;
    this.price = price;
    this.clock = clock;
  }

  private record Row(String kind, String operation, String keyId, long jobs, long units) {}

  /** A month in the list of statements. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Billed(String period, long used, long limit, @Nullable String amount) {}

  /**
   * One charge.
   *
   * @param keyId the key that requested the job
   * @param outcome how the job ended: succeeded or cancelled
   * @param held what was held for the job, if its cost was not known before
   * @param actor the credential that asked for the job: the user's own, or of who acted for the
   *     user
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Charge(
      UUID jobId,
      Environment environment,
      String period,
      String operation,
      int version,
      String keyId,
      String key,
      long units,
      String outcome,
      @Nullable Long held,
      @Nullable String actor,
      Instant chargedAt) {}

  List<Billed> periods(UUID userId, Environment environment) {
    return database
        .sql(PERIODS)
        .param("user", userId)
        .param("environment", environment.wire())
        .query(
            (row, index) ->
                new Billed(
                    row.getString("period"),
                    row.getLong("used"),
                    row.getLong("limit_units"),
                    price.of(environment.wire(), row.getLong("used"))))
        .list();
  }

  /** Returns the statement of a month; empty if the month has neither a quota nor a charge. */
  Optional<Statement> of(UUID userId, Environment environment, Period period) {
    var rows =
        database
            .sql(STATEMENT)
            .param("user", userId)
            .param("environment", environment.wire())
            .param("period", period.name())
            .query(
                (row, index) ->
                    new Row(
                        row.getString("kind"),
                        row.getString("operation"),
                        row.getString("key_id"),
                        row.getLong("jobs"),
                        row.getLong("units")))
            .list();
    var lines = rows.stream().filter(row -> row.kind().equals("line")).toList();
    var charged =
        rows.stream().filter(row -> row.kind().equals("charged")).findFirst().orElseThrow();
    var quota = rows.stream().filter(row -> row.kind().equals("quota")).findFirst();
    if (quota.isEmpty() && charged.jobs() == 0) {
      return Optional.empty();
    }
    var used = quota.map(Row::units).orElse(0L);
    var held = rows.stream().filter(row -> row.kind().equals("held")).mapToLong(Row::units).sum();
    var known = names.of(userId);
    return Optional.of(
        new Statement(
            environment,
            period.name(),
            !period.end().isAfter(clock.instant()) && held == 0,
            quota.map(Row::jobs).orElse(0L),
            charged.jobs(),
            charged.units(),
            used,
            held,
            charged.units() == used
                && lines.stream().mapToLong(Row::units).sum() == used
                && lines.stream().mapToLong(Row::jobs).sum() == charged.jobs(),
            price.of(environment.wire(), charged.units()),
            grouped(lines, Row::operation, environment, known),
            grouped(lines, Row::keyId, environment, known)));
  }

  /**
   * Returns charges, the newest first: one more than a page if there is a next page.
   *
   * @param before the job id of the last charge on the previous page; null for the first page
   */
  List<Charge> charges(
      UUID userId,
      Environment environment,
      Period period,
      @Nullable String operation,
      @Nullable String key,
      @Nullable UUID before) {
    var known = names.of(userId);
    return database
        .sql(CHARGES)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("period", period.name())
        .param("operation", operation)
        .param("key", key)
        .param("before", before)
        .param("limit", PAGE + 1)
        .query((row, index) -> charge(row, known))
        .list();
  }

  public Optional<Charge> charge(UUID userId, Environment environment, UUID jobId) {
    var known = names.of(userId);
    return database
        .sql(CHARGE)
        .param("user", userId)
        .param("environment", environment.wire())
        .param("job", jobId)
        .query((row, index) -> charge(row, known))
        .optional();
  }

  private List<Statement.StatementLine> grouped(
      List<Row> lines,
      Function<Row, String> id,
      Environment environment,
      Map<String, String> known) {
    return lines.stream().collect(Collectors.groupingBy(id)).entrySet().stream()
        .map(
            entry ->
                line(
                    environment,
                    entry.getKey(),
                    KeyNames.label(known, entry.getKey()),
                    entry.getValue().stream().mapToLong(Row::jobs).sum(),
                    entry.getValue().stream().mapToLong(Row::units).sum()))
        .sorted(
            Comparator.comparingLong(Statement.StatementLine::units)
                .reversed()
                .thenComparing(Statement.StatementLine::id))
        .toList();
  }

  private Statement.StatementLine line(
      Environment environment, String id, String name, long jobs, long units) {
    var each =
        java.math.BigDecimal.valueOf(units)
            .divide(java.math.BigDecimal.valueOf(jobs), 2, java.math.RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
    return new Statement.StatementLine(
        id, name, jobs, each, units, price.of(environment.wire(), units));
  }

  private static Charge charge(java.sql.ResultSet row, Map<String, String> names)
      throws java.sql.SQLException {
    var origin = row.getString("origin_key_id");
    var keyId = origin == null ? row.getString("key_id") : origin;
    return new Charge(
        row.getObject("job_id", UUID.class),
        Environment.of(row.getString("environment")),
        row.getString("period"),
        row.getString("operation"),
        row.getInt("operation_version"),
        keyId,
        KeyNames.label(names, keyId),
        row.getLong("units"),
        row.getString("outcome"),
        row.getObject("held", Long.class),
        row.getString("actor"),
        Timestamps.instant(row, "created_at"));
  }
}
