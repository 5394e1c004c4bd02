package dev.behalf.compute.engines;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.HuggingFaceTokenCountEstimator;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.List;
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

  List<float[]> embed(List<String> texts) {
    return model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
        .map(embedding -> embedding.vector())
        .toList();
  }

  /** The model's tokens in a text: what is charged. */
  int tokens(String text) {
    return tokens.estimateTokenCountInText(text);
  }
}
