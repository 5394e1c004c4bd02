package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorsTest {

  private static final float[] EAST = {1, 0};
  private static final float[] NORTH = {0, 1};
  private static final float[] WEST = {-1, 0};

  @Test
  void the_product_is_1_for_equal_0_for_unrelated_and_minus_1_for_opposite_directions() {
    assertThat(Vectors.dot(EAST, EAST)).isEqualTo(1);
    assertThat(Vectors.dot(EAST, NORTH)).isZero();
    assertThat(Vectors.dot(EAST, WEST)).isEqualTo(-1);
  }

  @Test
  void the_mean_of_one_vector_is_the_vector() {
    assertThat(Vectors.mean(List.of(NORTH))).containsExactly(0, 1);
  }

  @Test
  void the_mean_lies_between_and_keeps_length_1() {
    assertThat(Vectors.mean(List.of(EAST, NORTH)))
        .containsExactly(new float[] {0.70711f, 0.70711f}, within(1e-5f));
  }

  @Test
  void a_vector_that_occurs_more_often_draws_the_mean_to_itself() {
    var mean = Vectors.mean(List.of(EAST, EAST, NORTH));

    assertThat(Vectors.dot(mean, EAST)).isGreaterThan(Vectors.dot(mean, NORTH));
  }

  @Test
  void opposite_vectors_have_a_mean_without_direction_and_not_one_that_is_no_number() {
    assertThat(Vectors.mean(List.of(EAST, WEST))).containsExactly(0, 0);
  }

  @Test
  void the_mean_has_length_1_and_leaves_its_vectors_as_they_were() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var vectors =
          IntStream.rangeClosed(0, random.nextInt(20)).mapToObj(i -> unit(random)).toList();
      var before = vectors.stream().map(float[]::clone).toList();

      var mean = Vectors.mean(vectors);

      assertThat(Vectors.dot(mean, mean)).as("seed %d", seed).isCloseTo(1, within(1e-5));
      assertThat(vectors).as("seed %d", seed).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.12344, 0.1234",
    "0.12346, 0.1235",
    "-0.12344, -0.1234",
    "-0.12346, -0.1235",
    "1.0000001, 1.0",
    "0.99996, 1.0",
    "0.00004, 0.0",
    "-0.00004, 0.0",
  })
  void a_score_has_four_decimals_and_zero_no_sign(double score, String rounded) {
    assertThat(String.valueOf(Vectors.round(score))).isEqualTo(rounded);
  }

  /** Returns a random vector of length 1. */
  static float[] unit(Random random) {
    var vector = new float[8];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Vectors.mean(List.of(vector));
  }
}
