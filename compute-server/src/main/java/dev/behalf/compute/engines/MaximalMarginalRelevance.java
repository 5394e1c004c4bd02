package dev.behalf.compute.engines;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): picks candidates that are near
 * the topic and far from those already picked.
 */
final class MaximalMarginalRelevance {

  private static final double RELEVANCE = 0.7;

  private MaximalMarginalRelevance() {}

  /** Returns the indexes of the picked candidates, best first. */
  static List<Integer> pick(float[] topic, List<float[]> candidates, int count) {
    var left = new ArrayList<>(IntStream.range(0, candidates.size()).boxed().toList());
    var picked = new ArrayList<Integer>();
    while (picked.size() < count && !left.isEmpty()) {
      Integer best = left.getFirst();
      var bestScore = Double.NEGATIVE_INFINITY;
      for (var index : left) {
        var score = score(topic, candidates, index, picked);
        if (score > bestScore) {
          best = index;
          bestScore = score;
        }
      }
      picked.add(best);
      left.remove((Object) best);
    }
    return picked;
  }

  private static double score(
      float[] topic, List<float[]> candidates, int index, List<Integer> picked) {
    var vector = candidates.get(index);
    var repeats =
        picked.stream()
            .mapToDouble(other -> Vectors.dot(vector, candidates.get(other)))
            .max()
            .orElse(0);
    return RELEVANCE * Vectors.dot(topic, vector) - (1 - RELEVANCE) * repeats;
  }
}
