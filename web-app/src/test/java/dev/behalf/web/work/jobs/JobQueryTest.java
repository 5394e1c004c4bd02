package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.server.problem.Problem;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobQueryTest {

  /** Finds the last job that is searched. */
  private static final String MOST_SEARCHED = "offset " + (JobQuery.MOST_SEARCHED - 1);

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void nothing_is_everything() {
    assertThat(JobQuery.parse("  ", NOW).sql(null)).isEmpty();
  }

  @Test
  void all_words_must_fit() {
    var query = JobQuery.parse("state:queued op:classify", NOW);

    assertThat(query.sql(null))
        .contains("j.state in ('queued')")
        .contains(" and j.operation = :op0");
    assertThat(query.parameters()).containsEntry("op0", "classify");
  }

  @Test
  void a_value_with_spaces_stands_in_quotes_and_never_in_the_statement() {
    var query = JobQuery.parse("code:\"x' or 1=1 --\"", NOW);

    assertThat(query.sql(null)).doesNotContain("1=1");
    assertThat(query.parameters()).containsValue("x' or 1=1 --");
  }

  @Test
  void ago_becomes_a_time_that_means_the_same_later() {
    assertThat(JobQuery.parse("state:failed since:2h", NOW).fixed(NOW).text())
        .isEqualTo("state:failed since:2026-11-24T08:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state:broken",
        "sort:price",
        "op:Guess",
        "since:yesterday",
        "since:2026-13-40",
        "id:7",
        "colour:blue"
      })
  void what_is_not_understood_is_named(String text) {
    var word = text.substring(text.indexOf(':') + 1);

    assertThatThrownBy(() -> JobQuery.parse("op:echo " + text, NOW))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.field()).isEqualTo("q");
              assertThat(problem.detail())
                  .contains(
                      text.startsWith("colour")
                          ? "colour"
                          : text.startsWith("sort") ? "sort" : word);
            });
  }

  @Test
  void a_long_one_is_refused() {
    assertThatThrownBy(() -> JobQuery.parse("op:echo ".repeat(100), NOW))
        .isInstanceOf(Problem.class);
  }

  @Test
  void a_word_is_searched_as_it_is_written_and_never_in_the_statement() {
    var query = JobQuery.parse("50%_off\\ \"two words\"", NOW);

    assertThat(query.sql(null)).doesNotContain("50%").contains(MOST_SEARCHED);
    assertThat(query.parameters()).containsValue("%50\\%\\_off\\\\%").containsValue("%two words%");
  }

  @Test
  void a_search_that_is_kept_finds_no_later_jobs() {
    assertThat(JobQuery.parse("refund", NOW).fixed(NOW).text())
        .isEqualTo("refund until:2026-11-24T10:00:00.001Z");
  }

  @Test
  void words_are_bounded_since_each_costs_a_scan() {
    assertThatThrownBy(() -> JobQuery.parse("a b c d e f", NOW)).isInstanceOf(Problem.class);
  }

  @Test
  void an_id_is_found_by_the_part_that_lists_show() {
    assertThat(JobQuery.parse("id:87478c69", NOW).sql(null))
        .contains("right(j.id::text, 8) = :short_id0")
        .contains(MOST_SEARCHED);
  }

  @Test
  void a_filter_is_removed_or_replaced_in_the_query_of_a_chip() {
    var filters = Filters.of(JobQuery.parse("refund state:failed since:1h", NOW));

    assertThat(filters.chips())
        .extracting(Filters.Chip::without)
        .containsExactly("state:failed since:1h", "refund since:1h", "refund state:failed");
    assertThat(filters.with("since", "7d")).isEqualTo("refund state:failed since:7d");
    assertThat(filters.with("since", "")).isEqualTo("refund state:failed");
  }
}
