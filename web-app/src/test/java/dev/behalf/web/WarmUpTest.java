package dev.behalf.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.start.WarmUp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class WarmUpTest extends WebAppTest {

  private static final String ROWS =
      "select (select count(*) from accounts.spring_session) + (select count(*) from jobs.jobs)"
          + " + (select count(*) from accounts.used_nonces)";

  @Autowired private List<WarmUp> parts;

  @Test
  void each_part_runs_and_stores_nothing() throws Exception {
    var rows = number(ROWS);

    for (var part : parts) {
      part.warmUp();
    }

    assertThat(parts).hasSizeGreaterThanOrEqualTo(10);
    assertThat(number(ROWS)).isEqualTo(rows);
  }
}
