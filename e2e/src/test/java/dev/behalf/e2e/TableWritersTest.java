package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A table has one writer: a package of the main code. Others ask it, or read. Where a second one
 * writes all the same, it stands here with its reason.
 */
class TableWritersTest {

  private static final Path HOME = Path.of(System.getProperty("behalf.home", ".."));

  private static final Pattern WRITE =
      Pattern.compile(
          "\\b(?:insert\\s+into|update|delete\\s+from)\\s+((?:accounts|jobs|compute|webhooks|ops)\\.[a-z_]+)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ENTITY =
      Pattern.compile("@Table\\(schema = \"(\\w+)\", name = \"(\\w+)\"\\)");

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package dev\\.behalf\\.([\\w.]+);");
  private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*(\\*|//|/\\*).*$");

  /** Commands that work on the database itself, with the owner's login, while nothing else runs. */
  private static final Set<String> COMMANDS = Set.of("standalone", "database");

  private static final Map<String, Set<String>> EXCEPTIONS =
      Map.of(
          // A job is moved where it stands: asked for and cancelled in jobs, sent by the
          // dispatcher,
          // settled by what workers say. Each move names both states, under the row's lock.
          "jobs.jobs", Set.of("web.work.jobs", "web.work.dispatch", "web.work.outcomes"),
          // The columns of what a person has chosen for the look of pages, which no entity maps.
          "accounts.users", Set.of("web.identity.accounts", "web.site.preferences"),
          // The limit of a month is set in web-app; what is used, by compute-server alone. The
          // grants of the two roles part the columns.
          "compute.quota", Set.of("compute.quota", "web.identity.accounts"));

  @Test
  void a_table_has_one_writer() throws IOException {
    var writers = writers();

    for (var table : writers.entrySet()) {
      var packages = new TreeSet<>(table.getValue());
      packages.removeAll(COMMANDS);
      var allowed = EXCEPTIONS.get(table.getKey());
      if (allowed == null) {
        assertThat(packages).as("writers of " + table.getKey()).hasSizeLessThanOrEqualTo(1);
      } else {
        assertThat(packages)
            .as("writers of " + table.getKey())
            .containsExactlyInAnyOrderElementsOf(allowed);
      }
    }
    // Otherwise it would look in the wrong place.
    assertThat(writers.keySet())
        .contains(
            "jobs.jobs", "accounts.users", "accounts.api_keys", "compute.ledger", "ops.workers")
        .hasSizeGreaterThan(35);
  }

  private static Map<String, Set<String>> writers() throws IOException {
    var writers = new TreeMap<String, Set<String>>();
    for (var file : sources()) {
      var text = COMMENT.matcher(Files.readString(file)).replaceAll("");
      var name = PACKAGE.matcher(text);
      if (!name.find()) {
        continue;
      }
      WRITE
          .matcher(text)
          .results()
          .forEach(
              found ->
                  add(writers, found.group(1).toLowerCase(java.util.Locale.ROOT), name.group(1)));
      ENTITY
          .matcher(text)
          .results()
          .forEach(found -> add(writers, found.group(1) + "." + found.group(2), name.group(1)));
    }
    return writers;
  }

  private static void add(Map<String, Set<String>> writers, String table, String by) {
    writers.computeIfAbsent(table, any -> new TreeSet<>()).add(by);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(HOME)) {
      return all.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> path.toString().contains("/src/main/java/"))
          .filter(path -> !path.toString().matches(".*/(bench|testkit)/.*"))
          .toList();
    }
  }
}
