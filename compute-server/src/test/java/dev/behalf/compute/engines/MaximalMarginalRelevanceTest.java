package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaximalMarginalRelevanceTest {

  private static final float[] TOPIC = at(0);

  @Test
  void the_candidate_nearest_to_the_topic_is_picked_first() {
    assertThat(pick(1, at(60), at(10), at(-30))).containsExactly(1);
  }

  @Test
  void a_copy_of_a_picked_candidate_comes_after_one_that_is_less_near_but_different() {
    assertThat(pick(3, at(30), at(30), at(-32))).containsExactly(0, 2, 1);
  }

  @Test
  void a_candidate_that_has_nothing_to_do_with_the_topic_is_not_picked_for_being_different() {
    assertThat(pick(2, at(10), at(20), at(170))).containsExactly(0, 1);
  }

  @Test
  void the_first_of_equal_candidates_is_picked() {
    assertThat(pick(1, at(20), at(20), at(20))).containsExactly(0);
  }

  @Test
  void all_candidates_are_picked_if_more_are_asked_for() {
    assertThat(pick(9, at(50), at(0), at(100))).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void nothing_is_picked_if_there_is_nothing_or_nothing_is_asked_for() {
    assertThat(pick(5)).isEmpty();
    assertThat(pick(0, at(1))).isEmpty();
  }

  @Test
  void candidates_far_from_the_topic_are_picked_if_there_are_no_others() {
    assertThat(pick(2, at(170), at(180))).containsExactly(0, 1);
  }

  @Test
  void vectors_that_are_no_numbers_are_picked_once_each() {
    float[] broken = {Float.NaN, Float.NaN};

    assertThat(pick(3, broken, at(0), broken)).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void a_longer_choice_begins_with_the_shorter_one() {
    for (long seed = 0; seed < 30; seed++) {
      var random = new Random(seed);
      var topic = VectorsTest.unit(random);
      var candidates =
          IntStream.rangeClosed(0, random.nextInt(30))
              .mapToObj(i -> VectorsTest.unit(random))
              .toList();

      var all = MaximalMarginalRelevance.pick(topic, candidates, candidates.size());

      assertThat(all)
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, candidates.size()).boxed().toList());
      for (int count = 0; count < all.size(); count++) {
        assertThat(MaximalMarginalRelevance.pick(topic, candidates, count))
            .as("seed %d, count %d", seed, count)
            .isEqualTo(all.subList(0, count));
      }
    }
  }

  private static List<Integer> pick(int count, float[]... candidates) {
    return MaximalMarginalRelevance.pick(TOPIC, List.of(candidates), count);
  }

  /** Returns the vector of length 1 at an angle to the topic, in degrees. */
  private static float[] at(int degrees) {
    var angle = Math.toRadians(degrees);
    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
  }
}
