package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFormTest {

  @ParameterizedTest
  @CsvSource({
    "shout, Shout, false",
    "shout-slowly, Shout slowly, false",
    "shout-slowly, Shout-Slowly, false",
    "classify, Classify text, true",
    "shout, 大声喊, true"
  })
  void an_operation_has_a_title_if_it_says_more_than_the_name(
      String name, String title, boolean expected) {
    assertThat(new JobForm.Choice(name, title, "").isTitled()).isEqualTo(expected);
  }
}
