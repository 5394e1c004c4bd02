package dev.behalf.compute.engines;

import java.util.List;

/** Arithmetic on vectors of length 1. */
final class Vectors {

  private Vectors() {}

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Returns the mean direction of the vectors, as a vector of length 1. */
  static float[] mean(List<float[]> vectors) {
    var mean = new float[vectors.getFirst().length];
    for (var vector : vectors) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += vector[i];
      }
    }
    var length = Math.sqrt(dot(mean, mean));
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (mean[i] / Math.max(length, 1e-12));
    }
    return mean;
  }

  /** Rounds to four decimals, which is the precision of a quantised model. */
  static double round(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
