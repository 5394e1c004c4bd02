package dev.behalf.web.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupingTest {

  private static final HourlyUsage.Hour HOUR =
      new HourlyUsage.Hour(Instant.EPOCH, "embed", "k12345678901", "failed", 3, 70);

  @ParameterizedTest
  @CsvSource({
    "operation, OPERATION",
    "key, KEY",
    "state, STATE",
    "day, DAY",
    "KEY, OPERATION",
    "colour, OPERATION",
    "'', OPERATION",
    ", OPERATION"
  })
  void an_unknown_word_groups_by_operation(@Nullable String word, Grouping expected) {
    assertThat(Grouping.of(word)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "OPERATION, embed, 'op:embed ', 70",
    "KEY, k12345678901, 'key:k12345678901 ', 70",
    "STATE, failed, 'state:failed ', 3",
    "DAY, all, '', 70"
  })
  void states_count_jobs_and_all_else_units(Grouping by, String group, String query, long amount) {
    assertThat(by.group(HOUR)).isEqualTo(group);
    assertThat(by.query(group)).isEqualTo(query);
    assertThat(by.amount(HOUR)).isEqualTo(amount);
  }
}
