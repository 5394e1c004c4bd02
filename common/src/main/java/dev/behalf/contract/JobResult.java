package dev.behalf.contract;

import java.util.List;

/** What the operations answer, one shape for each. Scores and similarities are -1 to 1. */
public sealed interface JobResult {

  /**
   * Of {@code echo}.
   *
   * @param text as it was sent
   */
  record EchoResult(String text) implements JobResult {}

  /**
   * Of {@code embed}.
   *
   * @param embedding 384 numbers, as a vector of length 1
   */
  record EmbedResult(float[] embedding) implements JobResult {}

  /**
   * Of {@code classify}.
   *
   * @param label the nearest one
   * @param scores of all labels, the nearest first
   */
  record ClassifyResult(String label, List<Score> scores) implements JobResult {}

  record Score(String label, double score) {}

  /**
   * Of {@code keywords}.
   *
   * @param keywords words and pairs of words, the best first
   */
  record KeywordsResult(List<Keyword> keywords) implements JobResult {}

  record Keyword(String text, double score) {}

  /**
   * Of {@code summarize}.
   *
   * @param summary the sentences in one text
   * @param sentences of the input, in their order
   */
  record SummarizeResult(String summary, List<String> sentences) implements JobResult {}

  /** Of {@code similarity}. */
  record SimilarityResult(double similarity) implements JobResult {}
}
