package dev.behalf.compute.engines;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.HuggingFaceTokenCountEstimator;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.springframework.stereotype.Component;

/** all-MiniLM-L6-v2, quantised: meaning as a vector of length 1, in 384 dimensions. */
@Component
class SentenceModel {

  private final AllMiniLmL6V2QuantizedEmbeddingModel model =
      new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
  private final HuggingFaceTokenCountEstimator tokens = new HuggingFaceTokenCountEstimator();

  float[] embed(String text) {
    return embed(List.of(text)).getFirst();
  }

  /**
   * One after the other, and no more when nobody waits for them.
   *
   * @throws CancellationException where the thread was interrupted
   */
  List<float[]> embed(List<String> texts) {
    var vectors = new ArrayList<float[]>(texts.size());
    for (var text : texts) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("The time is up.");
      }
      vectors.add(model.embed(TextSegment.from(text)).content().vector());
    }
    return vectors;
  }

  /** The model's tokens in a text: what is charged. */
  int tokens(String text) {
    return tokens.estimateTokenCountInText(text);
  }
}
