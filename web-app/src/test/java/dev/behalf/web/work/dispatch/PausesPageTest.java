package dev.behalf.web.work.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who pauses jobs sees it where the jobs are, and so do those whose jobs an operator has paused.
 */
class PausesPageTest extends WebAppTest {

  private static final String OWN = "You paused your jobs";
  private static final String OPERATORS = "An operator paused your jobs";

  private Person ada;

  @BeforeEach
  void signUpAda() throws Exception {
    ada = signUp();
  }

  @AfterEach
  void resumeAll() {
    sql("delete from jobs.pauses");
  }

  @Test
  void own_jobs_are_paused_and_resumed_where_they_are_listed() throws Exception {
    assertThat(ada.page("/jobs").body()).contains("Pause my jobs").doesNotContain(OWN);

    ada.form("/jobs/pauses", Map.of());

    assertThat(ada.page("/jobs").body())
        .contains(OWN, "Resume my jobs")
        .doesNotContain("Pause my jobs");
    assertThat(signUp().page("/jobs").body()).as("of somebody else").doesNotContain(OWN);
    assertThat(ada.page("/test/jobs").body()).as("of the other environment").doesNotContain(OWN);

    ada.form("/jobs/pauses/end", Map.of());

    assertThat(ada.page("/jobs").body()).doesNotContain(OWN);
  }

  @Test
  void an_operators_pause_is_shown_and_cannot_be_ended_by_the_user() throws Exception {
    sql("insert into jobs.pauses values ('live', '%s', now(), 'operator')".formatted(userId(ada)));

    ada.form("/jobs/pauses/end", Map.of());

    assertThat(ada.page("/jobs").body())
        .contains(OPERATORS, "Pause my jobs")
        .doesNotContain("Resume my jobs");
    sql("update jobs.pauses set user_id = null");
    assertThat(ada.page("/jobs").body()).as("of the whole queue").contains(OPERATORS);
  }
}
