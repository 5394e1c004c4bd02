package dev.behalf.web.billing.statements;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.web.site.export.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A month's statement.
 *
 * @param complete whether nothing can be added: the month is over, and nothing is held for it
 * @param charged the sum of the ledger entries, in units
 * @param used the units counted by the quota
 * @param held the units held for jobs under way that count for this month
 * @param agree whether {@code charged}, {@code used} and the sums of the lines are equal
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Statement(
    Environment environment,
    String period,
    boolean complete,
    long limit,
    long jobs,
    long charged,
    long used,
    long held,
    boolean agree,
    @Nullable String amount,
    List<StatementLine> operations,
    List<StatementLine> keys) {

  /**
   * The sum of the charges that share an operation or a key.
   *
   * @param unitsPerJob the average, rounded to two decimals
   * @param amount the amount of money; absent without a price
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StatementLine(
      String id, String name, long jobs, String unitsPerJob, long units, @Nullable String amount) {}

  @JsonIgnore
  Table table() {
    var rows = new ArrayList<List<Object>>();
    operations.forEach(line -> rows.add(row("operation", line)));
    keys.forEach(line -> rows.add(row("key", line)));
    rows.add(List.of("total", "", "", jobs, "", charged, Objects.requireNonNullElse(amount, "")));
    return new Table(
        List.of("line", "id", "name", "jobs", "units_per_job", "units", "amount"), rows);
  }

  private static List<Object> row(String kind, StatementLine line) {
    return List.of(
        kind,
        line.id(),
        line.name(),
        line.jobs(),
        line.unitsPerJob(),
        line.units(),
        Objects.requireNonNullElse(line.amount(), ""));
  }
}
