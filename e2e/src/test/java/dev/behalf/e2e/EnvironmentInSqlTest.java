package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Promise 7, over all SQL of the main code: where two tables with both environments meet, they meet
 * in one of them.
 */
class EnvironmentInSqlTest {

  private static final Path HOME = Path.of(System.getProperty("behalf.home", ".."));

  /** They hold a row for each job, of both environments. */
  private static final Pattern TABLE =
      Pattern.compile(
          "\\b(?:from|join|update)\\s+(jobs\\.jobs|compute\\.(?:results|ledger|cancellations))\\b");

  private static final Pattern TEXT = Pattern.compile("\"\"\"(.*?)\"\"\"", Pattern.DOTALL);

  /** They meet in the environment of the row. */
  private static final Pattern SAME =
      Pattern.compile(
          "\\benvironment = \\w+\\.environment\\b|using \\([^)]*\\benvironment\\b[^)]*\\)");

  /** Or each is looked at in the one that is asked for. */
  private static final Pattern ASKED = Pattern.compile("\\benvironment = :environment\\b");

  @Test
  void tables_with_both_environments_meet_in_one() throws IOException {
    var faults = new ArrayList<String>();
    var looked = 0;
    for (var file : sources()) {
      for (var sql : texts(file)) {
        var tables = TABLE.matcher(sql).results().map(found -> found.group(1)).distinct().count();
        if (tables > 1) {
          looked++;
          if (count(SAME, sql) < tables - 1 && count(ASKED, sql) < tables) {
            faults.add(HOME.relativize(file) + ":" + sql);
          }
        }
      }
    }

    assertThat(faults).isEmpty();
    // Otherwise it would look in the wrong place.
    assertThat(looked).isGreaterThan(8);
  }

  private static long count(Pattern pattern, String sql) {
    return pattern.matcher(sql).results().count();
  }

  private static List<String> texts(Path file) throws IOException {
    return TEXT.matcher(Files.readString(file)).results().map(match -> match.group(1)).toList();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(HOME)) {
      return all.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> path.toString().contains("/src/main/java/"))
          .filter(path -> !path.toString().contains("/bench/"))
          .toList();
    }
  }
}
