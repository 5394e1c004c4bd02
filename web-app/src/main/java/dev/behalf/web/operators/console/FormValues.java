package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.Arrays;

/** What a form of these pages holds. */
final class FormValues {

  private FormValues() {}

  static Environment environment(String wire) {
    return Arrays.stream(Environment.values())
        .filter(environment -> environment.wire().equals(wire))
        .findFirst()
        .orElseThrow(Problem::notFound);
  }

  static Problem fault(String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence);
  }
}
