package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.Arrays;

/** Parses the values of the console's forms. */
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
