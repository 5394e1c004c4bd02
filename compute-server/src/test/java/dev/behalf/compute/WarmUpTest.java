package dev.behalf.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.start.WarmUp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class WarmUpTest extends ComputeTest {

  private static final String ROWS =
      "select (select count(*) from compute.results) + (select count(*) from compute.quota)"
          + " + (select count(*) from compute.ledger)";

  @Autowired private List<WarmUp> parts;

  @Test
  void each_part_runs_and_stores_nothing() throws Exception {
    var rows = number(ROWS);

    for (var part : parts) {
      part.warmUp();
    }

    assertThat(parts).hasSizeGreaterThanOrEqualTo(5);
    assertThat(number(ROWS)).isEqualTo(rows);
  }
}
