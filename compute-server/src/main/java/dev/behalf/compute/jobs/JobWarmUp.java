package dev.behalf.compute.jobs;

import dev.behalf.compute.charges.SavedResult;
import dev.behalf.compute.engines.Engines;
import dev.behalf.compute.engines.Task;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.apikeys.KeyHolder;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.problem.Problem;
import dev.behalf.start.WarmUp;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Computes an example of an operation that needs no slot, for a user who does not exist: the charge
 * is refused, so nothing is stored.
 */
@Component
class JobWarmUp implements WarmUp {

  private final OperationCatalogue operations;
  private final Engines engines;
  private final Tasks tasks;
  private final ComputeJobs jobs;

  JobWarmUp(OperationCatalogue operations, Engines engines, Tasks tasks, ComputeJobs jobs) {
    this.operations = operations;
    this.engines = engines;
    this.tasks = tasks;
    this.jobs = jobs;
  }

  @Override
  public void warmUp() {
    StrictJson.write(new SavedResult(UUID.randomUUID(), "{}", 1, false));
    operations.all().stream()
        .filter(operation -> operation.definition().permission() == null)
        .flatMap(
            operation ->
                operation.definition().examples().stream()
                    .map(example -> new Task(operation, true, example.input())))
        .filter(engines::isQuick)
        .findFirst()
        .ifPresent(this::compute);
  }

  private void compute(Task example) {
    var nobody =
        new KeyHolder(UUID.randomUUID(), Environment.LIVE, "", Set.of(), false, null, null);
    var sent =
        new ComputeRequest(UUID.randomUUID(), JobPayload.of(example.name(), example.input()));
    var request = StrictJson.read(StrictJson.write(sent), ComputeRequest.class);
    var payload = request.checkedPayload();
    var task = tasks.of(nobody.userId(), payload, example.operation().version());
    try {
      jobs.answer(
          nobody, request.checkedId(), payload, task, new ComputeJobs.Call(null, 1, null, null));
    } catch (Problem refused) {
      if (refused.code() != ProblemCode.KEY_INVALID) {
        throw refused;
      }
    }
  }
}
