package dev.behalf.web.work.operations;

import dev.behalf.contract.JobPayload;
import dev.behalf.operation.Tokens;
import dev.behalf.server.operations.OperationCatalogue;
import org.springframework.stereotype.Component;

/**
 * Estimates how many units a job will cost. A price by characters or bytes is exact; the tokens of
 * a model are estimated, because only compute-server has its vocabulary.
 */
@Component
public class Estimate {

  private final OperationCatalogue catalogue;

  Estimate(OperationCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Returns the estimate for a payload, or 0 if its operation is not in use any more. */
  public long units(JobPayload payload) {
    return catalogue
        .current(payload.operation())
        .map(operation -> operation.definition().units(payload.input(), Tokens::likely))
        .orElse(0L);
  }

  /** Returns whether the estimate is the most that a job can cost, rather than what it will. */
  public boolean isMetered(JobPayload payload) {
    return catalogue
        .current(payload.operation())
        .map(operation -> operation.definition().units().isMetered())
        .orElse(false);
  }
}
