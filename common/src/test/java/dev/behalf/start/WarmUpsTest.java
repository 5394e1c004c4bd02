package dev.behalf.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WarmUpsTest {

  @Test
  void a_part_that_fails_keeps_no_other_from_running() throws Exception {
    var ran = new ArrayList<String>();

    WarmUps.run(
        List.of(
            () -> ran.add("first"),
            () -> {
              throw new NoClassDefFoundError("not there");
            },
            () -> ran.add("last")));

    assertThat(ran).containsExactly("first", "last");
  }

  @Test
  void a_part_that_hangs_does_not_stop_the_start() throws Exception {
    var released = new CountDownLatch(1);

    WarmUps.run(List.of(released::await));

    released.countDown();
  }
}
