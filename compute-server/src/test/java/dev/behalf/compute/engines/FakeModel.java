package dev.behalf.compute.engines;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with vectors that a test sets, and one token for each UTF-16 unit. A text without a
 * vector means something of its own, unlike any other text.
 */
final class FakeModel extends SentenceModel {

  private static final int DIMENSIONS = 256;

  private final Map<String, float[]> vectors = new HashMap<>();
  private final List<String> read = new ArrayList<>();

  /** Sets the vector of a text in the first two dimensions, which no other text uses. */
  FakeModel means(String text, double x, double y) {
    var vector = new float[DIMENSIONS];
    vector[0] = (float) x;
    vector[1] = (float) y;
    vectors.put(text, vector);
    return this;
  }

  /** Returns the texts for which vectors were computed, in order. */
  List<String> read() {
    return read;
  }

  @Override
  List<float[]> embed(List<String> texts) {
    read.addAll(texts);
    return texts.stream().map(text -> vectors.computeIfAbsent(text, this::ownVector)).toList();
  }

  private float[] ownVector(String text) {
    var vector = new float[DIMENSIONS];
    vector[2 + vectors.size() % (DIMENSIONS - 2)] = 1;
    return vector;
  }

  @Override
  int tokens(String text) {
    return text.length();
  }
}
