package dev.behalf.web.work.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.JobState;
import dev.behalf.web.work.events.JobChanges;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentEventsTest {

  private static final UUID ADA = UUID.randomUUID();
  private static final UUID BOB = UUID.randomUUID();

  private final RecentEvents recent = new RecentEvents(3);

  @Test
  void who_has_heard_all_of_it_has_missed_nothing() {
    var start = recent.last();
    assertThat(recent.since(start, ADA)).hasValueSatisfying(missed -> assertThat(missed).isEmpty());

    var one = add(ADA);
    assertThat(recent.last()).isEqualTo(one.id());
    assertThat(recent.since(one.id(), ADA))
        .hasValueSatisfying(missed -> assertThat(missed).isEmpty());
  }

  @Test
  void what_came_since_is_told_in_its_order_and_only_what_is_ones_own() {
    var start = recent.last();
    var one = add(ADA);
    add(BOB);
    var three = add(ADA);

    assertThat(recent.since(start, ADA).orElseThrow()).containsExactly(one, three);
    assertThat(recent.since(one.id(), ADA).orElseThrow()).containsExactly(three);
  }

  @Test
  void what_is_kept_no_more_is_not_known() {
    var start = recent.last();
    var one = add(ADA);
    var two = add(ADA);
    add(ADA);
    var four = add(ADA);

    assertThat(recent.since(start, ADA)).isEmpty();
    assertThat(recent.since(one.id(), ADA).orElseThrow()).startsWith(two).endsWith(four);
    assertThat(recent.since("", ADA)).isEmpty();
    assertThat(recent.since("nonsense", ADA)).isEmpty();
  }

  @Test
  void after_a_gap_of_the_server_itself_nobody_goes_on_from_before_it() {
    var start = recent.last();
    var one = add(ADA);

    recent.forget();

    assertThat(recent.since(start, ADA)).isEmpty();
    assertThat(recent.since(one.id(), ADA)).isEmpty();
    assertThat(recent.since(recent.last(), ADA)).isPresent();
  }

  private LiveEvent add(UUID userId) {
    var change = new JobChanges.Change(userId, UUID.randomUUID(), JobState.SUCCEEDED);
    var event = new LiveEvent(UUID.randomUUID() + ".0", change);
    recent.add(event);
    return event;
  }
}
